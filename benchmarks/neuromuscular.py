"""How long the motor pool takes on one core: the bare membranes, the whole loop, a threshold, the margin, the first
call."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import numpy as np

from benchmarks.body import best_of

FIRST = (
    "import time; wall, cpu = time.perf_counter(), time.process_time();"
    "from charley.neuromuscular.simulate import simulate; import numba, scipy.linalg;"  # Numba imports both
    "imported = time.process_time(); begun = time.perf_counter(); simulate(duration_s=0.05);"
    "print(imported - cpu, time.process_time() - imported, time.perf_counter() - begun)"
)


def first_call(cache: str) -> tuple[float, float, float]:
    """Processor seconds of the imports, then processor and wall seconds of the first call, in a fresh interpreter."""
    env = {**os.environ, "XDG_CACHE_HOME": cache}
    out = subprocess.check_output([sys.executable, "-c", FIRST], env=env)
    return tuple(float(v) for v in out.split())  # type: ignore[return-value]


def main() -> None:
    from charley.neuromuscular import SlowState, Subject, threshold_formula
    from charley.neuromuscular.pool import Pool
    from charley.neuromuscular.protocol import Protocol, Train
    from charley.neuromuscular.simulate import simulate
    from charley.neuromuscular.threshold import RampProtocol, rested_threshold_hz, threshold_frequency

    seconds = 5.0
    for step_ms in (0.5, 0.25, 0.05, 0.025):
        for precision in (np.float64, np.float32):
            pool = Pool(Subject(motor_neurons=200), dt_s=step_ms / 1000.0, precision=precision)
            _, cpu = best_of(lambda pool=pool: pool.discharge(0.6, 0.0, seconds))
            steps = seconds * 1000.0 / step_ms * 200
            print(
                f"membranes, step {step_ms:5.3f} ms, {np.dtype(precision).name}: {1e9 * cpu / steps:6.2f} ns a unit and step"
            )

    protocol = Protocol(trains=(Train(1.0, 2.0, 24.0),))
    for step_ms in (1.0, 0.5, 0.25):
        wall, cpu = best_of(lambda dt=step_ms / 1000.0: simulate(protocol=protocol, duration_s=10.0, dt_s=dt))
        print(
            f"whole loop, 200 units, step {step_ms:4.2f} ms: 10 s in {wall:.3f} s wall, {cpu:.3f} s processor: {10.0 / cpu:.0f} x real time"
        )

    ramp = RampProtocol(start_hz=4.0, step_hz=2.0, rest_s=60.0)
    for name, subject in (("cramper", Subject()), ("non-cramper", Subject(excitability_mv=1.6))):
        wall, cpu = best_of(lambda s=subject: threshold_frequency(s, None, ramp))
        print(f"threshold experiment, {name}: {wall:.2f} s wall, {cpu:.2f} s processor")
    wall, cpu = best_of(lambda: rested_threshold_hz())
    print(f"rested threshold, three seeds, bisection: {wall:.2f} s wall, {cpu:.2f} s processor")

    rng = np.random.default_rng(1)
    shape = (210, 200)
    state = SlowState(
        slow_fatigue=rng.random(shape),
        fast_fatigue=0.3 * rng.random(shape),
        ion_shift_mv=0.3 * rng.standard_normal(shape),
    )
    _, cpu = best_of(lambda: threshold_formula.threshold_frequency_hz(state))
    print(
        f"margin, {shape[0]} steps x {shape[1]} draws: {cpu:.3f} s processor, {1e6 * cpu / state.slow_fatigue.size:.1f} us each"
    )

    with tempfile.TemporaryDirectory() as cache:
        for label in ("cold (compiles)", "from the cache"):
            imports, cpu, wall = first_call(cache)
            print(f"first call, {label}: imports {imports:.2f} s, then {cpu:.2f} s processor, {wall:.2f} s wall")


if __name__ == "__main__":
    main()
