"""`charley try`: the next run that would tell most, or a trial of one change with its rule fixed beforehand.

Looking starts nothing: a trial is kept only with --start, one at a time.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from charley.faces.cli import values
from charley.faces.cli.meta import meta
from charley.faces.cli.output import json_option, print_json, units_option
from charley.vocabulary.errors import UsageError


@click.command(name="try")
@click.argument("change", required=False, metavar="[CHANGE]")
@click.option("--start", is_flag=True, help="Start the trial: runs count from now on.")
@click.option("--result", is_flag=True, help="What the latest trial says so far.")
@click.option("--end", is_flag=True, help="End the trial that is under way.")
@click.option("--health", metavar="LIST", help="Conditions and medicines that you have, or: none.")
@click.option("--runs", type=int, metavar="N", help="How many long runs the trial has (default: 12).")
@click.option("--seed", type=values.SEED, default=1, show_default=True, help="Same seed, same order of runs.")
@units_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, change: str | None, **options: Any) -> None:
    """What to try next: without CHANGE the run that would tell most; with one (salt, slower-start, strength, shoes) a
    trial that switches it on and off over your next long runs, in random order, by a rule that is fixed beforehand.
    Nothing starts until you add --start.

    Nothing here adds a strain, and no medicine is ever tried.
    """
    from charley.api import history, trials
    from charley.api import journal as journals

    journal = journals.journal_path(ctx.obj.journal_path)
    rows = journals.list_runs(journal)
    options["runs_told"] = len(rows)
    if not rows:
        raise UsageError("journal-no-runs", "the journal has no runs", str(journal))
    if options["end"]:
        _show_ended(trials.end(journal), options)
    elif options["result"]:
        _show_result(trials.result(journal, change, seed=options["seed"]), options)
    elif change is None:
        _show_proposals(history.propose_runs(journal, seed=options["seed"]), options)
    else:
        _ask_health(journal, change.lower(), options)
        planned = trials.plan(journal, change.lower(), runs=options["runs"], seed=options["seed"],
                              start=options["start"])  # fmt: skip
        if hasattr(planned, "reason"):
            _show_refusal(planned, options)
        else:
            _show_plan(planned, options)


def _ask_health(journal: Path, change: str, options: dict[str, Any]) -> None:
    """What rules a change out is asked before it is planned: by a flag, or here where a person sits at a keyboard."""
    from charley.api import trials

    if options["health"] is None:
        asked = trials.health_unasked(journal, change)
        if not asked or options["json"] or not sys.stdin.isatty():
            return  # planning says in one line which flag answers it
        names = ", ".join(name.replace("_", " ") for name in asked)
        click.echo(
            f"Before a trial of {change}, name those that you have, separated by commas, or write none.\n  {names}"
        )
        options["health"] = click.prompt("you have", prompt_suffix=" > ")
    words = [w.strip().lower() for w in options["health"].split(",") if w.strip()]
    if not words:
        raise UsageError("usage-value", "you named nothing", "--health", "Write --health none, or --health kidney.")
    trials.log_health(journal, change, [] if words == ["none"] else words)


def _json(status: str, **things: Any) -> None:
    from charley.faces.report.plain_values import plain

    print_json({"meta": meta(status), **plain(things)})


def _show_proposals(proposals: Any, options: dict[str, Any]) -> None:
    ranked = [p for p in proposals if p.family]
    if options["json"]:
        listed = [asdict(p) for p in proposals]
        best = [{"what": p.label, "expected_information_bits": p.expected_information_bits} for p in ranked]
        _json("ok" if ranked else "cannot_tell", proposals=listed, next_best=best)
        return
    if not ranked:
        click.echo(
            "No way of running your usual hard run would make a difference worth having, as far as your log tells."
        )
        return
    from charley.faces.report.wording.figures import of_runs, settles, told

    of = of_runs(options["runs_told"])
    click.echo("Your usual hard run with less of one thing, the most telling first\n")
    for p in ranked:
        runs = f"{'more than 60' if p.runs_to_tell is None else f'about {p.runs_to_tell}'} runs to see it"
        click.echo(
            f"  {p.label:<24} {settles(p.expected_information_bits):<26} {runs:<28} "
            f"risk {told(p.risk, of)} against {told(p.usual_risk, of)}"
        )
    click.echo("\nIt may still end at “can’t tell”. A trial of one change: charley try slower-start")


def refusal_json(refused: Any) -> dict[str, Any]:
    """A trial that is not planned, as JSON."""
    from charley.faces.report.plain_values import plain

    return {"meta": meta("refused"), **plain({"change": refused.change, "refused": True, "reason": refused.reason})}


def _show_refusal(refused: Any, options: dict[str, Any]) -> None:
    if options["json"]:
        print_json(refusal_json(refused))
    else:
        click.echo(f"No trial of {refused.change}: {refused.reason}.")


def plan_json(plan: Any) -> dict[str, Any]:
    """A trial that is planned, or was started, as JSON."""
    from charley.faces.report.plain_values import plain

    told = {"change": plan.change, "refused": False, "plan": asdict(plan), "id": plan.id,
            "expected_information_bits": plan.expected_information_bits, "runs_to_tell": plan.runs_to_tell}  # fmt: skip
    return {"meta": meta("ok"), **plain(told)}


def runs_to_tell(plan: Any) -> str:
    """How many runs it takes before such a trial shows anything."""
    if plan.runs_to_tell is not None:
        return f"About {plan.runs_to_tell} such runs before 8 of 10 such trials would show a halving."
    many = f"more than {plan.runs_an_arm}" if plan.runs_an_arm is None else str(plan.runs_an_arm)
    return (
        f"You would probably never know from this: to see a halving takes {many} such runs with it and as many without."
    )


def _show_plan(plan: Any, options: dict[str, Any]) -> None:
    if options["json"]:
        print_json(plan_json(plan))
        return
    from charley.faces.report.wording.figures import clock, in_100, of_runs, settles

    started = plan.id is not None
    tell = runs_to_tell(plan)
    after = "After each of these runs: charley log change --done, or --not-done. How it stands: charley try --result"
    lines = [
        f"A trial: {plan.label.lower()} ({f'number {plan.id}, under way' if started else 'not started'})",
        "",
        f"On:   {plan.on}",
        f"Off:  {plan.off}",
        f"Runs that count: from now on, of at least {clock(plan.least_elapsed_s)}.",
        f"Order: {' '.join('on' if arm else 'off' for arm in plan.arms)}",
        "",
        *plan.rule,
        "",
        tell,
        f"Whether it lowers the chance at all: this trial would settle {settles(plan.expected_information_bits)}.",
        f"A cramp, a twitch or tight calves in such a run: {in_100(plan.usual_risk, of_runs(options['runs_told']))}.",
        "",
        *plan.limits,
        "",
        after if started else f"To start it: charley try {plan.change} --start",
    ]
    click.echo("\n".join(lines))


def _show_ended(plan: Any, options: dict[str, Any]) -> None:
    if options["json"]:
        _json("ok", change=plan.change, ended=True, id=plan.id)
        return
    click.echo(f"Ended: {plan.label.lower()}. What it says: charley try --result")


VERDICTS = {
    "lower": "Lower with the change, by the rule fixed beforehand.",
    "higher": "Higher with the change, by the rule fixed beforehand.",
    "cannot_tell": "These runs show no difference: can't tell.",
}


def _show_result(outcome: Any, options: dict[str, Any]) -> None:
    known = outcome.verdict != "cannot_tell"
    if options["json"]:
        _json("ok" if known else "cannot_tell", change=outcome.plan.change, result=asdict(outcome))
        return
    click.echo(f"{outcome.plan.label}: {VERDICTS[outcome.verdict]}")
    from charley.faces.report.wording.figures import count, of_runs

    of = of_runs(options["runs_told"])
    click.echo(_counted("Counting what you did", outcome.done, of))
    click.echo(_counted("As planned", outcome.as_planned, of))
    many, unsaid = len(outcome.plan.arms), len(outcome.unsaid)
    otherwise = count(outcome.otherwise, "run")
    click.echo(f"  {otherwise} didn't go as planned; {unsaid} without a word on it (taken as planned)")
    click.echo(
        f"  {outcome.silent} without an answer on cramps; {many} planned{'; it is over' if outcome.over else ''}"
    )
    for run in outcome.unsaid[:_NAMED]:
        arm = "on" if run.planned else "off"
        click.echo(
            f"  {run.started_at:%Y-%m-%d} ({arm}): charley log change --done, or --not-done, --run {run.run_id[:8]}"
        )


_NAMED = 6  # runs of which what was done is still to be said


def _counted(name: str, arms: Any, of: int) -> str:
    """One way of counting, in two lines."""
    from charley.faces.report.wording.figures import number, told

    d, per = arms.difference, "of 10" if of == 10 else "in 100"
    mean, low, high = (number(of * v, plus=True) for v in (d.middle, d.low, d.high))
    return (
        f"  {name}: {arms.on_events} of {arms.on_runs} cramped, twitched or were tight with it, "
        f"{arms.off_events} of {arms.off_runs} without it\n"
        f"    difference {mean} {per} (8 times out of 10 between {low} and {high}); luck makes such a difference in "
        f"{told(1 / max(arms.evidence, 1.0), 100)} such trials at most"
    )
