"""A journal, from Python: bring runs in, say what happened in them, ask why over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from charley.faces.python.one_run import Why, place_text, shown

if TYPE_CHECKING:
    from charley.vocabulary.cramp import Cramp
    from charley.vocabulary.journal import BackupMade, ImportProgress, ImportSummary, Logged, Report, RunRow
    from charley.vocabulary.over_journal import TrackRecord
    from charley.vocabulary.run import Run

Phase = Literal["during", "after_0_1h", "after_1_6h", "night"]
Side = Literal["left", "right", "both"]


class Journal:
    """The journal at ``path`` (a file, or a folder that holds ``journal.sqlite``); without a path your own one.

    Nothing is opened or made until something is asked of it: each method opens the file, does one thing and closes it,
    so that the command line and a notebook may use one journal at the same time. A run is named by "last", the first
    letters of its id, a day ("2026-10-04"), or a row of ``runs()``.
    """

    def __init__(self, path: str | PathLike[str] | None = None) -> None:
        from charley.api import journal as journals

        self.path: Path = journals.journal_path(path)

    def __repr__(self) -> str:
        return f"charley.Journal({str(self.path)!r})"

    def import_files(
        self,
        paths: str | PathLike[str] | Iterable[str | PathLike[str]],
        *,
        workers: int = 2,
        progress: Callable[[ImportProgress], None] | None = None,
    ) -> ImportSummary:
        """Bring files, folders and account exports in; safe to repeat. Files that hold no run are listed in it."""
        from charley.api import journal as journals

        named = [paths] if isinstance(paths, (str, PathLike)) else list(paths)
        return journals.import_files(self.path, map(Path, named), workers=workers, progress=progress)

    def runs(self) -> tuple[RunRow, ...]:
        """All runs, the latest first; none where there is no journal yet."""
        from charley.api import journal as journals

        return journals.list_runs(self.path)

    def read_run(self, run: str | RunRow = "last") -> Run:
        """One run with its channels. Raises UsageError where none or several are meant."""
        from charley.api import journal as journals

        return journals.get_run(self.path, _named(run))

    def report(self, run: str | RunRow = "last") -> Report:
        """All that was asked and said of one run."""
        from charley.api import journal as journals

        return journals.get_report(self.path, _named(run))

    def log_cramp(
        self,
        at: str | None = None,
        *,
        run: str | RunRow = "last",
        phase: Phase = "during",
        muscle: str | None = None,
        side: Side | None = None,
        severity: int | None = None,
        helped: str = "",
        note: str = "",
    ) -> Logged:
        """A cramp: ``at`` a place of the run ("33km"), or in a ``phase`` after it.

        ``severity``: 1 kept running, 2 slowed, 3 walked, 4 stopped. ``muscle``: the calf, if left out.
        """
        from charley.api import journal as journals

        return journals.log_event(
            self.path, "cramp", run=_named(run), place=self._place(at, run), phase=phase, muscle=muscle, side=side,
            severity=severity, helped=helped, note=note,
        )  # fmt: skip

    def log_twitch(
        self, at: str | None = None, *, run: str | RunRow = "last", phase: Phase = "during", note: str = ""
    ) -> Logged:
        """A twitch or a tightness that did not become a cramp."""
        from charley.api import journal as journals

        place = self._place(at, run)
        return journals.log_event(self.path, "twitch", run=_named(run), place=place, phase=phase, note=note)

    def log_none(self, run: str | RunRow = "last", *, phase: Phase = "during", note: str = "") -> Logged:
        """Nothing cramped: an answer, and a useful one, since silence never counts as "no cramp"."""
        from charley.api import journal as journals

        return journals.log_event(self.path, "none", run=_named(run), phase=phase, note=note)

    def log_drink(
        self,
        volume_l: float,
        *,
        run: str | RunRow = "last",
        sodium_mmol_l: float | None = None,
        carbohydrate_g_l: float | None = None,
        note: str = "",
    ) -> Logged:
        """All that was drunk in a run, in litres; 0 is an answer too."""
        from charley.api import journal as journals

        return journals.log_drink(
            self.path, volume_l, run=_named(run), sodium_mmol_l=sodium_mmol_l, carbohydrate_g_l=carbohydrate_g_l,
            note=note,
        )  # fmt: skip

    def log_weight(
        self,
        mass_kg: float,
        when: Literal["before", "after", "other"] = "other",
        *,
        run: str | RunRow | None = None,
        date: datetime | None = None,
        note: str = "",
    ) -> Logged:
        """Body mass "before" or "after" a run (the last one, unless ``run`` says), or on any "other" day."""
        from charley.api import journal as journals

        named = None if run is None else _named(run)
        return journals.log_weight(self.path, mass_kg, when=when, run=named, happened_at=date, note=note)

    def undo(self, answer_id: int) -> Logged:
        """Take an answer back, by the ``id`` that logging it gave; what it took the place of holds again."""
        from charley.api import journal as journals

        return journals.withdraw_answer(self.path, answer_id)

    def why(self, *, seed: int = 1) -> Why:
        """Why do these calves cramp, over all runs? What is learnt is kept in the journal, so that the next is fast."""
        from charley.api import history

        return shown(history.why(self.path, seed=seed))

    def track_record(self, *, seed: int = 1) -> TrackRecord:
        """How good forecasts were: those made before a run, and each hard run foretold from the ones before it."""
        from charley.api import history

        return history.track_record(self.path, seed=seed)

    def backup(self, to: str | PathLike[str] | None = None) -> BackupMade:
        """One file with everything in it, read back before it counts; without ``to`` beside the journal."""
        from charley.api import journal as journals

        return journals.make_backup(self.path, None if to is None else Path(to))

    def _place(self, at: str | None, run: str | RunRow) -> Cramp | None:
        from charley.api import one_run

        text = place_text(at)
        return None if text is None else one_run.parse_at(text, self.read_run(run))


def _named(run: str | RunRow) -> str:
    return run if isinstance(run, str) else run.run_id
