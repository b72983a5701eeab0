"""Everything that the journal says, gathered in one reading of it, and what was computed from it before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from charley.journal import answers, runs
from charley.journal.store import Store, open_store
from charley.vocabulary.history import AllTold, Told, Weighed
from charley.vocabulary.journal import (
    About,
    Answer,
    BaselineAnswer,
    Drink,
    HealthAnswer,
    RunRow,
    Shoes,
    SodiumTaken,
    StrengthSession,
    SweatTest,
    Weighing,
)
from charley.vocabulary.run import Run
from charley.vocabulary.runner import CrampHistory, Intake, Runner, Weather
from charley.vocabulary.units import SODIUM_G_PER_MOL, sodium_mg_from_salt_g

READ_AGAIN = 32  # runs whose channels are kept while an answer is made: those that cramped are looked at twice
STRENGTH_WINDOW = timedelta(days=28)
SESSIONS_A_WINDOW = 4  # once a week
DROP_WINDOW = timedelta(weeks=8)
DROP_CUT_M = 0.006
LONG_EFFORT_S = 7200.0  # what the questionnaire calls a long effort
ASKED_EFFORTS = 10
NO_LONGER_LIKELY = {"disease_count": ("kidney", "diabetes", "thyroid", "heart", "high_blood_pressure")}


def everything(path: Path) -> AllTold:
    """The runner and all runs with what was said of each. A demonstration counts only where there is nothing else."""
    with open_store(path) as store:
        rows = [r for r in runs.rows(store) if not r.demo] or list(runs.rows(store))
        undated = tuple(r.run_id for r in rows if not r.dated)
        rows = sorted((r for r in rows if r.dated), key=lambda r: (r.started_at, r.run_id))
        reports = answers.reports(store)
        by_run = {kind: _by_run(answers.current(store, kind)) for kind in (About, Drink, SodiumTaken, Weighing, Shoes)}
        strength = answers.current(store, StrengthSession)
        channels = _Channels(path)
        read = lru_cache(READ_AGAIN)(channels.read)
        told = tuple(
            Told(
                row=row,
                report=reports[row.run_id],
                read=partial(read, row.run_id),
                effort=_latest(by_run[About][row.run_id], "effort"),
                weather=_weather(by_run[About][row.run_id]),
                intake=_intake(by_run[Drink][row.run_id], by_run[SodiumTaken][row.run_id]),
                weighed_loss_kg=_loss(by_run[Weighing][row.run_id]),
                about=_about(row, rows, strength, by_run[Shoes]),
                shoes=_latest(by_run[Shoes][row.run_id], "name"),
                unusual=tuple(sorted({chip for a in by_run[About][row.run_id] for chip in a.unusual})),
                changed=_changed(by_run[About][row.run_id]),
            )
            for row in rows
        )
        health = answers.current(store, HealthAnswer)
        alone = answers.unattached(store)
        return AllTold(_runner(store, told, health), told, alone, health, undated, channels.held_open)


def carried(path: Path) -> AllTold:
    """The same, whole in itself and to be pickled: every run holds its channels, packed. No note is in it."""
    told = everything(path)
    with open_store(path) as store:
        taken = tuple(
            replace(
                t,
                read=runs.carried(store, t.row.run_id),
                report=replace(t.report, history=tuple(replace(e, note="") for e in t.report.history)),
            )
            for t in told.runs
        )
    alone = tuple(replace(e, note="") for e in told.alone)
    health = tuple(replace(h, note="") for h in told.health)
    return replace(told, runs=taken, alone=alone, health=health, held_open=nullcontext)


def weighed(path: Path, run_id: str) -> Weighed:
    """The scales and the drinks of one run, as they hold now."""
    with open_store(path) as store:
        pair = {w.when: w.mass_kg for w in answers.current(store, Weighing, run_id)}
        intake = _intake(answers.current(store, Drink, run_id), answers.current(store, SodiumTaken, run_id))
        weather = _weather(answers.current(store, About, run_id))
        return Weighed(runs.load(store, run_id), pair.get("before"), pair.get("after"), intake, weather)


class _Channels:
    """Reads the channels of runs. To open the journal for each takes longer than to read the run."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: Store | None = None

    def read(self, run_id: str) -> Run:
        """One run with its channels."""
        if self._open is not None:
            return runs.load(self._open, run_id)
        with open_store(self._path) as store:
            return runs.load(store, run_id)

    @contextmanager
    def held_open(self) -> Iterator[None]:
        """The journal stays open for all runs that are read within."""
        with open_store(self._path) as store:
            self._open = store
            try:
                yield
            finally:
                self._open = None


