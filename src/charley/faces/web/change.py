"""What would change a figure: whose share is in it, what it would be without each cause, what would narrow it."""

from __future__ import annotations

from typing import Any

from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import first_screen
from charley.vocabulary.answer import Why
from charley.vocabulary.estimate import Estimate

MOST = 4
LEAST_SHARE = 0.01  # a cause that moves less is not worth a line


def of(answer: Why, units: str) -> dict[str, Any]:
    """For the chance of an answer: of one run, or of the journal's next hard run."""
    per = fig.denominator(answer)
    told = answer.chance if answer.journal is None else answer.journal.next_hard_run.chance
    chance, studies = told.middle, round(100 * answer.prior_share)
    if answer.journal is not None:
        causes: list[tuple[str, Estimate]] = [(f.label, f.share) for f in answer.journal.families]
    else:
        causes = [(d.label, d.share) for d in answer.drivers]
    largest = sorted((c for c in causes if c[1].middle >= LEAST_SHARE), key=lambda c: -c[1].middle)[:MOST]
    screen = first_screen.build(answer, units)
    return {
        "figure": fig.in_100(told, per),
        "log": 100 - studies,
        "studies": studies,
        "runs": fig.count(answer.n_runs, "run"),
        "cramps": fig.count(answer.n_cramps, "cramp"),
        "what_if": [
            {
                "what": fig.upper_first(label),
                "now": fig.told(chance, per),
                "then": fig.told(chance * (1 - share.middle), per),
                "low": fig.told(chance * (1 - share.high), per),
                "high": fig.told(chance * (1 - share.low), per),
            }
            for label, share in largest
        ],
        "general": fig.in_100(answer.base_rate, per),
        "narrow": screen.tell,
        "sources": len(answer.sources),
    }
