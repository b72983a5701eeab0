"""What was not in the file or not said: what was assumed instead, what it would add, and what stands behind it all.

Everything here is a key with its figures; the faces say it in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from charley.answers.one_run import information
from charley.evidence import parameters, priors, sources, standing_on
from charley.risk.baseline import MARATHON_KM, field_cumulative_hazard
from charley.risk.person import drawn_offset, field_survival, reference_log_hazard
from charley.vocabulary.answer import Assumed, DeclineTest, Detected, Missing, WouldTell
from charley.vocabulary.arrays import Floats
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.evidence import Source
from charley.vocabulary.note import STUDIES, Note, note
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from charley.answers.one_run.simulate import Simulated

# Channel of the file -> key under which its lack is told.
CHANNELS = {"heart_rate_bpm": "heart", "cadence_spm": "cadence", "altitude_m": "altitude"}
ASKED_RACES = 10


def channels(s: Simulated) -> tuple[Missing, ...]:
    """Channels that the file does not have, with what each would add."""
    found = []
    if s.question.weather.air_temp_c is None:
        water = s.states.body_water_change_l[-1] / s.bodies.mass_kg
        share = information.explained_share(_first(s.course.air_temp_c, s.question.draws), water)
        found.append(Missing("air_temp", information.narrowing(share)))
    found += [Missing(key, None) for channel, key in CHANNELS.items() if not s.question.run.streams.has(channel)]
    return tuple(found)


def assumptions(s: Simulated) -> tuple[Assumed, ...]:
    """What was not said and had to be assumed, with its spread."""
    q, states = s.question, s.states
    runner, hours = q.runner, states.time_s[-1] / SECONDS_PER_HOUR
    out = [Assumed("gaps", n) for n in s.course.notes if n.code == "gap-bridged"]
    how = "level-bests" if runner.bests else "level-heart" if q.run.streams.has("heart_rate_bpm") else "level-runners"
    out.append(Assumed("level", note(how), Estimate.from_draws(s.level_m_s), "m/s"))
    if q.effort == "unknown":
        out.append(Assumed("effort", note("effort-guessed", all_out=float(s.situation.raced.mean()))))
    if runner.mass_kg is None:
        out.append(Assumed("mass", note("mass"), Estimate.from_draws(s.bodies.mass_kg), "kg"))
    if runner.sweat_rate_l_h is None:
        out.append(Assumed("sweat", note("sweat"), Estimate.from_draws(states.sweat_l[-1] / hours), "L/h"))
    if q.intake.drink_l is None:
        out.append(Assumed("drink", note("drink"), Estimate.from_draws(states.drunk_l[-1] / hours), "L/h"))
    if q.weather.air_temp_c is None:
        temp = Estimate.from_draws(_first(s.course.air_temp_c, q.draws))
        out.append(Assumed("weather", note("weather"), temp, "°C"))
    if runner.history is None:
        out.append(Assumed("history", note("history", prone=float(s.hazard.person.class_probability()[1].mean()))))
    if runner.longest_run_30d_m is None:
        longest = Estimate.from_draws(s.situation.longest_run_m / METRES_PER_KM)
        out.append(Assumed("longest", note("longest"), longest, "km"))
    return tuple(out)


def would_tell(s: Simulated, level: Floats | None = None, races: int = ASKED_RACES) -> tuple[WouldTell, ...]:
    """Steps that would tell more, most information first; each figure is computed from the draws.

    ``level``: what a journal has learnt of the person, (draws,), in place of what the answers say; ``races``: of the
    last ten so many are not in it.
    """
    q, of_body = s.question, s.crossed.person
    rng = np.random.default_rng(np.random.SeedSequence(q.seed).spawn(7)[6])
    offset = drawn_offset(s.hazard.person, rng) if level is None else level[of_body]
    wanted = np.log(np.maximum(s.hazard.total, 1e-300)) + offset
    steps: list[tuple[str, Floats]] = []
    if q.runner.history is None and races > 0:
        steps.append(("history", _history_answers(s, offset, races, rng)))
    if not q.runner.bests:
        steps.append(("best", s.level_m_s[of_body]))
    if q.runner.longest_run_30d_m is None:
        steps.append(("longest", s.situation.longest_run_m[of_body] / q.run.distance_m))
    if q.weather.air_temp_c is None:
        steps.append(("temp", _first(s.course.air_temp_c, q.draws)[of_body]))
    if q.intake.drink_l is None:
        steps.append(("drank", s.states.drunk_l[-1][of_body]))
    if q.runner.sweat_rate_l_h is None:
        steps.append(("sweat", s.states.sweat_l[-1][of_body]))
    told = [WouldTell(k, information.bits(information.explained_share(known, wanted))) for k, known in steps]
    return tuple(sorted(told, key=lambda w: -w.expected_information_bits))


def _history_answers(s: Simulated, offset: Floats, races: int, rng: np.random.Generator) -> Floats:
    """What people like each draw would answer: cramps in so many long races."""
    worlds, draws = s.crossed.worlds, s.hazard.draws
    reference = reference_log_hazard(field_cumulative_hazard(MARATHON_KM, worlds), worlds, MARATHON_KM)
    chance = 1 - field_survival(np.exp(np.repeat(reference, s.hazard.people) + offset), MARATHON_KM, draws)
    return rng.binomial(races, chance).astype(np.float64)


def notes(s: Simulated) -> tuple[Note, ...]:
    """That a single run is not a log, what was assumed on the way, and where an input left the range of a model."""
    taken = s.course.notes
    return (Note("one-run", STUDIES), *taken, *(n for n in s.states.outside if n not in taken))


def standing(
    s: Simulated, source_ids: list[str], detected: tuple[Detected, ...], decline: DeclineTest
) -> tuple[Source, ...]:
    """Every source that this answer stands on, in the order of its use, each once."""
    used = list(source_ids)
    table = priors()
    for key in ("log_H42", "m_short", "k_marathon", "trait_logHR", "trait_prob", "calf_share", "post_run_share"):
        used += table[key].source_ids
    used += [i for d in detected if d.met is not None for i in d.source_ids]
    used += decline.source_ids
    used += [source.id for source in standing_on([decline.claim_id])]
    used += [i for room in ("risk", "body") for p in parameters(room).values() for i in p.source_ids]
    known = sources()
    return tuple(known[i] for i in dict.fromkeys(used) if known[i].seen != "own")


def _first(values: Floats, draws: int) -> Floats:
    """The first row of an input that is either (steps,) or (steps, draws)."""
    return np.broadcast_to(np.asarray(values[0], dtype=np.float64), (draws,))
