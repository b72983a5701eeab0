"""The ear: what people write, heard as warning signs and as questions that the evidence answers.

``hear`` is for danger, ``find`` for questions. Both read two files that ``scripts/make_hearing.py`` builds ahead of the
tables in ``advice/data/hearing/``; neither needs numpy, and each answers in a few milliseconds.
"""

from charley.advice.hearing.ear import Found, Heard, Idea, find, hear, muscle_of
from charley.advice.hearing.find import Candidate

__all__ = ["Candidate", "Found", "Heard", "Idea", "find", "hear", "muscle_of"]
