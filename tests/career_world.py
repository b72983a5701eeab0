"""A made-up runner's months: easy runs, long runs and races with a story that is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from charley.answers.history import rows
from charley.answers.history.belief import Belief, believe
from charley.answers.history.log import gather
from charley.answers.history.plan import Career
from charley.api import journal as journal
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.history import Told
from charley.vocabulary.journal import Event, Prompt, Report, RunRow
from charley.vocabulary.run import Run, Streams

START = datetime(2025, 3, 1, 8, 0, tzinfo=UTC)
RACE_EVERY = 9  # every ninth run is a race
LONG_EVERY = 3


def made_run(number: int, seconds: int, speed_m_s: float, *, slows_at: float = 1.0, days: float = 2.0) -> Run:
    """The ``number``-th run, one every ``days`` days: even but for noise, and half as fast from ``slows_at`` on."""
    noise = np.random.default_rng([7, number])
    time_s = np.arange(seconds, dtype=np.float64)
    share = time_s / seconds
    wander = np.repeat(0.05 * noise.standard_normal(seconds // 30 + 1), 30)[:seconds]
    speed = np.round(speed_m_s * np.where(share < slows_at, 1.0, 0.5) + wander, 3)
    missing = np.full(seconds, np.nan)
    channels = {f.name: missing for f in fields(Streams)} | {
        "time_s": time_s,
        "distance_m": np.round(np.cumsum(speed), 2),
        "speed_m_s": speed,
        "heart_rate_bpm": np.round(120 + 12 * (speed - 2.0) + 8 * share),
    }
    return Run(
        run_id=hashlib.sha256(f"career run {number}".encode()).hexdigest(),
        file_name=f"career-{number}.fit",
        file_format="fit",
        started_at=START + timedelta(days=days * number),
        elapsed_s=float(seconds),
        timer_s=float(seconds),
        distance_m=float(channels["distance_m"][-1]),
        records=seconds,
        streams=Streams(**channels),
        moving=np.ones(seconds, dtype=bool),
        device="a watch",
    )


def kind_of(number: int) -> str:
    """Which sort of run the ``number``-th is: "race", "long" or "easy"."""
    if number % RACE_EVERY == RACE_EVERY - 1:
        return "race"
    return "long" if number % LONG_EVERY == 0 else "easy"


def run_of(number: int, *, cramped: bool = False) -> Run:
    """The ``number``-th run of the story: races of an hour and a half are even, or begun far too fast and cramped."""
    kind = kind_of(number)
    if kind == "race":
        return made_run(number, 5400, 4.1, slows_at=CRAMP_SHARE) if cramped else made_run(number, 5400, 3.45)
    if kind == "long":
        return made_run(number, 5700, 2.75)
    return made_run(number, 1800 + 300 * (number % 4), 2.8)


CRAMP_SHARE = 0.6  # of the run's time, where it cramps


def cramp_s(run: Run) -> float:
    """Where a run of the story cramps, elapsed seconds."""
    return CRAMP_SHARE * run.elapsed_s


def fill(path: Path, runs: int = 63, *, cramped: tuple[int, ...] = (), answered: bool = True, side: str = "") -> Path:
    """A journal with so many runs; ``cramped`` are the numbers of those that cramped, all others had "nothing"."""
    for number in range(runs):
        run = run_of(number, cramped=number in cramped)
        journal.add_run(path, run, read_by="test")
        if kind_of(number) == "race":
            journal.log_about(path, run=run.run_id, effort="race", air_temp_c=15.0, relative_humidity=0.6)
        told: dict[str, Any] = {"side": side} if side else {}
        if number in cramped:
            at_s = cramp_s(run)
            journal.log_event(path, "cramp", run=run.run_id, place=Cramp(at_s, at_s, at_s), severity=3, **told)
        elif answered:
            journal.log_event(path, "none", run=run.run_id)
    return path


WEIGHED_L_H = 1.4  # more than the model expects at such an easy pace


def weigh(path: Path, runs: int) -> None:
    """Scales before and after the first ``runs`` long runs, with half a litre drunk in each."""
    for number in [n for n in range(60) if kind_of(n) == "long"][:runs]:
        run = run_of(number)
        lost_kg = WEIGHED_L_H * run.elapsed_s / 3600 - 0.5
        journal.log_weight(path, 70.0, when="before", run=run.run_id)
        journal.log_weight(path, round(70.0 - lost_kg, 2), when="after", run=run.run_id)
        journal.log_drink(path, 0.5, run=run.run_id)


def told(number: int, events: tuple[Event, ...] = (), prompts: tuple[Prompt, ...] = (), **changes: Any) -> Told:
    """The ``number``-th run of the story, with what was said of it."""
    run = run_of(number)
    row = RunRow(
        run.run_id, run.started_at, run.elapsed_s, run.timer_s, run.distance_m, run.records, run.file_name, "fit", "",
        "running", "", False, len(run.streams), (), run.started_at,
    )  # fmt: skip
    effort = "race" if kind_of(number) == "race" else None
    report = Report(run.run_id, run.elapsed_s, prompts, events)
    return replace(Told(row, report, lambda: run, effort), **changes)


def event(kind: str, phase: str = "during", at_s: float | None = None, to_s: float | None = None) -> Event:
    start = 0.0 if at_s is None else at_s
    end = to_s if to_s is not None else start
    place = (at_s, start, end) if phase == "during" and kind in ("cramp", "twitch") else (None, None, None)
    return Event(1, "run", START, START, "command", None, None, "", True, kind, phase, *place, "calf", None, None, "")


class Nowhere:
    """A cache that keeps nothing."""

    def rows(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        return {}

    def states(self, names: Iterable[str]) -> Mapping[str, bytes]:
        return {}

    def earlier(self) -> Sequence[tuple[str, datetime, str]]:
        return ()

    def keep_rows(self, contents: Mapping[str, bytes]) -> None: ...

    def keep_states(self, contents: Mapping[str, bytes]) -> None: ...

    def keep_summary(self, name: str, draws: int, summary: str) -> None: ...


def belief_of(life: Career, draws: int) -> Belief:
    """What is believed of a made-up runner, with nothing kept from before."""
    return believe(gather(life, *rows.compute(life)), Nowhere(), 1, draws)
