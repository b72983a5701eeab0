"""The picture of one simulated person: every label stands in the row that it belongs to, at both widths."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from charley.faces.lab_page.picture import NARROW, ROWS, WIDE, draw
from charley.faces.report.pictures.svg import Box, Drawing
from charley.vocabulary.laboratory import UNITS, LabTrace, Mark

NAMES = ("What was done", "Joint", "Motor units", *(row.name for row in ROWS), "EMG")


def trace(cramp: bool) -> LabTrace:
    """Twelve seconds of a made-up person; the cramp lasts from second 4 to 9."""
    time_s = np.linspace(0.0, 12.0, 600)
    inside = (time_s >= 4) & (time_s < 9) & cramp
    series = {key: np.where(inside, 0.5, 0.1) for key in UNITS} | {"angle_deg": -20 + 5 * np.sin(time_s)}
    marks = (Mark("train", 3.0, 4.0, "30", 30.0),) + ((Mark("cramp", 4.0, 9.0),) if cramp else ())
    spikes = np.linspace(0.1, 11.9, 400)
    units = np.arange(400) % 20
    emg = 0.2 * np.sin(40 * time_s) * (1 + inside)
    return LabTrace("as usual", "person 1", time_s, series, marks, spikes, units, 20, time_s, emg)


def rows_of(picture: Drawing) -> dict[str, tuple[float, float]]:
    """From the top of each row's name to the top of the next one, or to the foot of the picture."""
    names = [box for box in picture.boxes if box.x0 == 0 and box.text in NAMES]
    assert [box.text for box in names] == list(NAMES)
    ends = [*(b.y0 for _, b in pairwise(names)), picture.height]
    return {box.text: (box.y0, end) for box, end in zip(names, ends, strict=True)}


def values(picture: Drawing, boxes: list[Box]) -> dict[str, list[str]]:
    """The labels that lie wholly within each row."""
    rows = rows_of(picture)
    found = {name: [b.text for b in boxes if top <= b.y0 and b.y1 <= end] for name, (top, end) in rows.items()}
    assert sum(map(len, found.values())) == len(boxes), "a label lies across two rows"
    return found


@pytest.mark.parametrize("cramp", [True, False])
def test_at_the_desk_each_value_and_its_words_stand_beside_their_row(cramp: bool) -> None:
    picture = draw(trace(cramp), 1, wide=True)
    found = values(picture, [b for b in picture.boxes if b.x0 == WIDE.value_x])
    for row in ROWS:
        assert len(found[row.name]) == 2, row.name
    assert found["Force"][1] == ("of maximum" if cramp else "at most; no cramp")
    assert found["EMG"] == ([found["EMG"][0], "of a maximal effort"] if cramp else [])
    assert len(found["Motor units"]) == (2 if cramp else 0)
    assert found["Joint"] == []


def test_on_a_phone_each_value_stands_on_the_line_of_its_name() -> None:
    picture = draw(trace(True), 1, wide=False)
    names = {box.text: box for box in picture.boxes if box.x0 == 0 and box.text in NAMES}
    for name in (*(row.name for row in ROWS), "Motor units", "EMG"):
        beside = [b for b in picture.boxes if b.x1 == NARROW.right and abs(b.y0 - names[name].y0) < 4]
        assert len(beside) == 1, name


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("cramp", [True, False])
def test_no_label_leaves_the_picture(cramp: bool, wide: bool) -> None:
    picture = draw(trace(cramp), 1, wide)
    for box in picture.boxes:
        assert -0.5 <= box.x0 < box.x1 <= picture.width + 0.5, box
        assert 0 <= box.y0 < box.y1 <= picture.height, box
