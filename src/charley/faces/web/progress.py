"""How far a long answer is, in words."""

from __future__ import annotations

from charley.faces.report.wording import figures as fig
from charley.vocabulary.progress import Progress

_STAGES = {"belief": "All runs read; weighing what you told us", "answer": "Putting the answer together"}


def said(now: Progress) -> str:
    """ "1,280 of 5,000 runs read"."""
    if now.stage == "runs":
        return f"{fig.number(now.done)} of {fig.count(now.of, 'run')} read"
    return _STAGES[now.stage]
