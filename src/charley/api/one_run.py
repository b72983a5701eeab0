"""Questions to one activity file, without a journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from charley.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from charley.api.open_meteo import OpenMeteo
    from charley.vocabulary.answer import Why
    from charley.vocabulary.cramp import Cramp
    from charley.vocabulary.experience import ForYou
    from charley.vocabulary.place import Reading
    from charley.vocabulary.run import Run
    from charley.vocabulary.runner import Intake, Runner, Weather

DEMO_PLACE = "33.4km"
MIN_DRAWS, MAX_DRAWS = 20, 20_000


def read_run(path: Path, activity: int | None = None) -> Run:
    """The run in an activity file, cleaned; of several the one of that number (from 1), else the longest.

    Raises RunFileError in one coded line, UsageError for a number that the file has not.
    """
    from charley import activities

    return activities.clean(activities.read(path), activity)


def parse_at(text: str, run: Run, muscle: str = "calf", side: str | None = None, severity: int | None = None) -> Cramp:
    """Where it cramped: "33km", "mile 22", "2:45:10", "45min", "halfway", "30km-35km", "somewhere-after 30km"."""
    from charley.vocabulary.place import locate, parse_place

    return locate(parse_place(text), run, muscle, side, severity)


def two_ways(text: str) -> tuple[Reading, Reading] | None:
    """The two readings of a place with a "2:45" in it, the longer time first; None where there is only one."""
    from charley.vocabulary.place import two_ways as readings

    return readings(text)


def why(
    path: Path,
    at: str | None = None,
    *,
    runner: Runner | None = None,
    weather: Weather | None = None,
    intake: Intake | None = None,
    effort: str = "unknown",
    race_distance_m: float | None = None,
    draws: int = 500,
    seed: int = 1,
    activity: int | None = None,
    guarded: bool = False,
    service: OpenMeteo | None = None,
) -> Why:
    """Why did this run bring a cramp, and how likely was it?

    ``activity`` says which one of several in the file, from 1 in order of time; without it, the longest. ``guarded``
    reads the file in a process of its own, under the limits of an import: for a program that may fork. ``service`` is
    asked for the weather that was not told.
    Raises RunFileError for a file that is no run, UsageError for a value that cannot be.
    """
    from charley.api import about
    from charley.vocabulary.place import locate, parse_place

    place = None if at is None else parse_place(at)  # a slip in the words is told before minutes of reading
    if not MIN_DRAWS <= draws <= MAX_DRAWS:
        raise UsageError("usage-value", f"{draws} draws; possible is {MIN_DRAWS} to {MAX_DRAWS}", "--draws")
    if not 0 <= seed < 2**63:
        raise UsageError("usage-value", f"seed {seed}; possible is 0 to 2^63", "--seed")
    about.check(() if runner is None else runner.about, of_run=True)
    with reading(path, activity, guarded=guarded) as read:
        # what answers is loaded while the file is read
        from charley.answers.one_run.answer import explain
        from charley.answers.one_run.question import EFFORTS, Question
        from charley.vocabulary.runner import Intake, Runner, Weather

        if effort not in EFFORTS:
            raise UsageError("usage-value", f"effort {effort!r}; possible is {', '.join(EFFORTS)}", "effort")
        runner = runner or Runner()
        run = read()
        if service is not None:
            weather = service.over_run(run, weather or Weather())
    question = Question(
        run=run,
        cramp=_pressed(run) if place is None else locate(place, run, "calf", None, None),
        runner=runner,
        weather=weather or Weather(),
        intake=intake or Intake(),
        effort=effort,
        race_distance_m=race_distance_m,
        draws=draws,
        seed=seed,
    )
    return replace(explain(question), for_you=_for_you(runner))


def _pressed(run: Run) -> Cramp | None:
    """The first cramp that the watch's cramp button recorded, where nobody says where it was."""
    return next((press.cramp() for press in run.presses if press.kind == "cramp"), None)


def _for_you(runner: Runner) -> tuple[ForYou, ...]:
    """Advice by what the runner told of years, longest run and history."""
    from charley.api import advice
    from charley.vocabulary.experience import Experience

    cramped = None if runner.history is None else runner.history.cramped > 0
    return advice.for_you(Experience(dict(runner.about).get("run_years"), runner.longest_run_30d_m, cramped), "why")


def why_stored(journal: Path, run: str, *, draws: int = 200, seed: int = 1) -> Why:
    """The same for a run of a journal, with all that was said of it and of the runner.

    Raises UsageError for a run that is not there.
    """
    from charley.answers.one_run.answer import explain
    from charley.answers.one_run.question import Question
    from charley.api.journal import get_run_row
    from charley.journal.history import everything

    row, history = get_run_row(journal, run), everything(journal)
    told = next((t for t in history.runs if t.row.run_id == row.run_id), None)
    if told is None:
        raise UsageError("journal-no-runs", "this run has no plausible date", row.run_id[:8])
    cramp = next((e.cramp() for e in told.report.events if e.kind == "cramp" and e.phase == "during"), None)
    effort = {"race": "race", "hard": "training", "easy": "training"}.get(told.effort or "", "unknown")
    return explain(
        Question(
            run=told.read(), cramp=cramp, runner=history.runner, weather=told.weather, intake=told.intake,
            effort=effort, draws=draws, seed=seed,
        )
    )  # fmt: skip


@contextmanager
def reading(path: Path, activity: int | None = None, *, guarded: bool) -> Iterator[Callable[[], Run]]:
    """A function that gives the run of a file; ``guarded``, it is read meanwhile in a process of its own."""
    if not guarded:
        yield lambda: read_run(path, activity)
        return
    from charley import activities
    from charley.journal.guard import Guarded

    # what both processes need is loaded by now, once, before they part
    with Guarded(lambda: activities.clean(activities.read(path), activity), path.name) as work:
        yield work.result


def write_demo(folder: Path) -> Path:
    """Write the made-up runner's file into a folder and say where.

    Raises UsageError (write-over) where a file of that name is somebody's own.
    """
    from charley import activities
    from charley.activities.demo_run import FILE_NAME
    from charley.activities.fit.reader import DEMO_PRODUCT_NAME

    there = folder / FILE_NAME
    if there.exists() and DEMO_PRODUCT_NAME.encode() not in there.read_bytes():
        raise UsageError("write-over", "there is a file of that name, and Charley did not write it", str(there))
    return activities.write_demo(folder)
