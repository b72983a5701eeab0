"""The face for Python: what ``import charley`` offers to a script or a notebook.

Like every face it asks ``charley.api`` and shows what comes back; ``charley/__init__.py`` names its parts.
"""
