"""The bare pool kernel against Brian2 and NEURON: same equations, same step, one thread, in turn.

    CHARLEY_PEERS_PYTHON=PYTHON python -m benchmarks.peers [PYTHON] [--write]

The peers live in an environment of their own (they want an older NumPy); PYTHON is its interpreter. What runs there is
in ``peers/``. Compiling is outside all times, as is start-up: only the loop over the steps counts. The last page is
docs/benchmarks-peers.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

HERE = Path(__file__).resolve().parent / "peers"
REPORT = Path(__file__).resolve().parents[1] / "docs/benchmarks-peers.md"
VARIABLE = "CHARLEY_PEERS_PYTHON"
HOW_TO = (
    f"No peers to measure against: make them a home with `python3 -m venv peers && peers/bin/pip install brian2==2.9.0 "
    f"neuron==9.0.2 'numpy<2.4' setuptools` (and a C++ compiler), then set {VARIABLE}=peers/bin/python."
)
DRIVE, INHIBITION = 0.4, 0.1  # leak conductances on the dendrite of the smallest unit; a held, middling contraction
STEP_S = 0.0005
SIZES = ((200, 60.0), (1000, 12.0))  # units and simulated seconds: the same work
ROUNDS = 7
FINEST_S, PEER_STEPS_S = 0.001 / 64, (0.0005, 0.000125, 0.00003125)
BARS = {"Brian2": 15.0, "NEURON": 25.0}
PRECISIONS = {"float64": "", "float32": ", single"}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Timed(NamedTuple):
    """One pass through the loop."""

    wall_s: float
    cpu_s: float
    counts: np.ndarray


class Runner(NamedTuple):
    """Something that can pass through the loop; ``peer`` is the tool whose bar it is held against, ``precision`` that
    of our pass beside it."""

    label: str
    peer: str
    precision: str
    run: Callable[[], Timed]


def inputs(pool: Any, seconds: float) -> dict[str, Any]:
    """All numbers of the equations, read from the arrays on which our kernel works: nothing is typed twice."""
    from charley.neuromuscular import layout as at

    n, c = pool.subject.units, pool.c
    row = pool.blocks.reshape(len(pool.blocks), at.ROWS, at.WIDTH)
    unit = {
        name: row[:, index].reshape(-1)[:n].copy()
        for name, index in (
            ("drive", at.DRIVE),
            ("pic_conductance", at.PIC_CONDUCTANCE),
            ("decay", at.AHP_DECAY),
            ("inactivation", at.INACTIVATION),
        )
    }
    named = {
        "soma_step": at.SOMA_STEP,
        "dendrite_step": at.DENDRITE_STEP,
        "coupling_soma": at.COUPLING_SOMA,
        "coupling_dendrite": at.COUPLING_DENDRITE,
        "g_ahp": at.AHP_CONDUCTANCE,
        "e_leak": at.E_LEAK,
        "e_potassium": at.E_POTASSIUM,
        "e_calcium": at.E_CALCIUM,
        "e_inhibitory": at.E_INHIBITORY,
        "e_excitatory": at.E_EXCITATORY,
        "v_reset": at.V_RESET,
        "step_ms": at.STEP,
        "refractory_ms": at.REFRACTORY_MS,
        "kick": at.KICK,
        "relax": at.PIC_RELAX,
        "slope": at.PIC_SLOPE,
        "v_threshold": at.SPIKE_THRESHOLD,
        "half": at.PIC_HALF,
    }
    constants = {name: float(c[index]) for name, index in named.items()}
    return {
        "g": DRIVE * unit.pop("drive"),
        **unit,
        **constants,
        "gi": INHIBITION,
        "tau_soma": 0.5 * constants["step_ms"] / constants["soma_step"],
        "tau_dendrite": 0.5 * constants["step_ms"] / constants["dendrite_step"],
        "tau_pic": -constants["step_ms"] / float(np.log1p(-constants["relax"])),
        "seconds": seconds,
    }


def new_pool(units: int, dt_s: float = STEP_S, engine: str = "kernel", precision: str = "float64") -> Any:
    """A rested pool of the reference muscle."""
    from charley.neuromuscular import Subject
    from charley.neuromuscular.pool import Pool

    return Pool(Subject(motor_neurons=units), dt_s=dt_s, engine=engine, precision=np.dtype(precision).type)


def ours(units: int, seconds: float, dt_s: float = STEP_S, precision: str = "float64") -> Timed:
    """Our kernel, from rest."""
    pool = new_pool(units, dt_s, precision=precision)
    wall, cpu = time.perf_counter(), time.process_time()
    counts = pool.discharge(DRIVE, INHIBITION, seconds)
    return Timed(time.perf_counter() - wall, time.process_time() - cpu, counts)


def brian2(
    python: str, given: Path, folder: Path, variant: str, precision: str = "float64"
) -> tuple[Callable[[], Timed], str]:
    """Compiles Brian2's C++ programme; the call runs it once."""
    folder.mkdir(parents=True)
    made = _json_of([python, str(HERE / "brian2_pool.py"), str(given), str(folder), variant, precision], folder)

    def run() -> Timed:
        out = subprocess.run(["./main"], cwd=folder, check=True, capture_output=True, text=True, env=_environment())
        wall, cpu = map(float, out.stdout.split()[-2:])
        return Timed(wall, cpu, np.fromfile(folder / "results" / Path(made["counts"]).name, made["dtype"]))

    return run, f"Brian2 {made['version']}"


