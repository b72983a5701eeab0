"""What a runner logs: each function checks what was said against the run, adds it, and says what it took the place of.

Nothing is refused that a body can do; what cannot be (a cramp after the finish, a weight of 7 kg, a day to come) is a
UsageError, and the journal stays as it was.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from charley.journal import answers, runs
from charley.journal.answers import Told
from charley.journal.store import Store
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import UsageError, Warned
from charley.vocabulary.journal import (
    CRAMPED_OF_TEN,
    EFFORTS,
    EVENT_KINDS,
    KEPT_ONLY,
    MUSCLES,
    PHASES,
    SEVERITIES,
    SIDES,
    UNUSUAL,
    About,
    Answer,
    BaselineAnswer,
    Drink,
    Event,
    HealthAnswer,
    Logged,
    RunRow,
    Shoes,
    SodiumTaken,
    StrengthSession,
    SweatTest,
    Weighing,
)

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before that nobody had a file to log against
CLOCK_AHEAD = timedelta(days=1)  # a clock may be in another time zone, not in another week
FINISH_TOLERANCE_S = 1.0  # a grid of whole seconds ends up to one second before the clock did
NIGHT_AFTER = timedelta(hours=24)  # a cramp at night belongs to a run that ended within the day before it
# Hard limits of what is taken for a slip of the keyboard, wide enough for every adult runner. The unit is that in which
# a person reads them: per cent of a fraction, millimetres of a length in metres.
LIMITS: dict[str, tuple[float, float, str]] = {
    "body mass": (25.0, 250.0, "kg"),
    "drink": (0.0, 10.0, "L"),
    "sodium of a drink": (0.0, 500.0, "mmol/L"),
    "carbohydrate of a drink": (0.0, 400.0, "g/L"),
    "sodium": (0.0, 500.0, "mmol"),
    "sweat rate": (0.05, 5.0, "L/h"),
    "sodium of sweat": (2.0, 200.0, "mmol/L"),
    "temperature": (-40.0, 60.0, "°C"),
    "humidity": (0.0, 1.0, "%"),
    "heel-to-toe drop": (-0.01, 0.03, "mm"),
    "height": (1.2, 2.3, "m"),
    "load": (0.0, 300.0, "kg"),
    "sets": (1, 50, ""),
    "repetitions": (1, 500, ""),
}
_SHOWN = {"%": 100.0, "mm": 1000.0}


def event(
    store: Store, kind: str, *, run: str | None = "last", place: Cramp | None = None, phase: str = "during",
    muscle: str | None = None, side: str | None = None, severity: int | None = None, helped: str = "", note: str = "",
    happened_at: datetime | None = None, replaces: int | None = None, prompt_id: int | None = None,
    source: str = "command", now: datetime | None = None,
) -> Logged:  # fmt: skip
    """Log a cramp, a twitch, "none", "skip" or a stop that was "other_stop".

    ``run`` None is allowed for a cramp at night only: it is joined to the run that ended within the day before
    ``happened_at``, or stands alone. Of ``place`` only the times count; None during a run means "some time".
    """
    told_at = _clock(now)
    _one_of("kind", kind, EVENT_KINDS)
    _one_of("phase", phase, PHASES)
    _one_of("muscle", muscle, MUSCLES)
    _one_of("side", side, SIDES)
    if severity is not None and severity not in SEVERITIES:
        raise UsageError("journal-value", f"a severity of {severity}, where 1 to 4 is meant", "--severity")
    if kind in ("none", "skip", "other_stop") and (
        muscle or side or severity or helped or (place and kind != "other_stop")
    ):
        raise UsageError("journal-contradiction", f"'{kind}' together with a muscle, a side, a place or a severity")
    if phase != "during" and place is not None:
        raise UsageError("journal-contradiction", "a place in the run together with a time after it")
    with store.writing():
        row = _run_of(store, run, phase, happened_at)
        if phase == "during" and kind in ("cramp", "twitch", "other_stop"):
            assert row is not None
            place = place or Cramp(None, 0.0, row.elapsed_s)
            _within(place, row)
        warnings: list[Warned] = []
        before = answers.current(store, Event, row.run_id) if row else ()
        if replaces is not None:
            _check_replaces(store, replaces, row)
        else:
            replaces = _same_event(before, kind, phase, place, muscle, side)
            if replaces is not None:
                warnings.append(
                    Warned("answer-repeated", f"this was told before (answer {replaces}); the new one holds")
                )
        told = Told(
            row.run_id if row else None,
            _happened(happened_at, told_at, row, place, phase), told_at, source, replaces, prompt_id, note,
        )  # fmt: skip
        at_s, from_s, to_s = (place.at_s, place.from_s, place.to_s) if place else (None, None, None)
        identity = answers.append(
            store, Event, told, kind=kind, phase=phase, at_s=at_s, from_s=from_s, to_s=to_s,
            muscle=muscle or ("calf" if kind in ("cramp", "twitch") else None), side=side, severity=severity,
            helped=helped,
        )  # fmt: skip
        warnings += _contradicted(store, before, row, replaces)
    return Logged(identity, row.run_id if row else None, tuple(warnings))


def weight(
    store: Store, mass_kg: float, *, when: str, run: str | None = None, happened_at: datetime | None = None,
    note: str = "", source: str = "command", now: datetime | None = None,
) -> Logged:  # fmt: skip
    """Log body mass "before" or "after" a run, or on an "other" day."""
    _one_of("when", when, ("before", "after", "other"))
    _limited("body mass", mass_kg)
    if when != "other" and run is None:
        run = "last"
    with store.writing():
        row = None if run is None else runs.row(store, runs.find(store, run))
        pair = {w.when: w.mass_kg for w in answers.current(store, Weighing, row.run_id)} if row else {}
        logged = _simple(store, Weighing, row, happened_at, note, source, now, mass_kg=mass_kg, when=when)
        pair[when] = mass_kg
    if "before" in pair and "after" in pair and pair["after"] > pair["before"]:
        gained = (
            f"{pair['after'] - pair['before']:.1f} kg heavier after the run than before it: more drunk than sweated."
        )
        advice = " Drinking more than you sweat can make you seriously ill; drink less next time."
        return Logged(logged.id, logged.run_id, (Warned("weight-gained", gained + advice),))
    return logged


def weights(
    store: Store, told: Iterable[tuple[str, float]], *, run: str | None = None, happened_at: datetime | None = None,
    note: str = "", now: datetime | None = None,
) -> list[Logged]:  # fmt: skip
    """Log several weighings, each as when and kilograms: all of them, or none where one cannot be."""
    with store.writing():
        return [
            weight(
                store, kg, when=when, run=run if when == "other" else run or "last", happened_at=happened_at, note=note,
                now=now,
            )
            for when, kg in told
        ]  # fmt: skip


def drink(
    store: Store, volume_l: float, *, run: str = "last", at_s: float | None = None, sodium_mmol_l: float | None = None,
    carbohydrate_g_l: float | None = None, note: str = "", source: str = "command", now: datetime | None = None,
) -> Logged:  # fmt: skip
    """Log one drink (``at_s``), or all that was drunk over the run (``at_s`` None); zero litres is an answer too."""
    _limited("drink", volume_l)
    _limited("sodium of a drink", sodium_mmol_l)
    _limited("carbohydrate of a drink", carbohydrate_g_l)
    with store.writing():
        row = runs.row(store, runs.find(store, run))
        if at_s is not None:
            _within(Cramp(at_s, at_s, at_s), row)
        return _simple(
            store, Drink, row, None, note, source, now, volume_l=volume_l, at_s=at_s, sodium_mmol_l=sodium_mmol_l,
            carbohydrate_g_l=carbohydrate_g_l,
        )  # fmt: skip


def sodium(
    store: Store, sodium_mmol: float, *, run: str = "last", when: str = "during", note: str = "",
    source: str = "command", now: datetime | None = None,
) -> Logged:  # fmt: skip
    """Log sodium from tablets, gels or food, apart from what was in drinks."""
    _one_of("when", when, ("before", "during"))
    _limited("sodium", sodium_mmol)
    with store.writing():
        row = runs.row(store, runs.find(store, run))
        return _simple(store, SodiumTaken, row, None, note, source, now, sodium_mmol=sodium_mmol, when=when)


def sweat_test(
    store: Store, *, sweat_rate_l_h: float | None = None, sweat_sodium_mmol_l: float | None = None,
    air_temp_c: float | None = None, method: str = "", run: str | None = None, happened_at: datetime | None = None,
    note: str = "", source: str = "command", now: datetime | None = None,
) -> Logged:  # fmt: skip
    """Log a sweat test: rate, sodium, or both."""
    if sweat_rate_l_h is None and sweat_sodium_mmol_l is None:
        raise UsageError("journal-value", "a sweat test without a rate and without a sodium concentration")
    _limited("sweat rate", sweat_rate_l_h)
    _limited("sodium of sweat", sweat_sodium_mmol_l)
    _limited("temperature", air_temp_c)
    with store.writing():
        row = None if run is None else runs.row(store, runs.find(store, run))
        return _simple(
            store, SweatTest, row, happened_at, note, source, now, sweat_rate_l_h=sweat_rate_l_h,
            sweat_sodium_mmol_l=sweat_sodium_mmol_l, air_temp_c=air_temp_c, method=method,
        )  # fmt: skip


def shoes(
    store: Store, name: str, *, run: str = "last", drop_m: float | None = None, new: bool = False, note: str = "",
    source: str = "command", now: datetime | None = None,
) -> Logged:  # fmt: skip
    """Log the shoes of a run."""
    if not name.strip():
        raise UsageError("journal-value", "shoes without a name")
    _limited("heel-to-toe drop", drop_m)
    with store.writing():
        row = runs.row(store, runs.find(store, run))
        logged = _simple(store, Shoes, row, None, note, source, now, name=name.strip(), drop_m=drop_m, new=new)
    return _kept_only(logged, ["new_shoes"] if new else [])


def strength(
    store: Store, exercise: str, *, sets: int, repetitions: int, load_kg: float = 0.0,
    happened_at: datetime | None = None, note: str = "", source: str = "command", now: datetime | None = None,
) -> Logged:  # fmt: skip
    """Log a session of calf strength work."""
    for name, value in (("sets", sets), ("repetitions", repetitions), ("load", load_kg)):
        _limited(name, value)
    values = {"exercise": exercise.strip(), "sets": sets, "repetitions": repetitions, "load_kg": load_kg}
    return _simple(store, StrengthSession, None, happened_at, note, source, now, **values)


def health(
    store: Store, what: str, name: str, present: bool, *, note: str = "", source: str = "command",
    now: datetime | None = None,
) -> Logged:  # fmt: skip
    """Log a condition or a medicine (any name; the known ones decide what may be advised), or that it is not so."""
    _one_of("what", what, ("condition", "medicine"))
    if not name.strip():
        raise UsageError("journal-value", f"a {what} without a name")
    key = name.strip().lower().replace(" ", "_").replace("-", "_")
    logged = _simple(store, HealthAnswer, None, None, note, source, now, what=what, name=key, present=present)
    return _kept_only(logged, [key])


def health_answers(
    store: Store, named: Iterable[tuple[str, str]], present: bool, *, note: str = "", now: datetime | None = None
) -> list[Logged]:
    """Log several conditions and medicines, each as what and name: all of them, or none where one cannot be."""
    with store.writing():
        return [health(store, what, name, present, note=note, now=now) for what, name in named]


def baseline(
    store: Store, *, cramped_of_ten: str | None = None, body_mass_kg: float | None = None,
    height_m: float | None = None, birth_year: int | None = None, sex: str | None = None, note: str = "",
    source: str = "command", now: datetime | None = None,
) -> Logged:  # fmt: skip
    """Log the questionnaire: cramps in the last ten long efforts ("0", "1-2", "3-5", "6+") and the runner."""
    _one_of("cramps in ten", cramped_of_ten, tuple(CRAMPED_OF_TEN))
    _one_of("sex", sex, ("female", "male", "other"))
    _limited("body mass", body_mass_kg)
    _limited("height", height_m)
    year = _clock(now).year
    if birth_year is not None and not year - 110 <= birth_year <= year - 5:
        raise UsageError("journal-value", f"a year of birth of {birth_year}", "--birth-year")
    if all(v is None for v in (cramped_of_ten, body_mass_kg, height_m, birth_year, sex)):
        raise UsageError("journal-value", "a questionnaire without an answer")
    low, high = CRAMPED_OF_TEN[cramped_of_ten] if cramped_of_ten else (None, None)
    return _simple(
        store, BaselineAnswer, None, None, note, source, now, cramped_low=low, cramped_high=high,
        body_mass_kg=body_mass_kg, height_m=height_m, birth_year=birth_year, sex=sex,
    )  # fmt: skip


def about(
    store: Store, *, run: str = "last", effort: str | None = None, air_temp_c: float | None = None,
    relative_humidity: float | None = None, unusual: Iterable[str] = (), change: str | None = None,
    change_done: bool | None = None, note: str = "", source: str = "command", now: datetime | None = None,
) -> Logged:  # fmt: skip
    """Log what only the runner knows of a run: the effort meant, the air, what was unusual that day, and whether the
    change of a trial was done in it."""
    _one_of("effort", effort, EFFORTS)
    _limited("temperature", air_temp_c)
    _limited("humidity", relative_humidity)
    chips = tuple(dict.fromkeys(unusual))
    for chip in chips:
        _one_of("unusual", chip, UNUSUAL)
    if (change is None) != (change_done is None):
        raise UsageError("journal-contradiction", "a change, and not whether it was done, or the other way round")
    if change is None and effort is None and air_temp_c is None and relative_humidity is None and not (chips or note):
        raise UsageError("journal-value", "nothing was said of the run")
    with store.writing():
        row = runs.row(store, runs.find(store, run))
        logged = _simple(
            store, About, row, None, note, source, now, effort=effort, air_temp_c=air_temp_c,
            relative_humidity=relative_humidity, unusual=chips, change=change,
            change_done=None if change_done is None else "yes" if change_done else "no",
        )  # fmt: skip
    return _kept_only(logged, chips)


def withdraw(store: Store, answer_id: int, *, now: datetime | None = None) -> Logged:
    """Take an answer back; what it had taken the place of holds again."""
    return Logged(answers.withdraw(store, answer_id, _clock(now)), None)


def _simple(
    store: Store, kind: type[Answer], row: RunRow | None, happened_at: datetime | None, note: str, source: str,
    now: datetime | None, **values: Any,
) -> Logged:  # fmt: skip
    told_at = _clock(now)
    run_id = row.run_id if row else None
    with store.writing():
        before = answers.current(store, kind, run_id) if run_id else ()
        told = Told(run_id, _happened(happened_at, told_at, row, None, "during"), told_at, source, note=note)
        identity = answers.append(store, kind, told, **values)
        warnings = _contradicted(store, before, row, None)
    return Logged(identity, run_id, tuple(warnings))


def _kept_only(logged: Logged, words: Iterable[str]) -> Logged:
    """Says of which words nothing is made yet."""
    kept = [word.replace("_", " ") for word in words if word in KEPT_ONLY]
    if not kept:
        return logged
    told = Warned("kept-only", f"{', '.join(kept)}: kept in your journal, but no answer uses it yet")
    return replace(logged, warnings=(*logged.warnings, told))


def _contradicted(store: Store, before: Iterable[Answer], row: RunRow | None, replaces: int | None) -> list[Warned]:
    """What held before and no longer does, apart from what was replaced by name."""
    warned = []
    for kind in {type(b) for b in before}:
        holds = {a.id for a in answers.current(store, kind, row.run_id if row else None)}
        lost = [b for b in before if type(b) is kind and b.id not in holds and b.id != replaces]
        if lost:
            ids = ", ".join(str(b.id) for b in lost)
            words = ", ".join(sorted({b.kind if isinstance(b, Event) else answers.KINDS[kind] for b in lost}))
            text = f"this takes the place of what was told before ({words}: answer {ids}); nothing was deleted"
            warned.append(Warned("answer-replaced", text))
    return warned


def _run_of(store: Store, run: str | None, phase: str, happened_at: datetime | None) -> RunRow | None:
    if run is not None:
        return runs.row(store, runs.find(store, run))
    if phase != "night":
        raise UsageError("journal-unknown-run", "a run is needed, except for a cramp at night")
    if happened_at is None:
        raise UsageError("journal-date", "a cramp at night without a run needs its date", "--date")
    at = _aware(happened_at)
    for row in runs.rows(store):
        if timedelta(0) <= at - (row.started_at + timedelta(seconds=row.elapsed_s)) <= NIGHT_AFTER:
            return row
    return None


def _same_event(
    before: Iterable[Event], kind: str, phase: str, place: Cramp | None, muscle: str | None, side: str | None
) -> int | None:
    """The answer that says the same already: a repeated tap or command is one cramp, not two."""
    where = (place.at_s, place.from_s, place.to_s) if place else (None, None, None)
    muscle = muscle or ("calf" if kind in ("cramp", "twitch") else None)
    for e in before:
        same = (e.kind, e.phase, e.muscle, e.side) == (kind, phase, muscle, side)
        if same and all(_close(a, b) for a, b in zip((e.at_s, e.from_s, e.to_s), where, strict=True)):
            return e.id
    return None


def _close(a: float | None, b: float | None) -> bool:
    return a is b if a is None or b is None else abs(a - b) <= FINISH_TOLERANCE_S


def _check_replaces(store: Store, replaces: int, row: RunRow | None) -> None:
    of_run = answers.current(store, Event, row.run_id if row else None)
    if replaces not in {e.id for e in of_run}:
        raise UsageError(
            "journal-unknown-answer", f"there is no cramp, twitch or 'none' {replaces} that holds for this run"
        )


def _within(place: Cramp, row: RunRow) -> None:
    exact = place.from_s if place.at_s is None else place.at_s
    if not 0 <= place.from_s <= exact <= place.to_s:
        raise UsageError("journal-value", f"a place from {place.from_s:g} s to {place.to_s:g} s")
    latest = place.to_s if place.at_s is None else place.at_s
    if latest > row.elapsed_s + FINISH_TOLERANCE_S:
        end = f"{_hms(row.elapsed_s)} and {row.distance_m / 1000:.2f} km"
        raise UsageError("journal-outside-run", f"{_hms(latest)} lies beyond the end of the run ({end})")


def _happened(
    happened_at: datetime | None, told_at: datetime, row: RunRow | None, place: Cramp | None, phase: str
) -> datetime:
    if happened_at is None and row is not None:
        into = row.elapsed_s if phase != "during" else 0.0 if place is None else (place.at_s or place.from_s)
        return row.started_at + timedelta(seconds=into)
    at = told_at if happened_at is None else _aware(happened_at)
    if not EARLIEST <= at <= told_at + CLOCK_AHEAD:
        raise UsageError("journal-date", f"{at:%Y-%m-%d} is not a day that was", "--date")
    return at


def _aware(at: datetime) -> datetime:
    return at.astimezone(UTC)  # a naive time is the runner's own


def _clock(now: datetime | None) -> datetime:
    return now or datetime.now(UTC)


def _one_of(name: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise UsageError("journal-value", f"'{value}' as {name}; known are {', '.join(known)}")


def _limited(name: str, value: float | None) -> None:
    low, high, unit = LIMITS[name]
    if value is not None and not (math.isfinite(value) and low <= value <= high):
        value, low, high = (_SHOWN.get(unit, 1.0) * v for v in (value, low, high))
        found = f"{name} {value:g} {unit}; possible is {low:g} to {high:g} {unit}"
        raise UsageError("journal-value", " ".join(found.replace(" ;", ";").split()))


def _hms(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
