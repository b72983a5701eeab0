"""Questions to the laboratory: published experiments, run again on virtual people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from charley.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from charley.vocabulary.laboratory import LabExperiment, LabTable, LabTrace

MOST_SUBJECTS, MOST_WORKERS = 500, 64
HELP = "See: charley lab run --help"
EXPORT_HELP = "See: charley lab export --help"


def experiments() -> tuple[LabExperiment, ...]:
    """Every experiment of the laboratory: what was published, and what the last table made with the project gave."""
    from charley.lab import last_table, reading
    from charley.lab import run as running

    kept = last_table.loaded()
    listed = (running.described(protocol) for protocol in reading.shipped().values())
    return tuple(listed if kept is None else (last_table.filled(one, kept) for one in listed))


def run(
    what: str,
    *,
    subjects: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    pictures: bool = False,
) -> LabExperiment:
    """Run one experiment: an id such as E02, or the path of a protocol file. Raises ProtocolError, SimulationError."""
    _check(subjects, workers, seed)
    from charley.lab import reading
    from charley.lab import run as running

    return running.run(reading.find(what), subjects, seed, workers, pictures)


def table(
    *,
    subjects: int | None = None,
    workers: int = 1,
    tell: Callable[[LabExperiment], None] | None = None,
) -> LabTable:
    """Run every experiment of the laboratory; ``tell`` hears of each as it is done."""
    _check(subjects, workers, None)
    from charley.lab import reading
    from charley.lab import run as running

    return running.run_table(reading.shipped().values(), subjects, workers, tell)


def bench(
    angle_deg: float = -30.0,
    drive: float = 0.0,
    slow_fatigue: float = 0.0,
    fast_fatigue: float = 0.0,
    stretch_at_s: float | None = None,
    **more: Any,
) -> LabTrace:
    """The cramp bench: ten seconds of a typical person. ``more`` as in ``charley.lab.bench.bench``."""
    from charley.lab import bench as on_the_bench

    return on_the_bench.bench(angle_deg, drive, slow_fatigue, fast_fatigue, stretch_at_s, **more)


def export_neuron(
    number: int | None = None,
    *,
    muscle: str | None = None,
    drive: float = 0.4,
    inhibition: float = 0.1,
    seconds: float = 1.0,
    step_ms: float = 0.001,
) -> tuple[tuple[str, str], ...]:
    """A motor neuron as NeuroML 2 with the LEMS simulation that runs it: names and contents of two files.

    ``number``: from 1, the smallest, to the largest of the muscle (None: the one in the middle). ``drive`` and
    ``inhibition``: conductances held on the dendrites, in leaks, as the benchmark against other tools has them. Raises
    ProtocolError (protocol-muscle, protocol-value), UsageError (usage-value).
    """
    asked = ((drive, 100.0, "--drive"), (inhibition, 100.0, "--inhibition"), (seconds, 3600.0, "--seconds"))
    for value, most, flag in asked:
        if not 0.0 <= value <= most:
            raise UsageError("usage-value", f"{value:g}; possible is 0 to {most:g}", flag, EXPORT_HELP)
    if not 0.0 < step_ms <= 1.0 or seconds == 0.0:
        found = f"{step_ms:g} ms in {seconds:g} s; a step is more than 0 ms and at most 1"
        raise UsageError("usage-value", found, "--step", EXPORT_HELP)
    from charley.lab.neuroml import neuroml
    from charley.neuromuscular.motor_neuron import motor_neuron
    from charley.neuromuscular.parameters import REFERENCE_MUSCLE, constants
    from charley.neuromuscular.subject import Subject

    constants(muscle or REFERENCE_MUSCLE)  # says which muscles there are
    subject = Subject(muscle or REFERENCE_MUSCLE)
    neuron = motor_neuron(subject, (subject.units + 1) // 2 if number is None else number)
    made = neuroml(neuron, drive, inhibition, seconds, step_ms)
    return ((made.cell_name, made.cell), (made.simulation_name, made.simulation))


def _check(subjects: int | None, workers: int, seed: int | None) -> None:
    asked = ((subjects, MOST_SUBJECTS, "--subjects"), (workers, MOST_WORKERS, "--workers"))
    for value, most, flag in asked:
        if value is not None and not 1 <= value <= most:
            raise UsageError("usage-value", f"{value}; possible is 1 to {most}", flag, HELP)
    if seed is not None and not 0 <= seed < 2**53:
        raise UsageError("usage-value", f"seed {seed}; possible is 0 to 2^53", "--seed", HELP)
