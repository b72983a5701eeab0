"""The journal: runs and what was said of them, in SQLite, with the channels of the runs beside it.

``store`` opens it, ``migrations`` brings it to the newest format; ``runs``, ``other_activities``, ``streams`` and
``answers`` hold what is in it, ``entries`` checks what a runner says, ``importing`` and ``workers`` bring files in,
``backup``, ``export`` and ``maintenance`` look after it. ``trials`` and ``forecasts`` keep what was said beforehand.
See docs/journal.md.
"""
