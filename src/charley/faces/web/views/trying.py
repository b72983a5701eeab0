"""Try: the run that would tell most; a trial of one change, planned, started and ended; and what it says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from charley.api import history, trials
from charley.api import journal as journals
from charley.faces.cli.meta import meta
from charley.faces.cli.trial import VERDICTS, plan_json, refusal_json, runs_to_tell
from charley.faces.report.plain_values import plain
from charley.faces.report.race.words import CONDITIONS
from charley.faces.report.wording import figures as fig
from charley.faces.web import journals as kept
from charley.faces.web.forms import Form, one
from charley.faces.web.pages import Act, Asked, Page, settled
from charley.faces.web.work import Waiting
from charley.vocabulary.errors import CharleyError, UsageError
from charley.vocabulary.over_journal import Offered, Proposed, Refused, TrialOutcome, TrialPlan


@dataclass(frozen=True, slots=True)
class Looked:
    """A change that is looked at: what has to be answered first, or the trial as it would be, or why there is none."""

    change: str
    unasked: tuple[str, ...]
    found: TrialPlan | Refused | Waiting | CharleyError | None


@dataclass(frozen=True, slots=True)
class Trying:
    """What a next run could tell, what may be tried, and what the latest trial says; each as far as it is there."""

    proposed: tuple[Proposed, ...] | Waiting | CharleyError
    outcome: TrialOutcome | Waiting | CharleyError | None  # None: no trial was ever begun
    offered: tuple[Offered, ...]
    looked: Looked | None
    runs: int


def ask(asked: Asked) -> Trying:
    """What is worked out over the whole journal, and the change that was chosen."""
    content, work = kept.content(asked.journal), asked.work
    proposed = settled(
        lambda: kept.over_all_runs(
            asked.journal, work, ("propose", content), "Working out which run would tell most", history.propose_runs
        )
    )
    latest = journals.latest_trial(asked.journal)
    outcome = None
    # a trial is no answer, so the journal's name stays: which it is, and whether it was ended, is part of the key
    if latest is not None:
        key = "trial", content, latest.id, latest.ended_at
        outcome = settled(lambda: work.answer(key, "Counting your trial", trials.result, asked.journal))
    return Trying(proposed, outcome, trials.changes(), _looked(asked, content), len(kept.glances(asked.journal)))


def _looked(asked: Asked, content: str) -> Looked | None:
    change = asked.query.get("change", "").strip().lower()
    if not change:
        return None
    unasked = trials.health_unasked(asked.journal, change)
    if unasked:
        return Looked(change, unasked, None)
    key, what = ("plan of a trial", content, change), "Planning the trial"
    return Looked(change, (), settled(lambda: asked.work.answer(key, what, trials.plan, asked.journal, change)))


def show(trying: Trying, asked: Asked) -> dict[str, Any]:
    """Proposals as a table, the trials to choose from, and the one that there is, in words."""
    of = fig.of_runs(trying.runs)
    ranked = [] if isinstance(trying.proposed, Waiting | CharleyError) else [p for p in trying.proposed if p.family]
    outcome = _outcome(trying.outcome, of) if isinstance(trying.outcome, TrialOutcome) else None
    return {
        "waiting": next((part for part in (trying.proposed, trying.outcome) if isinstance(part, Waiting)), None),
        "problem": str(trying.proposed) if isinstance(trying.proposed, CharleyError) else "",
        "heads": ["Your usual hard run with less of", "would settle", "runs to see it", "cramps", "as usual"],
        "rows": [
            [
                p.label,
                fig.settles(p.expected_information_bits),
                "more than 60" if p.runs_to_tell is None else str(p.runs_to_tell),
                fig.told(p.risk, of),
                fig.told(p.usual_risk, of),
            ]
            for p in ranked
        ],
        "telling": next((p.label for p in ranked if p.runs_to_tell is not None), None),
        "of": of,
        "outcome": outcome,
        "open": outcome is not None and not outcome["over"],
        "offered": trying.offered,
        "looked": None if trying.looked is None else _look(trying.looked, of, asked),
    }


def _look(looked: Looked, of: int, asked: Asked) -> dict[str, Any]:
    """The change that was chosen: questions of health first, then the plan with its rule, or the refusal."""
    label = next((o.label for o in trials.changes() if o.change == looked.change), looked.change)
    found = looked.found
    shown: dict[str, Any] = {
        "change": looked.change, "label": label, "plan": None, "refused": "", "problem": "", "waiting": None,
        "unasked": [(name, fig.upper_first(CONDITIONS[name])) for name in looked.unasked],
    }  # fmt: skip
    if isinstance(found, Waiting):
        return shown | {"waiting": found}
    if isinstance(found, CharleyError):
        return shown | {"problem": str(found)}
    if isinstance(found, Refused):
        return shown | {"refused": fig.upper_first(f"{found.reason}.")}
    if isinstance(found, TrialPlan):
        return shown | {
            "plan": {
                "counts": f"From now on, each run of at least {fig.clock(found.least_elapsed_s)}.",
                "on": found.on,
                "off": found.off,
                "order": ["on" if arm else "off" for arm in found.arms],
                "rule": found.rule,
                "limits": found.limits,
                "tells": runs_to_tell(found),
                "settles": fig.settles(found.expected_information_bits),
                "usual": fig.in_100(found.usual_risk, of),
            }
        }
    return shown


def _outcome(outcome: TrialOutcome, of: int) -> dict[str, Any]:
    done, per = outcome.done, "of 10" if of == 10 else "in 100"
    d = done.difference
    mean, low, high = (fig.number(of * v, plus=True) for v in (d.middle, d.low, d.high))
    run = done.on_runs + done.off_runs
    return {
        "title": f"{outcome.plan.label}: {VERDICTS[outcome.verdict]}"
        if run
        else f"{outcome.plan.label}: under way, with no run counted yet.",
        "counts": [
            ("with it", done.on_events, done.on_runs),
            ("without it", done.off_events, done.off_runs),
        ],
        "difference": f"{mean} {per} ({low} to {high})" if run else "",
        "order": ["on" if arm else "off" for arm in outcome.plan.arms],
        "on": outcome.plan.on,
        "off": outcome.plan.off,
        "rule": outcome.plan.rule,
        "limits": outcome.plan.limits,
        "over": outcome.over,
        "unsaid": [
            (r.run_id[:16], f"{r.started_at:%Y-%m-%d}", "on" if r.planned else "off") for r in outcome.unsaid[:6]
        ],
    }


def tell(trying: Trying) -> dict[str, Any]:
    """As `charley try --json` gives it; of a change that was chosen, as `charley try CHANGE --json`. Raises Waiting."""
    if trying.looked is not None:
        found = trying.looked.found
        if isinstance(found, Waiting | CharleyError):
            raise found
        if found is None:
            names = ", ".join(name.replace("_", " ") for name in trying.looked.unasked)
            raise UsageError("trial-health", f"you haven't said whether you have: {names}", trying.looked.change)
        return refusal_json(found) if isinstance(found, Refused) else plan_json(found)
    if isinstance(trying.proposed, Waiting | CharleyError):
        raise trying.proposed
    ranked = [p for p in trying.proposed if p.family]
    best = [{"what": p.label, "expected_information_bits": p.expected_information_bits} for p in ranked]
    status = "ok" if ranked else "cannot_tell"
    return {"meta": meta(status), **plain({"proposals": [asdict(p) for p in trying.proposed], "next_best": best})}


def answer_health(form: Form, asked: Asked) -> str:
    """What rules a change out, answered before it is planned: those that are ticked are there, the others are not."""
    change = one(form, "change")
    if not form.get("has") and one(form, "none") != "yes":
        raise UsageError("usage-value", "you ticked nothing", "health", "Tick what you have, or: none of these.")
    if form.get("has") and one(form, "none") == "yes":
        raise UsageError("usage-value", "none of these is ticked together with one of them", "health")
    trials.log_health(asked.journal, change, form.get("has", ()))
    return f"/try?change={change}#trial"


def start(form: Form, asked: Asked) -> str:
    """Start the trial that was looked at, as `charley try CHANGE --start` does."""
    found = trials.plan(asked.journal, one(form, "change"), start=True)
    if isinstance(found, Refused):
        raise UsageError("trial-health", found.reason, found.change)
    return "/try"


def end(form: Form, asked: Asked) -> str:
    """End the trial that is under way."""
    trials.end(asked.journal)
    return "/try"


def done(form: Form, asked: Asked) -> str:
    """Whether the change was made in a run of the trial."""
    run, said = one(form, "run"), one(form, "done")
    part = trials.run(asked.journal, run)
    if part is None or said not in ("yes", "no"):
        raise UsageError("trial-unknown", "this run isn't part of a trial", run)
    journals.log_about(asked.journal, run=run, change=part.change, change_done=said == "yes")
    return "/try"


PAGE = Page("/try", "try", ask, show, tell, tab="try", empty="Here the one change most worth trying will stand.")
ACTS = (Act("/try/health", answer_health, PAGE), Act("/try/start", start), Act("/try/end", end), Act("/try/done", done))
