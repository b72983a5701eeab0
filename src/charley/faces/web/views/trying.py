"""Try: the run that would tell most, and what the latest trial of one change says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from charley.api import history, trials
from charley.api import journal as journals
from charley.faces.cli.meta import meta
from charley.faces.cli.trial import VERDICTS
from charley.faces.report.plain_values import plain
from charley.faces.report.wording import figures as fig
from charley.faces.web import journals as kept
from charley.faces.web.forms import Form, one
from charley.faces.web.pages import Act, Asked, Page, settled
from charley.faces.web.work import Waiting
from charley.vocabulary.errors import CharleyError, UsageError
from charley.vocabulary.over_journal import Proposed, TrialOutcome


@dataclass(frozen=True, slots=True)
class Trying:
    """What a next run could tell, and what the latest trial says; each as far as it is there."""

    proposed: tuple[Proposed, ...]
    outcome: TrialOutcome | Waiting | CharleyError
    runs: int


def ask(asked: Asked) -> Trying:
    """Both are worked out over the whole journal."""
    content = kept.content(asked.journal)
    proposed = asked.work.answer(
        ("propose", content), "Working out which run would tell most", history.propose_runs, asked.journal
    )
    outcome = settled(
        lambda: asked.work.answer(("trial", content), "Counting your trial", trials.result, asked.journal)
    )
    return Trying(proposed, outcome, len(kept.glances(asked.journal)))


def show(trying: Trying, asked: Asked) -> dict[str, Any]:
    """Proposals as a table, and the trial in words."""
    of = fig.of_runs(trying.runs)
    ranked = [p for p in trying.proposed if p.family]
    return {
        "heads": ["Your usual hard run with less of", "would settle", "runs until you know", "cramps", "as usual"],
        "rows": [
            [
                p.label,
                fig.settles(p.expected_information_bits),
                "more than 60" if p.runs_to_tell is None else str(p.runs_to_tell or "no more"),
                fig.told(p.risk, of),
                fig.told(p.usual_risk, of),
            ]
            for p in ranked
        ],
        "of": of,
        "outcome": _outcome(trying.outcome, of) if isinstance(trying.outcome, TrialOutcome) else None,
    }


def _outcome(outcome: TrialOutcome, of: int) -> dict[str, Any]:
    done, per = outcome.done, "of 10" if of == 10 else "in 100"
    d = done.difference
    mean, low, high = (fig.number(of * v, plus=True) for v in (d.middle, d.low, d.high))
    return {
        "title": f"{outcome.plan.label}: {VERDICTS[outcome.verdict]}",
        "counts": [
            ("with it", done.on_events, done.on_runs),
            ("without it", done.off_events, done.off_runs),
        ],
        "difference": f"{mean} {per} ({low} to {high})",
        "order": ["on" if arm else "off" for arm in outcome.plan.arms],
        "on": outcome.plan.on,
        "off": outcome.plan.off,
        "rule": outcome.plan.rule,
        "limits": outcome.plan.limits,
        "unsaid": [
            (r.run_id[:16], f"{r.started_at:%Y-%m-%d}", "on" if r.planned else "off") for r in outcome.unsaid[:6]
        ],
    }


def tell(trying: Trying) -> dict[str, Any]:
    """As `charley try --json` gives it."""
    ranked = [p for p in trying.proposed if p.family]
    best = [{"what": p.label, "expected_information_bits": p.expected_information_bits} for p in ranked]
    status = "ok" if ranked else "cannot_tell"
    return {"meta": meta(status), **plain({"proposals": [asdict(p) for p in trying.proposed], "next_best": best})}


def done(form: Form, asked: Asked) -> str:
    """Whether the change was made in a run of the trial."""
    run, said = one(form, "run"), one(form, "done")
    part = trials.run(asked.journal, run)
    if part is None or said not in ("yes", "no"):
        raise UsageError("trial-unknown", "this run isn't part of a trial", run)
    journals.log_about(asked.journal, run=run, change=part.change, change_done=said == "yes")
    return "/try"


PAGE = Page("/try", "try", ask, show, tell, tab="try", empty="Here the one change most worth trying will stand.")
ACTS = (Act("/try/done", done),)
