"""What a log shows by itself, without a model of causes: places, legs, races against training, kinds of cramps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from charley.answers.history.belief import Belief, muscle_of, share
from charley.answers.history.log import Log
from charley.answers.history.plan import is_race
from charley.evidence import families
from charley.evidence.numbers.learning import LEARNING
from charley.inference.attribution import attribute_cramp
from charley.vocabulary import journal
from charley.vocabulary.history import Told
from charley.vocabulary.over_journal import (
    ButFor,
    Contrast,
    Group,
    LoggedCramp,
    RacesAgainstTraining,
    RunDot,
    SamePlace,
    Sides,
)
from charley.vocabulary.place import distance_at_m
from charley.vocabulary.units import SECONDS_PER_HOUR

# Conditions and medicines that the lists of causes of symptomatic cramps name: they send to a person who can examine.
POINTS_ELSEWHERE = frozenset(
    {"kidney", "diabetes", "thyroid", "pregnancy", "muscle_or_nerve_disease", "hernia_or_sciatica"}
    | {"diuretic", "statin", "asthma_spray", "low_sodium_before"}
)  # fmt: skip
LONG_TRAINING_S = 5400.0


def cramps(belief: Belief) -> tuple[LoggedCramp, ...]:
    """Every cramped run's first cramp, with its but-for figures under the belief of today."""
    log = belief.log
    return tuple(_cramp(belief, i) for i in log.cramped)


def _cramp(belief: Belief, i: int) -> LoggedCramp:
    log = belief.log
    muscles = muscle_of(log.reports, i)
    told, rows, report, posterior = log.told[i], log.rows[i], log.reports[muscles][i], belief.now.of[muscles]
    row = told.row
    until_h = rows.end_h if report.to_h is None else report.to_h
    at_h = report.at_h if report.at_h is not None else (report.from_h + until_h) / 2
    found = attribute_cramp(posterior, rows, at_h)
    table = log.table
    by_family = []
    for name, members, triggers in zip(
        table.family_names, table.family_members(), table.family_triggers(), strict=True
    ):
        kept = np.prod(1 - found.but_for[:, members], axis=1) * np.prod(1 - found.triggered[:, triggers], axis=1)
        by_family.append(ButFor(name, families()[name], share(np.asarray(1 - kept))))
    factors = tuple(ButFor(key, table.labels[k], share(found.but_for[:, k])) for k, key in enumerate(table.keys))
    # by how much the log hazard was lowered
    net = posterior.weights @ (found.protective + np.log1p(-np.minimum(found.but_for, 1 - 1e-12)))
    lowered = [table.labels[k] for k in range(len(table)) if net[k] > _NOTICED]
    first = min(told.report.cramps, key=lambda c: c.from_s)
    metres = row.distance_m / max(row.elapsed_s, 1.0)
    at_m = None if report.at_h is None else _metres(told, report.at_h * SECONDS_PER_HOUR)
    return LoggedCramp(
        run_id=row.run_id,
        started_at=row.started_at,
        at_s=None if report.at_h is None else report.at_h * SECONDS_PER_HOUR,
        at_m=at_m,
        from_m=first.from_s * metres if at_m is None else at_m,
        to_m=first.to_s * metres if at_m is None else at_m,
        run_distance_m=row.distance_m,
        run_elapsed_s=row.elapsed_s,
        race=rows.hard,
        muscle=first.muscle,
        side=first.side,
        families=tuple(by_family),
        factors=factors,
        protective=tuple(lowered),
    )


_NOTICED = 0.02  # a log hazard that nobody would see is not named as help


def _metres(told: Told, at_s: float) -> float:
    return distance_at_m(told.read(), at_s)


def same_place(found: Sequence[LoggedCramp]) -> SamePlace | None:
    """Spread of the exact places of two cramps or more: middle 80 in 100, all of them where they are few."""
    exact = [(c.at_m, c.at_m / c.run_distance_m) for c in found if c.at_m is not None and c.run_distance_m > 0]
    if len(exact) < 2:
        return None
    metres, part = np.array(exact).T
    (low_m, mid_m, high_m), (low, mid, high) = (np.quantile(v, (0.1, 0.5, 0.9)) for v in (metres, part))
    return SamePlace(len(exact), float(mid_m), float(low_m), float(high_m), float(mid), float(low), float(high))


def sides(log: Log, alone: Sequence[journal.Event]) -> Sides:
    """How many cramps were told of each leg."""
    said = [e.side for e in (*_events(log), *alone) if e.kind == "cramp"]
    left, right, both = (said.count(name) for name in ("left", "right", "both"))
    return Sides(left, right, both, len(said) - left - right - both)


def dots(log: Log) -> tuple[RunDot, ...]:
    """Every run in a few figures, the earliest first."""
    answered, cramped = set(log.answered), set(log.cramped)
    return tuple(
        RunDot(
            t.row.run_id, t.row.started_at, t.row.distance_m, t.row.elapsed_s, log.rows[i].hard or is_race(t),
            i in answered, i in cramped,
        )
        for i, t in enumerate(log.told)
    )  # fmt: skip


