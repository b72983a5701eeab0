"""The nouns of Charley: frozen dataclasses with the unit in each field's name, conversions, and the errors.

Nothing here computes; a class checks its own values and no more.
"""