def _by_run(rows: Sequence[Answer]) -> defaultdict[str | None, list[Any]]:
    found: defaultdict[str | None, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.run_id].append(row)
    return found


def _changed(said: Sequence[About]) -> tuple[tuple[str, bool], ...]:
    """Of each change of a trial, whether it was done in the run: the latest word."""
    return tuple({a.change: a.change_done == "yes" for a in said if a.change and a.change_done}.items())


def _latest(rows: Sequence[Any], name: str) -> Any:
    """The latest value of a field that was said, None where it never was."""
    return next((v for row in reversed(rows) if (v := getattr(row, name)) is not None), None)


def _weather(said: Sequence[About]) -> Weather:
    return Weather(_latest(said, "air_temp_c"), _latest(said, "relative_humidity"))


def _intake(drinks: Sequence[Drink], sodium: Sequence[SodiumTaken]) -> Intake:
    litres = sum(d.volume_l for d in drinks)

    def mixed(name: str) -> float | None:
        known = [(d.volume_l, getattr(d, name)) for d in drinks if getattr(d, name) is not None and d.volume_l > 0]
        return sum(v * c for v, c in known) / sum(v for v, _ in known) if known else None

    during_mg = sum(s.sodium_mmol for s in sodium if s.when == "during") * SODIUM_G_PER_MOL
    return Intake(
        drink_l=min(litres, 30.0) if drinks else None,
        drink_sodium_mmol_l=_capped(mixed("sodium_mmol_l"), 200.0),
        drink_carbohydrate_g_l=_capped(mixed("carbohydrate_g_l"), 400.0),
        salt_g=_capped(during_mg / sodium_mg_from_salt_g(1.0), 60.0) if sodium else None,
    )


def _capped(value: float | None, most: float) -> float | None:
    return None if value is None else min(value, most)


def _loss(weighings: Sequence[Weighing]) -> float | None:
    pair = {w.when: w.mass_kg for w in weighings}
    return pair["before"] - pair["after"] if {"before", "after"} <= set(pair) else None


def _about(
    row: RunRow, rows: Sequence[RunRow], strength: Sequence[StrengthSession], shoes: dict[str | None, list[Shoes]]
) -> tuple[tuple[str, float], ...]:
    """Strength work and heel drop as they were at the time of a run; nothing where nothing was ever said."""
    found = {}
    if strength:
        recent = [s for s in strength if timedelta(0) <= row.started_at - s.happened_at <= STRENGTH_WINDOW]
        found["strength_training"] = float(len(recent) >= SESSIONS_A_WINDOW)
    now = _latest(shoes[row.run_id], "drop_m")
    if now is not None:
        earlier = [
            d
            for r in rows
            if timedelta(0) < row.started_at - r.started_at <= DROP_WINDOW
            and (d := _latest(shoes[r.run_id], "drop_m")) is not None
        ]
        if earlier:
            cut_m = round(max(earlier) - now, 4)  # to 0.1 mm: 11 mm less 5 mm is 6 mm
            found["recent_drop_reduction"] = float(cut_m >= DROP_CUT_M)
    return tuple(sorted(found.items()))


