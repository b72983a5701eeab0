"""The lines that docs/learning.md gives to scientists run as they stand, and the shapes are those that they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_lines_for_scientists_run_and_have_the_shapes_they_say() -> None:
    (lines,) = re.findall(r"```python\n(.*?)```", (DOCS / "learning.md").read_text(), flags=re.DOTALL)
    found: dict[str, Any] = {}
    exec(compile(lines, "docs/learning.md", "exec"), found)
    belief, table, race = found["belief"], found["table"], found["race"]
    draws, k, families = 1000, len(table), len(table.family_names)
    assert belief.z.shape == (draws, belief.layout.dimension)
    assert belief.sensitivities.shape == (draws, k)
    assert belief.level.shape == (draws,)
    ahead, why, moment, best = (found[name] for name in ("ahead", "why", "moment", "best"))
    assert (ahead.chance.shape, ahead.by_time.shape) == ((draws,), (draws, 2))
    assert ahead.rate_per_h.shape == (draws, race.dt_h.size)
    assert (why.family.shape, why.none.shape) == ((draws, families), (draws,))
    assert moment.but_for.shape == (draws, k)
    assert best.risk <= ahead.chance.mean() + 1e-6
    assert best.information_bits >= 0
    assert found["state"].runs == belief.runs == 60
    assert np.isfinite(belief.log_evidence)


def test_the_page_of_calibration_it_points_to_names_every_part() -> None:
    page = (DOCS / "calibration.md").read_text()
    for part in ("1 intervals", "2 long chains", "3 one by one", "4 drivers", "5 forecasts", "6 fewer rows"):
        assert f"| {part} |" in page
    for part in ("7 next run", "9 studies", "roster"):
        assert f"| {part} |" in page
    assert "No real\nlog of cramps has been seen" in page
