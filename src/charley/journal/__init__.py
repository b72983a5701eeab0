"""The journal: runs and what was said of them, in SQLite, with the channels of the runs beside it.

``store`` opens it, ``migrations`` brings it to the newest format; ``runs``, ``others``, ``streams`` and ``answers``
hold what is in it, ``entries`` checks what a runner says, ``importing`` and ``workers`` bring files in, ``backup``,
``export`` and ``upkeep`` look after it. ``desk_part`` is what the desk passes on. See docs/journal.md.
"""
