"""One run, asked about from Python: read it, ask why it cramped, see the answer as text, page or plain values."""

from __future__ import annotations

from dataclasses import dataclass, fields
from html import escape
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from charley.vocabulary import answer as vocabulary
from charley.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from charley.vocabulary.run import Run
    from charley.vocabulary.runner import Intake, Runner, Weather

Units = Literal["metric", "imperial"]
Effort = Literal["race", "training", "unknown"]

# The page is a whole document with styles of its own. In a frame it cannot restyle the notebook, nor the notebook it,
# and two answers in one notebook do not share their anchors. An empty sandbox: the page has no script and needs none.
FRAME = (
    '<iframe title="Charley: why it cramped" sandbox srcdoc="{page}" '
    'style="width:100%;height:44rem;border:1px solid #8884;resize:vertical"></iframe>'
)


@dataclass(frozen=True, slots=True, repr=False)
class Why(vocabulary.Why):
    """The answer with all its figures as fields, and ways to show it.

    The answer itself belongs to the vocabulary, which knows no faces; so that a notebook can draw it, this face hands
    out the same answer as a class of its own. It is a ``charley.vocabulary.answer.Why`` wherever one is asked for.
    Chances and shares are of 1; each ``Estimate`` has ``mean``, ``low`` and ``high`` (the middle 80 in 100).
    """

    def text(self, units: Units = "metric") -> str:
        """The answer as the command line prints it."""
        from charley.faces.report import render_why_text

        return render_why_text(self, units)

    def page(self, units: Units = "metric") -> str:
        """The answer as one HTML page, without script or network: ``Path("why.html").write_text(answer.page())``."""
        from charley.faces.report import render_why

        return render_why(self, units)

    def json(self) -> dict[str, Any]:
        """The answer as plain values, as ``charley why --json`` prints it: unrounded, NaN as None."""
        from charley.faces.report import render_why_json

        return render_why_json(self)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        of = self.run.file_name if self.journal is None else f"a journal, runs: {self.n_runs}, cramps: {self.n_cramps}"
        chance = f"{self.chance.mean:.2f} ({self.chance.low:.2f} to {self.chance.high:.2f})"
        return f"<charley.Why of {of}; chance {chance}, status {self.status!r}>"

    def _repr_html_(self) -> str:
        return FRAME.format(page=escape(self.page()))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))  # IPython in a terminal, and notebooks that show no HTML


def shown(found: vocabulary.Why) -> Why:
    """The answer of the api, as the one that can show itself."""
    return Why(**{field.name: getattr(found, field.name) for field in fields(found)})


def read_run(path: str | PathLike[str], *, activity: int | None = None) -> Run:
    """The run in a FIT, TCX or GPX file (also as .gz or in a .zip), cleaned to one sample a second.

    ``activity``: which one of several in the file, from 1 in order of time; without it, the longest.
    Raises RunFileError for a file that holds no run, UsageError for an activity that it does not have.
    """
    from charley.api import one_run

    return one_run.read_run(Path(path), activity)


def why(
    path: str | PathLike[str],
    at: str | None = None,
    *,
    runner: Runner | None = None,
    weather: Weather | None = None,
    intake: Intake | None = None,
    effort: Effort = "unknown",
    race_distance_m: float | None = None,
    activity: int | None = None,
    draws: int = 500,
    seed: int = 1,
) -> Why:
    """Why did this run bring a cramp, and how likely was it?

    ``at``: where it cramped: "33km", "20.5mi", "2:45:10", "78%", "30km-35km" or "somewhere-after 30km"; None where
    nothing cramped, or nobody knows. ``runner``, ``weather``, ``intake``: what you can tell; what you leave out is
    carried with the spread that studies give it. ``race_distance_m``: the distance of a race that was left early.
    ``activity``: as in ``read_run``. ``draws``: 20 to 20 000; the same ``seed`` gives the same figures.

    Raises RunFileError for a file that holds no run, UsageError for a value that cannot be.
    """
    from charley.api import one_run

    found = one_run.why(
        Path(path), place_text(at), runner=runner, weather=weather, intake=intake, effort=effort,
        race_distance_m=race_distance_m, draws=draws, seed=seed, activity=activity,
    )  # fmt: skip
    return shown(found)


def write_demo(folder: str | PathLike[str]) -> Path:
    """Write the file of a made-up runner into a folder, to try things on; it cramped at "33.4km". Returns its path."""
    from charley.api import one_run

    return one_run.write_demo(Path(folder))


def place_text(at: object) -> str | None:
    """A place as text; a bare number has no unit and is refused."""
    if at is None or isinstance(at, str):
        return at
    raise UsageError("at-form", f"no place on a run: {at!r}", "at", 'Write it with its unit, as at="33km".')
