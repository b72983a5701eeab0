"""The sentences about a squad, for text and page alike. A coach reads them: "you" is the coach, "they" the runner."""

from __future__ import annotations

from charley.faces.report.wording import asked
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording.first_screen import worth
from charley.faces.report.wording.journal_sections import date
from charley.faces.report.wording.words import LEAST_BITS, RED_FLAGS
from charley.vocabulary.answer import WouldTell
from charley.vocabulary.roster import LastCramp, OneRunner, Roster, RosterRow

SIGNS = f"First, for every runner: {RED_FLAGS[0].lower()}{RED_FLAGS[1:]} You see the runner; this page doesn't."
COMPARE = (
    "Compare a runner with themselves. The chances come from different bodies, courses and logs: where two ranges "
    "overlap, you can't say who cramps more easily."
)
PRIVATE = (
    "This holds what several people have said about their health, and none of the notes that they wrote. It was worked "
    "out on your own machines. Agree with each of them who may see it."
)
MOST_SHARED = 3
HOW_TO_LOG = "Their answers go into their own journal: charley --journal FOLDER, then the command shown."
_QUESTIONS = {
    "history": "Ask how many of their last ten long races brought a cramp",
    "best": "Ask which of their runs was a race: it would show their level",
    "temp": "Ask how warm and humid it was",
    "drank": "Ask what they drank on the way",
    "sweat": "Have them weigh themselves before and after a long run",
}


def title(a: Roster) -> str:
    """The verdict."""
    answered = [r.found for r in a.rows if r.found]
    named = sum(bool(r.leading) for r in answered)
    if not answered:
        return "None of these journals gives an answer yet."
    if len(answered) == 1:
        return "This log points to a cause." if named else "This log can't tell yet why its runner cramps."
    if not named and len(answered) == 2:
        return "Neither log can tell yet why its runner cramps."
    if not named:
        return f"None of these {len(answered)} logs can tell yet why its runner cramps."
    if named == len(answered):
        return f"Each of these {named} logs points to a cause."
    left = len(answered) - named
    return (
        f"{named} of {len(answered)} logs {'points' if named == 1 else 'point'} to a cause. "
        f"The other {'one' if left == 1 else left} can't tell yet."
    )


def lede(a: Roster) -> str:
    """Whom to ask first, and what."""
    if not any(row.found for row in a.rows):
        return "Below stands why, for each of them."
    steps = [(step, row) for row in a.rows if row.found and (step := best(row.found)) is not None]
    if not steps:
        return "No single question would tell much more. Keep logging hard runs, the ones without a cramp too."
    step, row = max(steps, key=lambda s: s[0].expected_information_bits)
    return f"Begin with {name(row)}. {question(step)}: {worth(step)}."


def name(row: RosterRow) -> str:
    """The runner, as the journal is called."""
    return fig.clean(row.name)


def flags(a: Roster) -> list[str]:
    """Runners whose cramps effort does not explain."""
    return [
        f"{name(r)}: {fig.count(r.found.early, 'cramp')} came early in runs that weren't hard. Effort doesn't explain "
        "that. Ask them to show their log to somebody who can examine them."
        for r in a.rows
        if r.found and r.found.early
    ]


def best(found: OneRunner) -> WouldTell | None:
    """The step that would tell most, if one is worth taking."""
    steps = [w for w in asked.in_a_journal(found.would_tell) if w.expected_information_bits >= LEAST_BITS]
    return max(steps, key=lambda w: w.expected_information_bits, default=None)


def question(step: WouldTell) -> str:
    """What to ask, or to have them do."""
    if step.key == asked.LESS:
        less = fig.lower_first(fig.clean(step.label))
        return f"Have them do one of their usual hard runs with less of “{less}” in it"
    return _QUESTIONS[step.key]


def next_question(found: OneRunner) -> str:
    """The next best question and what it is worth."""
    step = best(found)
    return "Nothing that would tell much" if step is None else f"{question(step)}: {worth(step)}"


def command(found: OneRunner) -> str:
    """The command that takes the answer, or ""."""
    step = best(found)
    return "" if step is None else f"charley --journal FOLDER {asked.log_command(step)}"