def neuron(stack: ExitStack, python: str, given: Path, folder: Path, variant: str) -> tuple[Callable[[], Timed], str]:
    """Compiles our mechanisms and keeps one NEURON waiting; the call runs it once."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [python, str(HERE / "neuron_pool.py"), str(given), str(folder), variant]
    process = stack.enter_context(
        subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment()
        )
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stack.callback(process.stdin.close)

    def answer() -> dict[str, Any]:
        for line in process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        sys.exit(f"NEURON ended early ({variant}); its messages stand above")

    made = answer()

    def run() -> Timed:
        process.stdin.write("run\n")
        process.stdin.flush()
        said = answer()
        return Timed(said["wall_s"], said["cpu_s"], np.array(said["counts"], np.int64))

    return run, f"NEURON {made['version']}"


def _json_of(command: list[str], folder: Path) -> dict[str, Any]:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=_environment())
    if done.returncode:
        sys.exit(f"{Path(command[1]).name} failed: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def _environment() -> dict[str, str]:
    return {**os.environ, **ONE_THREAD}


def in_turn(units: int, seconds: float, runners: list[Runner]) -> dict[str, list[tuple[Timed, Timed]]]:
    """ROUNDS times: ours, then a peer, ours, then the next; each peer's pass with the pass of ours just before it."""
    seen: dict[str, list[tuple[Timed, Timed]]] = {runner.label: [] for runner in runners}
    for _ in range(ROUNDS):
        for runner in runners:
            mine = ours(units, seconds, precision=runner.precision)
            seen[runner.label].append((mine, runner.run()))
    return seen


def table(units: int, seconds: float, runners: list[Runner], seen: dict[str, list[tuple[Timed, Timed]]]) -> list[str]:
    """Medians, ratios and counts as lines of Markdown; a bar is judged by CPU time."""
    mine = {
        precision: [own for runner in runners if runner.precision == precision for own, _ in seen[runner.label]]
        for precision in PRECISIONS
    }
    steps = units * seconds / STEP_S
    counts = mine["float64"][0].counts
    rate = counts.sum() / units / seconds
    lines = [
        f"### {units} units, {seconds:g} s, {rate:.1f} impulses a second from each unit",
        "",
        "| who | impulses | units that differ | most by | CPU | wall | ns a unit and step "
        "| times ours, CPU (range) | times ours, wall | bar |",
        "|---" * 10 + "|",
    ]
    for precision, passes in mine.items():
        lines.append(_row(f"Charley{PRECISIONS[precision]}", passes[0].counts, counts, passes, steps) + " 1 | 1 | |")
    for runner in runners:
        pairs = seen[runner.label]
        cpu = [theirs.cpu_s / own.cpu_s for own, theirs in pairs]
        wall = statistics.median(theirs.wall_s / own.wall_s for own, theirs in pairs)
        bar, middle = BARS[runner.peer], statistics.median(cpu)
        verdict = "met" if middle >= bar else "missed"
        lines.append(
            _row(runner.label, pairs[0][1].counts, pairs[0][0].counts, [theirs for _, theirs in pairs], steps)
            + f" {middle:.1f} ({min(cpu):.1f} to {max(cpu):.1f}) | {wall:.1f} | {bar:g}: {verdict} |"
        )
    return [*lines, ""]


