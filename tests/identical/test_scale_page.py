"""docs/scale.md is what the measurements that were kept make, and they hold what the page says that they do."""

from __future__ import annotations

import json
from pathlib import Path

import measure_cohort

DOCS = Path(__file__).parents[2] / "docs"
ROWS = json.loads((DOCS / "scale.json").read_text(encoding="utf-8"))


def test_the_page_is_made_from_what_was_kept() -> None:
    made = measure_cohort.page(ROWS)
    assert (DOCS / "scale.md").read_text(encoding="utf-8") == made, "run: python scripts/measure_cohort.py"


def test_the_same_runners_have_the_same_digest_with_any_number_of_processes() -> None:
    by_size: dict[int, set[str]] = {}
    for row in ROWS:
        by_size.setdefault(row["runners"], set()).add(row["digest"])
    assert all(len(digests) == 1 for digests in by_size.values())
    assert len(ROWS) > len(by_size)
