"""A race to come: how long, how likely a cramp and where, what each change buys, a plan; and what came of forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from charley.api import journal as journals
from charley.vocabulary.errors import UsageError
from charley.vocabulary.progress import Progress, Tell, nobody

if TYPE_CHECKING:
    from charley.api.open_meteo import OpenMeteo
    from charley.planning.race.belief import Belief
    from charley.planning.race.limits import SweatDoubt
    from charley.vocabulary.history import Told
    from charley.vocabulary.race import Ledger, Race, RaceAnswer, RaceCourse
    from charley.vocabulary.race_day import RaceDay
    from charley.vocabulary.runner import Runner, Weather

LONGEST_DAYS_AHEAD = 800
MODEL = "race 2"  # raise it when the same question would be answered otherwise


def course(path: Path | None, distance_m: float | None, name: str = "") -> RaceCourse:
    """The way of a race: from a file, or flat and of that length. Raises RunFileError, UsageError (race-needs)."""
    from charley.planning.conditions.course import course_of, flat_course

    if path is not None:
        from charley.activities.courses import read_course

        return course_of(read_course(path), distance_m)
    if distance_m is None:
        raise UsageError("race-needs", "no distance and no course")
    if not 400.0 <= distance_m <= 500_000.0:
        raise UsageError(
            "usage-value", f"a race of {distance_m / 1000:g} km", "--distance", "Possible is 0.4 to 500 km."
        )
    return flat_course(distance_m, name)


def race_of(
    way: RaceCourse,
    *,
    goal_s: float | None = None,
    starts_at: datetime | None = None,
    weather: Weather | None = None,
    forecast_file: Path | None = None,
    latitude_deg: float | None = None,
    longitude_deg: float | None = None,
    service: OpenMeteo | None = None,
    name: str = "",
    stations_m: Sequence[float] | None = None,
    cup_l: float | None = None,
    now: datetime | None = None,
) -> Race:
    """The race as it is asked. ``starts_at`` is the local clock of the start, without a zone. ``service`` is asked for
    the weather of its place and day, unless there is a file.

    Raises UsageError (race-date) for a day in the past, InputError for a forecast file without a forecast.
    """
    from charley.evidence.numbers.planning import PLANNING as n
    from charley.planning.conditions.air import air_of
    from charley.planning.conditions.forecast_file import MOST_BYTES, read_forecast
    from charley.vocabulary.race import Race
    from charley.vocabulary.runner import Weather

    today = (now or datetime.now(UTC)).replace(tzinfo=None)
    if starts_at is not None and starts_at.date() < today.date():
        raise UsageError("race-date", f"{starts_at:%d %B %Y} is in the past", "--date")
    if starts_at is not None and (starts_at - today).days > LONGEST_DAYS_AHEAD:
        raise UsageError("race-date", f"{starts_at:%d %B %Y} is more than two years ahead", "--date")
    saved = None
    if forecast_file is not None:
        with open(forecast_file, encoding="utf-8", errors="replace") as file:
            saved = read_forecast(file.read(MOST_BYTES + 1), forecast_file.name)
    place = way.latitude_deg if latitude_deg is None else latitude_deg
    if service is not None and saved is None:
        if starts_at is None:
            raise UsageError("weather-needs", "the day is not known", "--date")
        east = way.longitude_deg if longitude_deg is None else longitude_deg
        saved = service.of_day(place, east, starts_at.date(), in_utc=False, today=today.date())
    stations = _stations(way.distance_m) if stations_m is None else tuple(sorted(stations_m))
    for at in stations:
        if not 0.0 < at < way.distance_m:
            raise UsageError("usage-value", f"a station at {at / 1000:g} km is not on the way", "--stations")
    return Race(
        course=way,
        air=air_of(weather or Weather(), saved, place, starts_at),
        goal_s=goal_s,
        starts_at=starts_at,
        name=name or way.name,
        stations_m=stations,
        cup_l=n.cup_l if cup_l is None else cup_l,
    )


def _stations(distance_m: float) -> tuple[float, ...]:
    """Drink stations where nobody named them: every five kilometres, none on the last two."""
    from charley.evidence.numbers.planning import PLANNING as n

    first, every = (1000.0 * km for km in (n.station_first_km, n.station_every_km))
    count = int(max((distance_m - 2000.0 - first) // every + 1, 0))
    return tuple(first + every * i for i in range(count))


def forecast(
    race: Race,
    *,
    runner: Runner | None = None,
    journal: Path | None = None,
    health: Sequence[str] | None = None,
    weekly_distance_m: float | None = None,
    seed: int = 1,
    now: datetime | None = None,
    tell: Tell = nobody,
) -> RaceAnswer:
    """How a race will go for this runner. ``journal``: learn from it; None: from published studies alone.

    ``health``: conditions and medicines ("none" is an empty sequence); None: only what the journal says.
    ``tell`` hears how far it is.
    """
    from dataclasses import replace

    from charley.planning.finish.best_efforts import best_efforts, training_before
    from charley.planning.finish.predictors import Training
    from charley.planning.race import belief as beliefs
    from charley.planning.race.answer import RaceQuestion, answer
    from charley.planning.race.gates import health_of
    from charley.planning.race.levers import changed_together
    from charley.planning.race.record import past_cramps, trained_frontier, weekly
    from charley.planning.race.usual import NOBODYS, usual_of
    from charley.vocabulary.runner import Runner

    when = now or datetime.now(UTC)
    runner = runner or Runner()
    told: tuple[Told, ...] = ()
    prior_share = 1.0
    named: set[str] = set(health or ())
    asked = health is not None
    training = None if weekly_distance_m is None else Training(weekly_distance_m)
    if journal is None:
        belief: Belief = beliefs.from_studies(runner, seed)
    else:
        from charley.api.history import learned

        found = learned(journal, seed, tell)
        told = found.history.runs
        prior_share = found.belief.lead.prior_share() if found.belief.log.cramped else 1.0
        bests = runner.bests or tuple(f.best for f in best_efforts(told, when))
        belief = beliefs.from_journal(found, replace(runner, bests=bests), when=race.starts_at)
        named |= set(found.history.named)
        asked = asked or bool(found.history.health)
        training = training or training_before(told, when)
    tell(Progress("answer"))
    question = RaceQuestion(
        race=race,
        belief=belief,
        usual=usual_of(told) if told else NOBODYS,
        training=training,
        doubt=_doubt(belief, race),
        health=health_of(named, asked, belief.runner),
        together=changed_together(told),
        seed=seed,
    )
    return replace(
        answer(question),
        prior_share=prior_share,
        demo=bool(told) and all(t.row.demo for t in told),
        past_cramps=past_cramps(told),
        frontier_trained=trained_frontier(told, when),
        weeks=weekly(told, when),
        cramped_at=tuple(t.row.started_at for t in told if t.report.cramps),
    )


def race_day(found: RaceAnswer) -> RaceDay:
    """What goes before and after a race, from its own figures, each piece of advice with its grade."""
    from charley.planning.race.day import race_day as day

    return day(found)


def health_names() -> tuple[str, ...]:
    """Conditions and medicines that decide what is advised."""
    from charley.planning.race.gates import NAMES

    return NAMES


def keep(journal: Path, found: RaceAnswer, now: datetime | None = None) -> RaceAnswer:
    """Keep a forecast of a dated race in the journal, sealed; it comes back with its seal and the record so far.

    A journal is begun for it where there is none. One without a chance or a date is not kept; neither is one that says
    what an earlier one said.
    """
    from contextlib import suppress
    from dataclasses import replace

    from charley.planning import ledger as ledgers
    from charley.vocabulary.errors import JournalError

    record = score(journal)
    if found.chance is None or found.finish is None or found.race.starts_at is None:
        return replace(found, ledger=record)
    when = now or datetime.now(UTC)
    kept = ledgers.to_keep(found, found.finish_quantiles_s, when)
    told = journals.list_forecasts(journal) if journals.store_exists(journal) else ()
    earlier = ledgers.same_again(told, kept)
    if earlier is not None:
        return replace(found, ledger=record, seal=earlier)
    with suppress(JournalError):  # a journal that may only be read keeps nothing
        journals.add_forecast(
            journal, model_version=MODEL, posterior_id=None, name=kept.name, planned_at=kept.planned_at,
            distance_m=kept.distance_m, goal_s=kept.goal_s, chance_mean=kept.chance[0], chance_low=kept.chance[1],
            chance_high=kept.chance[2], detail=kept.detail, now=when,
        )  # fmt: skip
        return replace(found, ledger=record, seal=kept.seal)
    return replace(found, ledger=record)


def score(journal: Path) -> Ledger:
    """Kept forecasts of races against what came; empty where there is no journal."""
    from charley.journal.history import everything
    from charley.planning.ledger import detail_of, ledger

    made = journals.list_forecasts(journal) if journals.store_exists(journal) else ()
    races = [f for f in made if detail_of(f) is not None]
    return ledger(races, everything(journal).runs if races else ())


def _doubt(belief: Belief, race: Race) -> SweatDoubt:
    """How sure the sweat rate is, from weighings in air like the race's."""
    import numpy as np

    from charley.evidence.numbers.planning import PLANNING as n
    from charley.planning.race.limits import sweat_doubt

    if belief.learned is None:
        return sweat_doubt(())
    bodies, wanted = belief.learned.bodies, float(race.air.air_temp_c[:4].mean())
    rates = bodies.weighed_rates(bodies.pool)
    alike = [
        float(np.log(weighed / model))
        for course, weighed, model in rates
        if abs(float(np.mean(course.air_temp_c)) - wanted) <= n.weighings_like_c
    ]
    return sweat_doubt(alike)