def groups(log: Log, alone: Sequence[journal.Event], health: Sequence[str]) -> tuple[Group, ...]:
    """Cramps by kind, each counted once: at night; early in a run that was not hard (symptomatic, until somebody has
    looked); all others, during a run or within six hours after it, as cramps of fatigue."""
    named = ", ".join(sorted(n.replace("_", " ") for n in set(health) & POINTS_ELSEWHERE))
    early = LEARNING.symptomatic_before
    night = list(alone)
    symptomatic: list[journal.Event] = []
    fatigue: list[journal.Event] = []
    for told, rows in zip(log.told, log.rows, strict=True):
        for e in told.report.events:
            if e.kind != "cramp":
                continue
            at_s = e.at_s if e.at_s is not None else e.to_s
            is_early = e.phase == "during" and at_s is not None and at_s < early * told.row.elapsed_s
            kind = night if e.phase == "night" else symptomatic if is_early and not rows.hard else fatigue
            kind.append(e)
    why = "not late and not hard: effort does not explain them" if symptomatic else ""
    if named:
        why = f"{why}; " if why else ""
        why += f"you named {named}, which can bring cramps of any kind: show your log to someone who can examine you"
    return (
        _group("fatigue", "In a run or within six hours after it", fatigue, ""),
        _group("nocturnal", "At night", night, "a process of its own, never counted as a cramp of a run"),
        _group("symptomatic", "Early in a run that was not hard", symptomatic, why),
    )


def _group(key: str, label: str, events: Sequence[journal.Event], note: str) -> Group:
    windows = tuple((phase, sum(e.phase == phase for e in events)) for phase in journal.PHASES)
    return Group(key, label, len(events), windows, note)


def _events(log: Log) -> list[journal.Event]:
    return [e for told in log.told for e in told.report.events if e.kind == "cramp"]


def races_against_training(log: Log) -> RacesAgainstTraining:
    """Races beside training runs of an hour and a half or more (or of three quarters of the shortest race)."""
    races = [i for i, t in enumerate(log.told) if log.rows[i].hard or is_race(t)]
    shortest = min((log.told[i].row.elapsed_s for i in races), default=LONG_TRAINING_S)
    least_s = min(LONG_TRAINING_S, 3 * shortest / 4)
    raced = set(races)
    training = [i for i, t in enumerate(log.told) if i not in raced and t.row.elapsed_s >= least_s]
    answered, cramped = set(log.answered), set(log.cramped)
    return RacesAgainstTraining(
        races=len(races),
        races_answered=sum(i in answered for i in races),
        races_cramped=sum(i in cramped for i in races),
        training=len(training),
        training_answered=sum(i in answered for i in training),
        training_cramped=sum(i in cramped for i in training),
        contrasts=_contrasts(log, races, training),
        inseparable=_inseparable(log, [*races, *training]),
    )


def _contrasts(log: Log, races: Sequence[int], training: Sequence[int]) -> tuple[Contrast, ...]:
    water = log.table.keys.index("body_mass_loss") if "body_mass_loss" in log.table.keys else None

    longest = {p.told.row.run_id: p.runner.longest_run_30d_m for p in log.planned}

    def figure(i: int) -> dict[str, float]:
        row = log.told[i].row
        longest_m = longest.get(row.run_id)
        found = {"distance_m": row.distance_m, "elapsed_s": row.elapsed_s}
        found["speed_m_s"] = row.distance_m / max(row.elapsed_s, 1.0)
        temp = log.told[i].weather.air_temp_c
        if temp is not None:
            found["air_temp_c"] = temp
        if longest_m:
            found["against_longest"] = row.distance_m / longest_m - 1
        if water is not None:
            found["body_mass_loss"] = float(log.rows[i].covariates[:, -1, water].mean())
        return found

    kinds = (
        ("distance_m", "Distance", "m"),
        ("elapsed_s", "Time", "s"),
        ("speed_m_s", "Pace", "m/s"),
        ("air_temp_c", "Air temperature, as told", "°C"),
        ("against_longest", "Length, against the longest run of the 30 days before", "longer"),
        ("body_mass_loss", "Water lost by the end, against an even run of that length", "% of body mass more"),
    )
    some, others = [figure(i) for i in races], [figure(i) for i in training]

    def middle(rows: Sequence[dict[str, float]], key: str) -> float | None:
        known = [row[key] for row in rows if key in row]
        return float(np.median(known)) if known else None

    return tuple(Contrast(key, label, unit, middle(some, key), middle(others, key)) for key, label, unit in kinds)


def _inseparable(log: Log, chosen: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """Pairs of families that rose and fell together over these runs: the log cannot tell them apart."""
    if len(chosen) < _LEAST_TO_COMPARE:
        return ()
    table = log.table
    ends = np.array([log.rows[i].covariates[:, -1].mean(axis=0) for i in chosen]) * table.scale
    sums = ends @ table.family_members().T.astype(float)
    spread = sums.std(axis=0)
    together = []
    names = table.family_names
    for a in range(len(names)):
        for b in range(a + 1, len(names)):
            if spread[a] > 1e-6 and spread[b] > 1e-6:
                r = float(np.corrcoef(sums[:, a], sums[:, b])[0, 1])
                if r > LEARNING.inseparable_correlation:
                    together.append((families()[names[a]], families()[names[b]]))
    return tuple(together)


_LEAST_TO_COMPARE = 6
