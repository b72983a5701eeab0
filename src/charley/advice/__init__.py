"""What to do: relief and triage, answers, a personal profile, plans. What is said stands in ``data/``, with its source.

``help_me`` and ``ask`` have to answer in a blink without a journal, so nothing here imports numpy at the top.
"""