def _row(label: str, counts: np.ndarray, ours_counts: np.ndarray, times: list[Timed], steps: float) -> str:
    off = np.abs(counts - ours_counts)
    cpu, wall = (statistics.median(getattr(t, k) for t in times) for k in ("cpu_s", "wall_s"))
    shown = f"{1000 * cpu:.0f} ms | {1000 * wall:.0f} ms | {1e9 * cpu / steps:.1f}"
    return f"| {label} | {counts.sum()} | {np.count_nonzero(off)} | {off.max()} | {shown} |"


def accuracy(python: str, stack: ExitStack, folder: Path) -> list[str]:
    """What each scheme's error costs: mean deviation of the units' counts from ours at the finest step, CPU time."""
    units, seconds = SIZES[0]
    finest = new_pool(units, FINEST_S).discharge(DRIVE, INHIBITION, seconds)
    base = statistics.median(ours(units, seconds).cpu_s for _ in range(ROUNDS))
    lines = [
        "| who | step | error of the counts | CPU | times ours at 0.5 ms |",
        "|---" * 5 + "|",
    ]

    def add(who: str, dt_s: float, timed: Timed) -> None:
        error = np.abs(timed.counts - finest).sum() / finest.sum()
        lines.append(
            f"| {who} | {1000 * dt_s:g} ms | {100 * error:.3f} % | {timed.cpu_s:.2f} s | {timed.cpu_s / base:.1f} |"
        )

    for dt_s in (2 * STEP_S, STEP_S):
        add("Charley", dt_s, ours(units, seconds, dt_s))
    for dt_s in PEER_STEPS_S:
        given = folder / f"inputs-{dt_s}.npz"
        np.savez(given, **inputs(new_pool(units, dt_s), seconds))
        add("Brian2, own scheme", dt_s, brian2(python, given, folder / f"brian2-{dt_s}", "own")[0]())
        add("NEURON, own scheme", dt_s, neuron(stack, python, given, folder / f"neuron-{dt_s}", "own")[0]())
    return lines


def measure(python: str) -> list[str]:
    """The whole page."""
    lines: list[str] = []
    versions: list[str] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for precision in PRECISIONS:
            ours(SIZES[0][0], 0.01, precision=precision)  # compiled, or read from the cache
        for units, seconds in SIZES:
            given = folder / f"inputs-{units}.npz"
            np.savez(given, **inputs(new_pool(units), seconds))
            runners: list[Runner] = []
            for variant, words in (("exact", "our step"), ("own", "own scheme")):
                for precision, note in PRECISIONS.items():
                    home = folder / f"brian2-{units}-{variant}-{precision}"
                    run, version = brian2(python, given, home, variant, precision)
                    runners.append(Runner(f"Brian2, {words}{note}", "Brian2", precision, run))
                    versions.append(version)
                run, version = neuron(stack, python, given, folder / f"neuron-{units}-{variant}", variant)
                runners.append(Runner(f"NEURON, {words}", "NEURON", "float64", run))
                versions.append(version)
            lines += table(units, seconds, runners, in_turn(units, seconds, runners))
        precision = accuracy(python, stack, folder)
    said = ", ".join(dict.fromkeys(versions))
    return [*_head(said), *lines, *_about_accuracy(), *precision]


