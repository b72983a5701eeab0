"""`charley lab`: published experiments, run again on the model, and your own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from charley.faces.cli.output import json_option, print_json
from charley.faces.cli.writing import force_option

if TYPE_CHECKING:
    from charley.vocabulary.laboratory import LabExperiment, LabOutcome, LabTable, LabTrace, Simulated

WIDTH = 96
BENCH_EVERY = 10  # records of 10 ms: ten values a second in the JSON object
BENCH_ROWS = 12  # at even times, beside those at which something happens
BENCH_SHOWN = ("unit rate, /s", "inward current", "Ia, /s", "Ib, /s", "force, %", "flow, %", "oxygen, %")

subjects_option = click.option("--subjects", type=int, metavar="N", help="Virtual subjects in each condition.")
workers_option = click.option(
    "--workers", type=int, default=1, show_default=True, help="Processes that share the work."
)


@click.group(name="lab", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Published experiments, run again on the model, and any other that you write down.

    An experiment is a TOML file: who, in what state, what is done, what is measured. docs/lab.md shows how.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@command.command(name="list", short_help="List the experiments")
@json_option
def list_command(**options: Any) -> None:
    """All experiments that come with Charley, with what was published."""
    from charley.api import laboratory

    listed = laboratory.experiments()
    if options["json"]:
        _json(listed)
        return
    click.echo(_list_text(listed))


@command.command(name="run", short_help="Run one experiment")
@click.argument("what", metavar="ID|FILE.toml")
@subjects_option
@click.option("--seed", type=int, metavar="N", help="Same seed, same figures; without it, the protocol's own.")
@workers_option
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="PATH", help="Also write the page.")
@force_option
@json_option
def run_command(what: str, **options: Any) -> None:
    """Run one experiment: an id such as E02, or a protocol file of your own."""
    from charley.api import laboratory

    experiment = laboratory.run(
        what,
        subjects=options["subjects"],
        seed=options["seed"],
        workers=options["workers"],
        pictures=options["page"] is not None,
    )
    if options["page"] is not None:
        from charley.faces.cli.writing import write_page
        from charley.faces.lab_page import render

        write_page(options["page"], render(experiment), force=options["force"], inputs=(Path(what),))
    if options["json"]:
        _json((experiment,))
        return
    click.echo(_text(experiment))
    if options["page"] is not None:
        click.echo(f"\nThe page: {options['page']}")


@command.command(name="table", short_help="Run all experiments; takes minutes")
@subjects_option
@workers_option
@json_option
def table_command(**options: Any) -> None:
    """Run all experiments; published against simulated. Takes minutes."""
    from charley.api import laboratory

    quiet = options["json"]
    table = laboratory.table(
        subjects=options["subjects"], workers=options["workers"], tell=None if quiet else lambda e: click.echo(_line(e))
    )
    if quiet:
        _json(table.experiments, seconds=table.seconds)
        return
    click.echo(_sum(table))


@command.command(name="bench", short_help="Start a cramp on one simulated calf")
@click.option("--press", type=float, default=0.0, metavar="SHARE", help="Effort, of a maximal one (0 to 1).")
@click.option("--pulses", type=float, default=0.0, metavar="HZ", help="Pulses to the nerve a second.")
@click.option("--hold", type=float, default=3.0, show_default=True, metavar="S", help="How long either goes on.")
@click.option("--angle", type=float, default=-30.0, show_default=True, metavar="DEG", help="Ankle; below 0 shortens.")
@click.option("--fatigue", type=float, default=0.0, metavar="SHARE", help="Fatigue of hours (0 to 1).")
@click.option("--stretch", type=float, metavar="S", help="Stretch the calf at this second.")
@click.option("--seconds", type=float, default=30.0, show_default=True, help="How long the simulation is.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Same seed, same figures.")
@json_option
def bench_command(**options: Any) -> None:
    """Press, hold, tire and stretch one simulated calf that cramps easily, and watch what feeds and ends a cramp.

    For example: charley lab bench --pulses 24 --stretch 20
    """
    from charley.api import laboratory

    trace = laboratory.bench(
        options["angle"],
        options["press"],
        options["fatigue"],
        0.0,
        options["stretch"],
        stimulus_hz=options["pulses"],
        drive_s=options["hold"],
        duration_s=options["seconds"],
        seed=options["seed"],
    )
    if options["json"]:
        from charley.faces.cli.meta import meta

        told = {name: [round(float(v), 4) for v in values[::BENCH_EVERY]] for name, values in trace.series.items()}
        marks = [{"kind": m.kind, "from_s": m.start_s, "to_s": m.end_s, "what": m.label} for m in trace.marks]
        time_s = [round(float(t), 2) for t in trace.time_s[::BENCH_EVERY]]
        print_json({"meta": meta(), "marks": marks, "time_s": time_s, "series": told})
        return
    click.echo(_bench_text(trace))


@command.command(name="export", short_help="A motor neuron as NeuroML")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER")
@click.option("--neuron", type=int, metavar="N", help="1 is the smallest; without it, the one in the middle.")
@click.option("--muscle", metavar="NAME", help="Whose motor neuron; without it, medial_gastrocnemius.")
@click.option("--drive", type=float, default=0.4, show_default=True, help="Excitation of the smallest, in leaks.")
@click.option("--inhibition", type=float, default=0.1, show_default=True, help="Inhibition, in leaks.")
@click.option("--seconds", type=float, default=1.0, show_default=True, help="How long the simulation is.")
@click.option("--step", "step_ms", type=float, default=0.001, show_default=True, metavar="MS", help="Its fixed step.")
@force_option
def export_command(folder: Path, **options: Any) -> None:
    """Write the membrane of one motor neuron as NeuroML 2, with a LEMS simulation for any engine that reads it.

    The neuron's type with its equations is one file, the neuron with its numbers at held conductances another.
    docs/neuroml.md shows how to run them, and how close other engines come.
    """
    from charley.api import laboratory
    from charley.faces.cli.writing import check_free, write_bytes
    from charley.vocabulary.errors import UsageError

    force = options.pop("force")
    files = laboratory.export_neuron(options.pop("neuron"), **options)
    for name, _ in files:
        check_free(folder / name, force=force)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "this is no path"
        raise UsageError("write-failed", why, str(folder)) from error
    for name, text in files:
        write_bytes(folder / name, text.encode(), force=force)
        click.echo(f"{folder / name}")


# ---- text ----


def _list_text(listed: tuple[LabExperiment, ...]) -> str:
    from charley.faces.lab_page import words

    lines = []
    for one in listed:
        lines.append(f"{one.id:5} {one.title}")
        about = [one.muscle, "set the model" if one.calibration else "did not set the model", words.count(one)]
        lines.append(f"      {'; '.join(about)}" + (f": {one.cannot}" if one.cannot else ""))
    if any(one.kept == "older" for one in listed):
        lines += [
            "",
            *_wrapped(
                "These verdicts were computed with an earlier version of the model. "
                "To compute them again: charley lab table"
            ),
        ]
    lines += ["", "charley lab run E02    one of them, with its published and simulated values"]
    return "\n".join(lines)


def _line(one: LabExperiment) -> str:
    from charley.faces.lab_page import words
    from charley.faces.report.wording import figures as fig

    worst = "" if one.z is None else f"largest z {fig.number(one.z, 1, plus=True)}"
    fitted = "set the model" if one.calibration else ""
    return f"{one.id:5} {one.title[:52]:52}  {words.count(one):19}  {worst:16}  {fitted}".rstrip()


def _sum(table: LabTable) -> str:
    from charley.faces.lab_page import words

    lines = [""]
    for fitted, told in ((True, "that set the model"), (False, "that did not")):
        rows = [one for one in table.experiments if one.calibration == fitted]
        met, judged = sum(len(one.met) for one in rows), sum(len(one.judged) for one in rows)
        lines.append(f"Experiments {told}: {met} of {judged} outcomes agree.")
    return "\n".join([*lines, *_wrapped(words.RULE)])


def _text(one: LabExperiment) -> str:
    """One experiment for a terminal."""
    from charley.faces.lab_page import words

    lines = [f"{one.id}  {one.title}", *_wrapped(". ".join(p for p in (one.protocol, words.people(one)) if p) + ".")]
    if one.cannot:
        return "\n".join([*lines, "", *_wrapped(f"Cannot be expressed: {one.cannot}.")])
    lines += [*_wrapped(one.note)] if one.note else []
    compared = any(o.published_mean is not None or o.judged for o in one.outcomes)
    lines += ["", *(_outcomes(one) if compared else _conditions(one))]
    if one.judged:
        lines += ["", f"{words.count(one)}. {words.standing(one)}", *_wrapped(words.RULE)]
    lines += [line for source in one.citations for line in _wrapped(source)]
    return "\n".join(lines)


def _outcomes(one: LabExperiment) -> list[str]:
    from charley.faces.lab_page import words

    lines = [f"{'':38}{'published':>19}{'simulated':>16}{'z':>8}  verdict"]
    for o in one.outcomes:
        name = f"{words.name(o)} ({o.unit})" if o.unit not in ("", "-") else words.name(o)
        told = words.verdict(o, one.calibration)
        row = f"{words.published(o):>19}{words.simulated(o.simulated):>16}{words.z(o):>8}  {told}"
        if len(name) <= 38:
            lines.append(f"{name:38}{row}")
        else:
            lines += [name, f"{'':38}{row}"]
        if o.note and o.verdict == "cannot":
            lines += [f"    {line}" for line in _wrapped(o.note, WIDTH - 4)]
    return lines


def _conditions(one: LabExperiment) -> list[str]:
    from charley.faces.lab_page import words

    lines = [f"{'':52}{'mean ± SD':>18}  people"]
    for condition in one.conditions:
        for name, unit, found in condition.measures:
            lines.append(
                f"{f'{condition.name}: {name} ({unit})':52}{words.simulated(found):>18}  {words.how_many(found)}"
            )
    return lines


def _bench_text(trace: LabTrace) -> str:
    """What happened on the bench, and the figures at each turn of it."""
    from charley.faces.lab_page import page

    told = page.table(trace, every_s=float(trace.time_s[-1]) / BENCH_ROWS)
    shown = [0, 1, *(told["heads"].index(name) for name in BENCH_SHOWN)]
    rows = [[row[k] for k in shown] for row in (told["heads"], *told["body"])]
    widths = [max(len(row[k]) for row in rows) for k in range(len(shown))]
    lines = [page.finding(trace).removeprefix("Bench: ") + ".", ""]
    lines[0] = lines[0][:1].upper() + lines[0][1:]
    for time, what, *values in rows:
        figures = "  ".join(value.rjust(width) for value, width in zip(values, widths[2:], strict=True))
        lines.append(f"{time:>{widths[0]}}  {what:{widths[1]}}  {figures}")
    return "\n".join([*lines, "", *_wrapped(page.SCOPE)])


def _wrapped(text: str, width: int = WIDTH) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


# ---- JSON ----


def _json(listed: tuple[LabExperiment, ...], **more: Any) -> None:
    print_json(experiments_json(listed, **more))


def experiments_json(listed: tuple[LabExperiment, ...], **more: Any) -> dict[str, Any]:
    """Experiments as JSON."""
    from charley.faces.cli.meta import meta

    return {"meta": meta(), **more, "experiments": [_experiment(one) for one in listed]}


def _experiment(one: LabExperiment) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "muscle": one.muscle,
        "published": {o.key: _published(o) for o in one.outcomes},
        "simulated": {o.key: _simulated(o.simulated) for o in one.outcomes if o.simulated is not None},
        "z": one.z,
        "verdict": one.verdict,
        "outcomes": [
            {"key": o.key, "unit": o.unit, "z": o.z, "verdict": o.verdict, "note": o.note} for o in one.outcomes
        ],
        "agree": len(one.met),
        "judged": len(one.judged),
        "calibration": one.calibration,
        "set_by_it": list(one.set_by_it),
        "cannot": one.cannot or None,
        "note": one.note,
        "grade": one.grade,
        "source_ids": list(one.source_ids),
        "seed": one.seed,
        "kept": one.kept or None,
        "conditions": {
            c.name: {name: {"unit": unit, **_simulated(found)} for name, unit, found in c.measures}
            for c in one.conditions
        },
    }


def _published(o: LabOutcome) -> dict[str, Any]:
    return {
        "quantity": o.quantity,
        "condition": o.condition,
        "unit": o.unit,
        "mean": o.published_mean,
        "spread": o.published_spread,
        "spread_kind": o.spread_kind,
        "se": o.published_se,
        "n": o.n,
        "note": o.published_note,
    }


def _simulated(found: Simulated) -> dict[str, Any]:
    return {"mean": found.mean, "sd": found.sd, "n": found.n, "of": found.asked}
