"""A training plan as plain values, with its sentences."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from charley.faces.report.plain_values import plain
from charley.faces.report.training import words
from charley.vocabulary.training import TrainingPlan


def render(p: TrainingPlan) -> dict[str, Any]:
    """All that the plan holds."""
    return {
        **{str(key): value for key, value in plain(asdict(p)).items()},
        "text": {
            "title": words.title(p, "metric"),
            "how": words.HOW[p.kind],
            "notes": [words.note(n) for n in p.notes],
            "evidence": [{"text": text, "claim_ids": list(ids)} for text, ids in words.EVIDENCE],
        },
    }
