"""How long a plan takes: a marathon in three kinds of weather, and one that is refused, beside the simulation of its
bodies at the step that the plan is shown at."""

from __future__ import annotations

from functools import partial

import numpy as np

from benchmarks.timing import both, pair

BAR = "1000 ms"
WEATHER = {"10 °C": (10.0, 0.65, 1.15), "20 °C": (20.0, 0.6, 1.15), "34 °C, humid, refused": (34.0, 0.9, 1.0)}
ROUNDS = 7


def main() -> None:
    from charley import body
    from charley.api import race as api
    from charley.evidence.numbers.planning import PLANNING
    from charley.planning.race import belief as beliefs
    from charley.planning.race import limits, plan
    from charley.planning.race.answer import BODIES
    from charley.planning.race.gates import health_of
    from charley.planning.race.scenario import setting_of, simulated
    from charley.planning.race.strategy import way_of
    from charley.planning.race.usual import NOBODYS
    from charley.vocabulary.race import Refusal
    from charley.vocabulary.runner import Runner, Weather

    runner = Runner(mass_kg=70.0)
    studies = beliefs.from_studies(runner)
    belief = studies.thinned(BODIES, studies.posterior.draws)
    print(
        f"A marathon from studies alone, {BODIES} bodies and {belief.posterior.draws} draws, stations every five kilometres. "
        "The floor is one simulation of the same bodies at the step that a plan is shown at.\n\n"
        "| what | wall | processor | against the floor | bar |\n| --- | --- | --- | --- | --- |"
    )
    for name, (temp_c, humidity, slower) in WEATHER.items():
        race = api.race_of(api.course(None, 42_195.0), weather=Weather(temp_c, humidity))
        setting = setting_of(belief, way_of(race.course, race.stations_m), race.air, 1)
        level_s = 42_195.0 / float(np.median(body.level_speed_m_s(belief.bodies, setting.way.flat_m)))
        usual = NOBODYS.strategy(slower * level_s, belief)
        habit, health, doubt = plan.as_usual(usual, setting), health_of((), True, runner), limits.sweat_doubt(())
        floor = partial(simulated, [(usual, setting)], PLANNING.shown_step_s)
        made = partial(plan.made_plan, race, habit, setting, doubt, health)
        assert isinstance(made(), Refusal) == name.endswith("refused"), name
        times = both(ROUNDS, floor=floor, plan=made)
        pair(f"{name}: one simulation", times["floor"])
        pair(f"{name}: plan", times["plan"], times["floor"], BAR)
