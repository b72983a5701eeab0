"""docs/evidence.md is what the tables make now."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from charley.evidence import claims, contradictions, priors, sources
from charley.evidence.studies import BY_LETTER

ROOT = Path(__file__).resolve().parents[2]


def load_maker():
    spec = importlib.util.spec_from_file_location("make_evidence_doc", ROOT / "scripts" / "make_evidence_doc.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current():
    made = load_maker().page()
    stored = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    assert stored == made, "run: python scripts/make_evidence_doc.py"


def test_the_page_names_every_row():
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    lines = {line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| ")}
    asked = {*claims(), *contradictions(), *(p.id for p in priors().values()), *sources()}
    for tables in BY_LETTER.values():
        for load in tables:
            asked |= set(load()) if load.__name__ != "kept_aside" else set()
    assert asked <= lines
