"""The cramp button of a watch: a developer field of a FIT file whose codes docs/watch-field.md defines.

The field keeps its value while the button counts as pressed, so a press is where the code changes to another than 0.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from charley.activities.timeline import Timeline
from charley.vocabulary.errors import Warned
from charley.vocabulary.run import DeveloperField, Press

NAME, UNIT = "cramp", "cramp-code"
KINDS = {1: "cramp", 2: "twitch", 3: "none"}  # thousands
MUSCLES = (
    None, "calf", "upper_calf", "lower_calf", "hamstring", "quadriceps", "foot", "shin", "hip", "other",
)  # hundreds  # fmt: skip
SIDES = (None, "left", "right", "both")  # tens
MOST_SEVERE = 4  # ones: 0 not said, 1 kept running ... 4 stopped
_MOST_TOLD = 5  # wrong codes that are named


def code_of(kind: str, muscle: str | None = None, side: str | None = None, severity: int | None = None) -> int:
    """The code of a press, as a watch writes it."""
    first = next(number for number, name in KINDS.items() if name == kind)
    return 1000 * first + 100 * MUSCLES.index(muscle) + 10 * SIDES.index(side) + (severity or 0)


def press_of(code: float, at_s: float) -> Press | None:
    """What a code says; None for one that means nothing."""
    if code != round(code) or not 1000 <= code < 4000:
        return None
    thousands, hundreds, tens, ones = (int(code) // of % 10 for of in (1000, 100, 10, 1))
    if thousands not in KINDS or tens >= len(SIDES) or ones > MOST_SEVERE or (thousands == 3 and code != 3000):
        return None
    return Press(at_s, KINDS[thousands], MUSCLES[hundreds], SIDES[tens], ones or None)


def presses(developer: Iterable[DeveloperField], line: Timeline) -> tuple[tuple[Press, ...], tuple[Warned, ...]]:
    """The presses of a recording in order, and what is to be said of codes that mean nothing.

    "None" beside a cramp is left out: the cramp was felt.
    """
    found: list[Press] = []
    wrong: list[str] = []
    for field in developer:
        if (field.name, field.unit) != (NAME, UNIT):
            continue
        codes = np.nan_to_num(field.values[line.rows], nan=0.0)
        at_s = line.time_unix_s - line.time_unix_s[0]
        changed = (codes != 0.0) & (codes != np.concatenate(([0.0], codes[:-1])))
        for row in np.flatnonzero(changed):
            press = press_of(float(codes[row]), float(at_s[row]))
            if press is None:
                wrong.append(f"{codes[row]:g} at {at_s[row] / 60:.0f} min")
            else:
                found.append(press)
    if any(press.kind == "cramp" for press in found):
        found = [press for press in found if press.kind != "none"]
    more = f" and {len(wrong) - _MOST_TOLD} more" if len(wrong) > _MOST_TOLD else ""
    text = f"the cramp button recorded codes that mean nothing: {', '.join(wrong[:_MOST_TOLD])}{more}"
    found.sort(key=lambda press: press.at_s)
    return tuple(found), (Warned("watch-code", text),) if wrong else ()