def cause(found: OneRunner) -> str:
    """The leading cause, or that the data cannot tell."""
    log = f"{fig.count(found.n_cramps, 'cramp')} in {fig.count(found.n_runs, 'run')}"
    if not found.ranked:
        if found.after_runs:
            return f"They cramp after runs, not in them: {fig.count(found.after_runs, 'time')}"
        return f"No cramp logged in {fig.count(found.n_runs, 'run')}, so nobody can tell"
    if not found.leading:
        return f"Can't tell yet, from {log}"
    what = ", or ".join(fig.lower_first(fig.clean(label)) for label in found.leading)
    sure = "Most likely" if found.verdict == "most_likely" else "Points to"
    apart = "; their runs can't separate the two" if found.together and len(found.leading) > 1 else ""
    return f"{sure} {what}{apart} ({log})"


def chance(found: OneRunner, units: str) -> str:
    """The chance in the next usual hard run."""
    far = fig.distance_with_unit(found.distance_m, units, 0)
    told = fig.upper_first(fig.in_100(found.chance, fig.of_runs(found.n_runs)))
    studies = "" if found.n_answered else "; from studies, as they have told us nothing"
    return f"{told} in a hard run of about {far}{studies}"


def chance_together(row: RosterRow) -> str:
    """The same begun from what the squad shares, or ""."""
    if row.found is None or row.together is None:
        return ""
    return fig.upper_first(fig.in_100(row.together, fig.of_runs(row.found.n_runs)))


def shared(a: Roster) -> list[str]:
    """What was learnt from all of them together."""
    found = a.shared
    if found is None:
        return []
    whom = f"{fig.count(found.runners, 'runner')} and {fig.count(found.cramps, 'cramp')}"
    if not found.settled:
        return [
            f"Learnt together from {whom}, the squad doesn't settle on one picture (R-hat {found.r_hat:.2f}; "
            "at most 1.05 is asked for). It is not used."
        ]
    lines = [
        f"Learnt together from {whom}. Each runner's second chance begins from that instead of from studies alone."
    ]
    for factor in found.factors[:MOST_SHARED]:
        how = "more" if factor.moved > 0 else "less"
        label = fig.lower_first(fig.clean(factor.label))
        lines.append(f"“{fig.upper_first(label)}” seems to matter {how} in this squad than studies say.")
    if not found.factors:
        lines.append("No factor stands far from what studies say.")
    return lines


def last_cramp(found: OneRunner, units: str) -> str:
    """When and where the latest cramp during a run came."""
    last = found.last_cramp
    if last is None:
        return "None logged during a run"
    run = fig.distance_with_unit(last.run_distance_m, units, 0)
    return f"{date(last.started_at)}, {_where(last, units)} {run}"


def _where(last: LastCramp, units: str) -> str:
    if last.at_m is not None:
        return f"at {fig.distance_with_unit(last.at_m, units)} of"
    if last.from_m <= 0 and last.to_m >= last.run_distance_m:
        return "somewhere in"
    return f"between {fig.distance(last.from_m, units)} and {fig.distance_with_unit(last.to_m, units)} of"


def to_tell(found: OneRunner) -> str:
    """What nobody has said yet."""
    if not found.silent or found.latest_silent is None:
        return "Nothing: every run has an answer"
    runs = "1 run has" if found.silent == 1 else f"{found.silent} runs have"
    return f"{runs} no answer, the latest of {date(found.latest_silent)}: a cramp, a twitch or nothing?"


def trouble(row: RosterRow) -> str:
    """Why nothing can be said of a runner."""
    return f"{fig.upper_first(fig.clean(row.trouble))} [{row.code}]"


def size(a: Roster) -> str:
    """How it was worked out."""
    fresh = sum(r.found is not None for r in a.rows) - a.kept
    where = {"one process": "in one process", "processes": f"in {a.workers} processes"}
    done = where.get(a.scheduler, f"by {fig.count(a.workers, 'worker')} of a cluster")
    kept = f", {a.kept} unchanged since the last time" if a.kept else ""
    return f"{fig.count(len(a.rows), 'journal')}: {fresh} worked out {done}{kept}."