def _runner(store: Store, told: Sequence[Told], health: Sequence[HealthAnswer]) -> Runner:
    """The questionnaire, scales, sweat tests and health. Runs of the journal are taken out of the questionnaire's count
    of long efforts, so that none counts twice."""
    said = answers.baseline(store)
    masses = sorted(answers.current(store, Weighing), key=lambda w: w.happened_at)  # in whatever order they were told
    tests = sorted(answers.current(store, SweatTest), key=lambda w: w.happened_at)
    mass = masses[-1].mass_kg if masses else said.body_mass_kg
    age = None if said.birth_year is None else float(datetime.now(UTC).year - said.birth_year)
    height = said.height_m
    if mass is not None and height is not None and not 10.0 <= mass / height**2 <= 80.0:
        height = None  # two slips that do not belong to one person: the scales are the later word
    return Runner(
        mass_kg=mass,
        height_m=height,
        age_y=age if age is not None and 8.0 <= age <= 100.0 else None,
        sex=said.sex if said.sex in ("female", "male") else None,
        history=_history(store, said.cramped_low, said.cramped_high, told),
        sweat_rate_l_h=_latest(tests, "sweat_rate_l_h"),
        sweat_sodium_mmol_l=_latest(tests, "sweat_sodium_mmol_l"),
        about=_health(health),
    )


def _history(store: Store, low: int | None, high: int | None, told: Sequence[Told]) -> CrampHistory | None:
    if low is None or high is None:
        return None
    asked_at = max(a.answered_at for a in answers.current(store, BaselineAnswer) if a.cramped_low is not None)
    counted = [
        t
        for t in told
        if t.row.elapsed_s >= LONG_EFFORT_S and t.row.started_at < asked_at and t.report.state() in ("cramp", "none")
    ][-ASKED_EFFORTS:]
    cramped = sum(t.report.state() == "cramp" for t in counted)
    races = ASKED_EFFORTS - len(counted)
    left = min(max((low + high) // 2 - cramped, 0), races)
    return CrampHistory(left, races) if races else None


def _health(health: Sequence[HealthAnswer]) -> tuple[tuple[str, float], ...]:
    if not health:
        return ()
    named = {h.name for h in health if h.present}
    counted = len(named & set(NO_LONGER_LIKELY["disease_count"]))
    asked = {h.name for h in health}
    found = [("disease_count", float(counted))] if asked & set(NO_LONGER_LIKELY["disease_count"]) else []
    if "statin" in asked:
        found.append(("statin", float("statin" in named)))
    return tuple(found)


def computed(path: Path, model_version: str, keys: Iterable[str] | None) -> dict[str, bytes]:
    """Contents computed earlier under these keys (None: under any), in one reading."""
    wanted = None if keys is None else set(keys)
    with open_store(path) as store, store.reading() as db:
        found = db.execute(
            "SELECT data_sha256, content FROM posterior WHERE model_version = ? ORDER BY id", (model_version,)
        )
        return {key: content for key, content in found if wanted is None or key in wanted}


def keep_computed(
    path: Path, model_version: str, seed: int, contents: dict[str, bytes], most: int | None = None
) -> None:
    """Keep contents under their keys, all or none; of this model no more than the latest ``most``."""
    now = datetime.now(UTC).timestamp()
    rows = [(now, model_version, key, seed, "{}", content) for key, content in contents.items()]
    with open_store(path) as store, store.writing() as db:
        db.executemany(
            "INSERT INTO posterior (made_unix_s, model_version, data_sha256, seed, draws, made_from, content) "
            "VALUES (?, ?, ?, ?, 1, ?, ?)",
            rows,
        )
        if most is not None:
            db.execute(
                "DELETE FROM posterior WHERE model_version = ?1 AND id NOT IN "
                "(SELECT id FROM posterior WHERE model_version = ?1 ORDER BY id DESC LIMIT ?2)",
                (model_version, most),
            )


def latest_posteriors(path: Path, model_version: str, limit: int = 50) -> list[tuple[str, datetime, str]]:
    """Hash of the data, time and settings of the latest posteriors of a model, the latest first."""
    with open_store(path) as store, store.reading() as db:
        found = db.execute(
            "SELECT data_sha256, made_unix_s, made_from FROM posterior WHERE model_version = ? "
            "ORDER BY id DESC LIMIT ?",
            (model_version, limit),
        ).fetchall()
    return [(sha, datetime.fromtimestamp(made, UTC), made_from) for sha, made, made_from in found]
