"""Builds the ear ahead of time: the tables of ``advice/data/hearing/`` and the claims -> ``built/*.json`` beside them.

    .venv/bin/python scripts/make_hearing.py

A test builds them again and compares. Nothing but the tables goes in, so the same tables give the same bytes.
"""

from __future__ import annotations

import json
from pathlib import Path

from charley.advice.hearing.compile import build

FOLDER = Path(__file__).resolve().parents[1] / "src" / "charley" / "advice" / "data" / "hearing" / "built"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, compiled in build().items():
        path = FOLDER / f"{name}.json"
        path.write_text(as_text(compiled), encoding="utf-8")
        print(f"{path.name}: {path.stat().st_size // 1024} KB")


def as_text(compiled: object) -> str:
    """One entry of the outermost object a line, so that a change of one table is a change of few lines."""
    assert isinstance(compiled, dict)
    rows = (
        f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'), ensure_ascii=False)}"
        for key, value in compiled.items()
    )
    return "{" + ",\n".join(rows) + "}\n"


if __name__ == "__main__":
    main()
