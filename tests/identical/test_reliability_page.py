"""docs/reliability.md is what its script makes of the figures that are kept."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_made_from_its_figures(monkeypatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "scripts"), *sys.path])
    made = import_module("reliability_page")
    figures = made.figures()
    assert (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8") == made.page(figures)
    assert set(figures["fuzz"]) >= {"fit", "tcx", "gpx", "gzip", "zip"}
    assert all(row["inputs"] > 0 for row in figures["fuzz"].values())
