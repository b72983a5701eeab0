"""How long the body takes: processor time beside wall time, since it runs on one core and the machine may be busy."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.long_run import four_hours


def best_of(call: Callable[[], object], times: int = 3) -> tuple[float, float]:
    """Least wall and processor seconds of a few calls, the first of which warms up."""
    call()
    found = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
    return min(w for w, _ in found), min(c for _, c in found)


def import_seconds() -> float:
    """Processor seconds of importing the room beyond what NumPy alone costs, in fresh interpreters."""

    def cost(line: str) -> float:
        code = f"import time; {line}; print(time.process_time())"
        return min(float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(3))

    return cost("import charley.body") - cost("import numpy")


def main() -> None:
    from charley.body import (
        course_from_run,
        course_of,
        draw_bodies,
        level_from_run,
        level_speed_m_s,
        reference_course,
        simulate,
    )
    from charley.vocabulary.runner import BestEffort, Intake, Runner, Weather

    steps = 1260
    race = course_of(np.full(steps, 42_195.0 / 12_600.0), 10.0, drink_l_s=0.45 / 3600.0, drink_carbohydrate_g_l=30.0)
    runner = Runner(mass_kg=70.0, bests=(BestEffort(21_097.5, 6000.0),))
    weighed = Runner(mass_kg=70.0, sweat_rate_l_h=1.2)
    bodies = {n: draw_bodies(runner, n, np.random.default_rng(1)) for n in (1, 500, 1000)}

    def reference() -> object:
        speed = level_speed_m_s(bodies[500], 42_195.0)
        return simulate(reference_course(bodies[500], 42_195.0, speed), bodies[500])

    recorded = four_hours()

    def level() -> object:
        return level_from_run(recorded, Runner(), np.random.default_rng(1), bodies[500])

    def course() -> object:
        return course_from_run(recorded, Weather(), Intake(), np.random.default_rng(1), bodies[500])

    rows = {
        "a race of 3:30 in steps of 10 s, 1000 bodies (bar: 1 s)": lambda: simulate(race, bodies[1000]),
        "the same, 500 bodies": lambda: simulate(race, bodies[500]),
        "the same, 1 body": lambda: simulate(race, bodies[1]),
        "its reference run in steps of 60 s, 500 bodies": reference,
        "500 bodies drawn with one best": lambda: draw_bodies(runner, 500, np.random.default_rng(1)),
        "their level from a run of four hours with heart rate": level,
        "the course of that run, nothing told": course,
        "500 bodies drawn with a weighed sweat rate": lambda: draw_bodies(weighed, 500, np.random.default_rng(1)),
    }
    print("| what | wall | processor |\n| --- | --- | --- |")
    for name, call in rows.items():
        wall, cpu = best_of(call)
        print(f"| {name} | {1000 * wall:.0f} ms | {1000 * cpu:.0f} ms |")
    print(f"| importing charley.body, beyond NumPy | - | {1000 * import_seconds():.0f} ms |")
