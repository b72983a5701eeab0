"""What was not in the file or not said: what was assumed instead, what it would add, and what stands behind it all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from charley.answers.one_run import information
from charley.evidence import parameters, priors, sources, standing_on
from charley.risk.person import drawn_offset
from charley.vocabulary.answer import Assumed, DeclineTest, Detected, Missing, WouldTell
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import Warned
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.evidence import Source
from charley.vocabulary.units import METRES_PER_KM

if TYPE_CHECKING:
    from charley.answers.one_run.simulate import Simulated


# How a covariate is put into words: a factor into a plain unit, and the words around the figure.
SEEN = {
    "pace_excess": (1.0, "{} % faster than own level so far"),
    "surge": (10.0, "{} % above a tenth over the run's mean, over the last minutes"),
    "slow_calf_fatigue": (8.0, "{} points of 100 above the reference run"),
    "carbohydrate": (30.0, "{} g an hour against what is usual"),
    "beyond_longest": (10.0, "{} % of the longest recent run beyond what is usual"),
    "muscle_damage_recent": (1.0, "{} h more than usual in the longest session of the last three days"),
    "strength_training": (1.0, "{} (1 = trains strength, against an average field)"),
    "hill_gain": (10.0, "{} m of climb a km"),
    "recent_drop_reduction": (1.0, "{} (1 = lower heels since less than 8 weeks)"),
    "forefoot": (1.0, "{} (1 = lands on the forefoot)"),
    "body_mass_loss": (1.0, "{} % of body mass more lost than in the reference run"),
    "sodium_fall": (1.0, "{} mmol/L lower than in the reference run"),
    "wbgt": (1.0, "{} °C above 18 °C wet-bulb globe temperature"),
}


def seen(key: str, values: Floats) -> str:
    """How far the run was from the reference, mean and middle 80 in 100, in the unit of the factor."""
    scale, words = SEEN[key]
    e = Estimate.from_draws(scale * values)
    same = e.high - e.low < 0.05
    return words.format(_figure(e.mean) if same else f"{_figure(e.mean)} ({_figure(e.low)} to {_figure(e.high)})")


def _figure(value: float) -> str:
    text = f"{value:.1f}" if abs(value) < 10 else f"{value:.0f}"
    return "0" if float(text) == 0 else text.replace("-", "−")


def channels(s: Simulated) -> tuple[Missing, ...]:
    """Channels that the file does not have, with what each would add."""
    run = s.question.run
    found = []
    if s.question.weather.air_temp_c is None:
        water = s.states.body_water_change_l[-1] / s.bodies.mass_kg
        share = information.explained_share(_first(s.course.air_temp_c, s.question.draws), water)
        cut = information.narrowing(share)
        found.append(
            Missing(
                "air_temp",
                "Air temperature",
                f"It would narrow the range of body water by about {100 * cut:.0f} in 100.",
                "--temp 18",
                cut,
            )
        )
    if not run.streams.has("heart_rate_bpm"):
        adds = "It would help to place your own level where no best time is given."
        found.append(Missing("heart", "Heart rate", adds, "a chest strap or a watch that records it", None))
    if not run.streams.has("cadence_spm"):
        adds = "It would separate a sudden stop from a gradual fade and give the load per step."
        found.append(Missing("cadence", "Cadence", adds, "a watch or a foot pod that records it", None))
    if not run.streams.has("altitude_m"):
        adds = "Hills: without them the course is taken as flat."
        found.append(Missing("altitude", "Altitude", adds, "a watch that records it", None))
    return tuple(found)


def assumptions(s: Simulated) -> tuple[Assumed, ...]:
    """What was not said and had to be assumed, with its spread."""
    q, out = s.question, []
    runner, states = q.runner, s.states
    out += [Assumed("gaps", "Gap in the recording", note) for note in s.course.notes if "without a recording" in note]
    hours = states.time_s[-1] / 3600.0
    level = Estimate.from_draws(s.level_m_s)
    if not runner.bests:
        how = "from this run's heart rate" if q.run.streams.has("heart_rate_bpm") else "from what runners are like"
        out.append(Assumed("level", "Own level", f"{how}, never below what the run itself shows", level, "m/s"))
    else:
        out.append(Assumed("level", "Own level", "from the best times given", level, "m/s"))
    if q.effort == "unknown":
        share = float(s.situation.raced.mean())
        text = (
            "taken as a race by its length; say --training if it was not"
            if share == 1.0
            else f"all-out in {100 * share:.0f} of 100 draws; say --race or --training to settle it"
        )
        out.append(Assumed("effort", "Effort", text))
    if runner.mass_kg is None:
        mass = Estimate.from_draws(s.bodies.mass_kg)
        out.append(Assumed("mass", "Body mass", "average of runners; say --mass 70", mass, "kg"))
    if runner.sweat_rate_l_h is None:
        rate = Estimate.from_draws(states.sweat_l[-1] / hours)
        out.append(
            Assumed(
                "sweat", "Sweat rate", "from heat balance and studies; weigh yourself before and after", rate, "L/h"
            )
        )
    if q.intake.drink_l is None:
        drunk = Estimate.from_draws(states.drunk_l[-1] / hours)
        out.append(Assumed("drink", "Drink", "what runners usually take; say --drank 1.5", drunk, "L/h"))
    if q.weather.air_temp_c is None:
        temp = Estimate.from_draws(_first(s.course.air_temp_c, q.draws))
        out.append(Assumed("weather", "Weather", "nothing was said; say --temp 18 --rh 60", temp, "°C"))
    if runner.history is None:
        prone = float(s.hazard.person.class_probability()[1].mean())
        out.append(Assumed("history", "Your past", f"{100 * prone:.0f} in 100 people cramp easily; say --history 3/10"))
    if runner.longest_run_30d_m is None:
        longest = Estimate.from_draws(s.situation.longest_run_m / METRES_PER_KM)
        out.append(
            Assumed("longest", "Longest recent run", "usual for the distance; say --longest 30km", longest, "km")
        )
    return tuple(out)


def would_tell(s: Simulated) -> tuple[WouldTell, ...]:
    """Steps that would tell more, most information first; each figure is computed from the draws."""

    q = s.question
    rng = np.random.default_rng(np.random.SeedSequence(q.seed).spawn(7)[6])
    log_run = np.log(np.maximum(s.hazard.total, 1e-300))
    offset = drawn_offset(s.hazard.person, rng)
    wanted = log_run + offset
    steps: list[tuple[str, str, Floats]] = []
    if q.runner.history is None:
        answers = _history_answers(s, offset, rng)
        steps.append(("how many of your last ten long races brought a cramp", "--history 3/10", answers))
    if not q.runner.bests:
        steps.append(("a recent best time: your own level is then measured", "--best 10k=45:00", s.level_m_s))
    if q.runner.longest_run_30d_m is None:
        ratio = s.situation.longest_run_m / q.run.distance_m
        steps.append(("your longest run of the last 30 days", "--longest 30km", ratio))
    if q.weather.air_temp_c is None:
        steps.append(("the air temperature", "--temp 18", _first(s.course.air_temp_c, q.draws)))
    if q.intake.drink_l is None:
        steps.append(("what you drank", "--drank 1.5", s.states.drunk_l[-1]))
    if q.runner.sweat_rate_l_h is None:
        steps.append(("a weighing before and after such a run", "--sweat-rate 0.9", s.states.sweat_l[-1]))
    told = [
        WouldTell(what, flag, information.bits(information.explained_share(known, wanted)))
        for what, flag, known in steps
    ]
    return tuple(sorted(told, key=lambda w: -w.expected_information_bits))


_ASKED_RACES = 10


def _history_answers(s: Simulated, offset: Floats, rng: np.random.Generator) -> Floats:
    """What people like each draw would answer: cramps in ten long races."""
    from charley.risk.baseline import MARATHON_KM, field_cumulative_hazard
    from charley.risk.person import gamma_survival, reference_log_hazard

    reference = reference_log_hazard(field_cumulative_hazard(MARATHON_KM, s.hazard.draws), s.hazard.draws)
    chance = 1 - gamma_survival(np.exp(reference + offset), s.hazard.draws.frailty_variance)
    return rng.binomial(_ASKED_RACES, chance).astype(np.float64)


def warnings(s: Simulated) -> tuple[Warned, ...]:
    """That a single run is not a log, what was bridged, and where an input left the range of a model."""
    notes = s.course.notes
    found = [Warned("studies-only", "all of this answer comes from published studies; no cause is ranked")]
    found += [Warned("input-assumed", text) for text in notes]
    found += [Warned("model-range", text) for text in s.states.outside if text not in notes]
    return tuple(found)


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