def _head(versions: str) -> list[str]:
    bars = " and ".join(f"at least {bar:g} times {peer}'s speed" for peer, bar in BARS.items())
    return [
        "# The bare pool against Brian2 and NEURON",
        "",
        "This page is made by `python -m benchmarks.peers --write`; do not edit it by hand.",
        "",
        f"{versions}; {processor()}; Python {platform.python_version()}, NumPy {np.__version__}; "
        "one thread; double precision, our default, except where single is said.",
        "",
        "What runs: motor neurons with soma and dendrite, held conductances "
        f"({DRIVE:g} of the leak exciting the smallest unit's dendrite, {INHIBITION:g} inhibiting), no noise, no "
        f"reflex, from rest, {1000 * STEP_S:g} ms a step. All numbers go from our arrays to the peers; "
        "none is typed twice.",
        "",
        "- *Our step*: the peer repeats our symmetrised step statement by statement, with the C library's exp(). "
        "Any unit that differs in double precision would be an error.",
        "- *Single*: Brian2 with its states in single precision, beside ours in single precision; counts are compared "
        "with ours of the same precision, and ours in single with ours in double. NEURON knows double only.",
        "- *Own scheme*: the peer gets the differential equations and integrates them as it would: Brian2 by "
        "exponential Euler (C++ standalone, its default compiler flags), NEURON on two joined sections by implicit "
        "Euler (nrnivmodl's default flags; CoreNEURON was not measured).",
        "- Only the loop over the steps is timed: no compiling, no start-up. Ours is run before each pass of a peer, "
        f"so that a busy machine slows both; medians of {ROUNDS} rounds. Bars are judged by CPU time: {bars}.",
        "- The bars ask what the same equations cost at the same step. The rows *own scheme* answer that. The rows *our "
        "step* ask more: what is left when the peer is handed our scheme ready-made, one exponential and two divisions, "
        "which its compiler turns into a tight loop. A bar that is missed there stays in the table.",
        "- Why it is missed in double precision: for eight units a step of ours takes 33 products, most of them fused "
        "with a sum, and a core of this kind finishes two such instructions a cycle: 0.55 ns a unit and step if nothing "
        "ever waited. Measured, long sweeps without impulses take 0.9 to 1.1 ns, and impulses and the start of each "
        "sweep add the rest. Built for narrower vectors the kernel takes 2.1 ns (AVX2) or 4.7 ns (any 64-bit processor "
        "of Intel's kind), with the same impulses.",
        "",
        "## Speed at the same step",
        "",
    ]


def _about_accuracy() -> list[str]:
    units, seconds = SIZES[0]
    return [
        "## What an accurate answer costs",
        "",
        "The peers' own schemes put an impulse at the end of its step, which is an error of first order; ours finds it "
        f"within the step. Error: mean deviation of the units' counts over {seconds:g} s from ours at "
        f"{1000 * FINEST_S:g} ms, to which the peers converge as their steps shrink. Ours is held against itself here, "
        "at a finer step. "
        f"One pass each, {units} units. No bar rests on this table.",
        "",
    ]


def has_peers(python: str) -> bool:
    """Whether that Python runs and knows both peers."""
    try:
        return not subprocess.run([python, "-c", "import brian2, neuron"], capture_output=True).returncode
    except OSError:
        return False


def processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        rows = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((row.split(":", 1)[1].strip() for row in rows if row.startswith("model name")), platform.machine())


def main(arguments: list[str] | None = None) -> None:
    """Without peers this says in one line how to get them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description="The bare pool against its peers.")
    parser.add_argument("python", nargs="?", default=os.environ.get(VARIABLE), help="the peers' Python")
    parser.add_argument("--write", action="store_true", help="keep the page in docs/")
    given = parser.parse_args(arguments or [])
    if not given.python:
        print(HOW_TO)
        return
    if not has_peers(given.python):
        print(f"{given.python} cannot import brian2 and neuron. {HOW_TO}")
        return
    os.environ.update(ONE_THREAD)
    page = "\n".join(measure(given.python)) + "\n"
    print(page)
    if given.write:
        REPORT.write_text(page)


if __name__ == "__main__":
    main(sys.argv[1:])
