"""Run a protocol: every subject through every condition, then each outcome over subjects, beside what was published.

A job is one person in one condition; it draws all its random numbers from the seed, the person's index and the day,
so the result does not depend on how many processes share the work.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from charley.evidence import experiments, parameters, sources
from charley.lab import compare
from charley.lab.engine import kernel_needed
from charley.lab.examination import examine
from charley.lab.matching import matched
from charley.lab.measures import MEASURES, Measured, usual
from charley.lab.protocol import Condition, LabProtocol, Measure, Setup
from charley.lab.traces import traced
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import SimulationError
from charley.vocabulary.laboratory import LabCondition, LabExperiment, LabOutcome, LabTable, LabTrace, Simulated
from charley.vocabulary.studies import Outcome

Values = dict[str, Measured]  # what one person gave in one condition, by measure
PERCENT = 100.0
CALIBRATED = "calibrated"  # how the table of constants marks what was set by experiments


@dataclass(frozen=True, slots=True)
class Job:
    """One person in one condition."""

    setup: Setup
    wanted: tuple[str, ...]
    seed: int
    index: int


def work(job: Job) -> Values:
    """Do one job. Raises SimulationError where constants of the protocol's own leave the equations without a value."""
    follow = any(MEASURES[name].to_the_end for name in job.wanted)
    try:
        with np.errstate(all="ignore"):  # what is not finite is found by the pool itself
            tested = examine(job.setup, job.seed, job.index, follow)
    except (ArithmeticError, ValueError) as error:
        where = f"virtual subject {job.index + 1}"
        raise SimulationError("simulation-diverged", f"the equations have no value ({error})", where) from error
    return {name: MEASURES[name].value(tested) for name in job.wanted}


def run(
    protocol: LabProtocol,
    subjects: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    trace: bool = False,
    executor: ProcessPoolExecutor | None = None,
) -> LabExperiment:
    """The experiment with its simulated values; ``trace`` adds what is drawn, ``subjects`` replaces each condition's
    own.

    Raises ProtocolError without Numba, SimulationError when a simulated state leaves its range.
    """
    if protocol.cannot:
        return described(protocol)
    seed = protocol.seed if seed is None else seed
    protocol = _prepared(protocol, subjects, seed)
    values = _values(protocol, seed, workers, executor)
    outcomes = _outcomes(protocol, values)
    return replace(
        described(protocol),
        outcomes=outcomes,
        verdict=compare.overall([o.verdict for o in outcomes]),
        seed=seed,
        conditions=tuple(_condition(c, _wanted(protocol, c), values[c.name]) for c in protocol.conditions),
        traces=_traces(protocol, values, seed) if trace else (),
    )


def samples(
    protocol: LabProtocol, subjects: int | None = None, seed: int | None = None, workers: int = 1
) -> dict[str, Floats]:
    """Each outcome's values before they are averaged, shape (n,): one a person, or one a motor unit, in the outcome's
    unit; who gave none is left out.

    Raises ProtocolError without Numba, SimulationError when a simulated state leaves its range.
    """
    seed = protocol.seed if seed is None else seed
    protocol = _prepared(protocol, subjects, seed)
    values, published = _values(protocol, seed, workers, None), _published(protocol)
    return {key: _found(protocol, row, published[key], values) for key, row in protocol.measures}


def _prepared(protocol: LabProtocol, subjects: int | None, seed: int) -> LabProtocol:
    """The protocol with as many subjects as were asked for, matched to the people of the study where it says so."""
    setups = [c.setup if subjects is None else replace(c.setup, subjects=subjects) for c in protocol.conditions]
    found = (Condition(c.name, matched(s, seed)) for c, s in zip(protocol.conditions, setups, strict=True))
    return replace(protocol, conditions=tuple(found))


def _values(
    protocol: LabProtocol, seed: int, workers: int, executor: ProcessPoolExecutor | None
) -> dict[str, list[Values]]:
    """What every person gave in every condition."""
    kernel_needed()
    conditions = protocol.conditions
    wanted = {c.name: _wanted(protocol, c) for c in conditions}
    jobs = [Job(c.setup, wanted[c.name], seed, i) for c in conditions for i in range(c.setup.subjects)]
    done = iter(_all(jobs, workers, executor))
    return {c.name: [next(done) for _ in range(c.setup.subjects)] for c in conditions}


def _wanted(protocol: LabProtocol, condition: Condition) -> tuple[str, ...]:
    asked = [m.what for _, m in protocol.measures if condition.name in (m.of, m.minus, m.over)]
    asked += [m.what for _, m in protocol.measures if m.scale is not None and m.scale.by == condition.name]
    return tuple(dict.fromkeys(asked or usual(condition.setup)))


def _all(jobs: list[Job], workers: int, executor: ProcessPoolExecutor | None) -> Iterable[Values]:
    if executor is not None:
        return executor.map(work, jobs)
    if workers <= 1 or len(jobs) < 2:
        return map(work, jobs)
    with processes(workers) as pool:
        return list(pool.map(work, jobs))


def processes(workers: int) -> ProcessPoolExecutor:
    """Fresh processes (not forks, which would inherit threads and locks)."""
    from multiprocessing import get_context

    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def run_table(
    protocols: Iterable[LabProtocol],
    subjects: int | None = None,
    workers: int = 1,
    tell: Callable[[LabExperiment], None] | None = None,
) -> LabTable:
    """Run many experiments; ``tell`` hears of each as it is done."""
    kernel_needed()
    began = time.monotonic()
    found = []
    executor = processes(workers) if workers > 1 else None
    try:
        for protocol in protocols:
            found.append(run(protocol, subjects, executor=executor))
            if tell is not None:
                tell(found[-1])
    finally:
        if executor is not None:
            executor.shutdown(cancel_futures=True)
    return LabTable(tuple(found), subjects, time.monotonic() - began)


# ---- one outcome ----


def _outcomes(protocol: LabProtocol, values: dict[str, list[Values]]) -> tuple[LabOutcome, ...]:
    rows = dict(protocol.measures)
    published = _published(protocol)
    reasons = dict(protocol.cannot_measure)
    found = []
    for key, outcome in published.items():
        base = _described_outcome(outcome, _people(protocol), reasons.get(key, ""))
        if key not in rows:
            found.append(base)
            continue
        row = rows[key]
        simulated = _simulated(protocol, row, outcome, values)
        if row.matched or (row.scale is not None and row.scale.to == key):
            found.append(replace(base, simulated=simulated, verdict="matched" if row.matched else "sets_scale"))
            continue
        verdict, z = compare.verdict(simulated, outcome.mean, base.published_se, row)
        found.append(replace(base, simulated=simulated, verdict=verdict, z=z, note=base.note or _expected(row)))
    return tuple(found)


def _published(protocol: LabProtocol) -> dict[str, Outcome]:
    """Published outcomes by key: from the evidence, or from the file itself."""
    if protocol.experiment is not None:
        return {o.key: o for o in experiments()[protocol.experiment].outcomes}
    return {
        key: Outcome(
            key,
            row.quantity or row.what,
            row.unit or MEASURES[row.what].unit,
            row.of or "",
            row.published,
            row.spread,
            "words" if row.published is None else row.spread_kind if row.spread is not None else "not printed",
            row.n,
        )
        for key, row in protocol.measures
    }


def _people(protocol: LabProtocol) -> int | None:
    return experiments()[protocol.experiment].n if protocol.experiment is not None else None


def _described_outcome(outcome: Outcome, people: int | None, reason: str) -> LabOutcome:
    return LabOutcome(
        key=outcome.key,
        quantity=outcome.quantity,
        unit=outcome.unit,
        condition=outcome.condition,
        verdict="cannot" if reason else "not_run",
        published_mean=outcome.mean,
        published_spread=outcome.spread,
        spread_kind=outcome.spread_kind,
        published_se=compare.standard_error(outcome, people),
        published_note=outcome.note,
        n=outcome.n or people,
        note=reason,
    )


def _expected(row: Measure) -> str:
    if row.right is None:
        return ""
    words = {"above": "more than", "below": "less than", "about": "about", "differs": "other than"}
    return f"expected: {words[row.right]} {row.than:g}"


def _simulated(protocol: LabProtocol, row: Measure, outcome: Outcome, values: dict[str, list[Values]]) -> Simulated:
    return _summary(_found(protocol, row, outcome, values), len(values[row.of or ""]))


def _found(protocol: LabProtocol, row: Measure, outcome: Outcome, values: dict[str, list[Values]]) -> Floats:
    of = [v[row.what] for v in values[row.of or ""]]
    other = row.minus or row.over
    if other is not None:
        of = [_pair(a, b[row.what], row.minus is not None) for a, b in zip(of, values[other], strict=False)]
    found = _flat(of) * row.factor
    if row.scale is not None:
        unit = _flat([v[row.what] for v in values[row.scale.by]]).mean() if values[row.scale.by] else math.nan
        found = found * (_published(protocol)[row.scale.to].mean or math.nan) / unit
    if row.statistic == "share":
        found = np.where(found > row.above, PERCENT, 0.0)
        found = np.array([compare.in_unit(float(f), outcome.unit, "share") for f in found])
    finite: Floats = found[np.isfinite(found)]
    return finite


def _summary(found: Floats, asked: int) -> Simulated:
    if not len(found):
        return Simulated(None, None, 0, asked)
    sd = float(found.std(ddof=1)) if len(found) > 1 else None
    return Simulated(float(found.mean()), sd, len(found), asked)


def _pair(a: Measured, b: Measured, minus: bool) -> float:
    one, two = float(np.mean(a)) if np.size(a) else math.nan, float(np.mean(b)) if np.size(b) else math.nan
    if minus:
        return one - two
    return one / two if two else math.nan


def _flat(values: Sequence[Measured]) -> Floats:
    """One value a person, or one a motor unit, pooled; what is not there is left out."""
    flat: Floats = np.concatenate([np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in values] or [np.zeros(0)])
    return flat[np.isfinite(flat)]


def _condition(condition: Condition, wanted: tuple[str, ...], values: list[Values]) -> LabCondition:
    rows = tuple(
        (name, MEASURES[name].unit, _summary(_flat([v[name] for v in values]), len(values))) for name in wanted
    )
    return LabCondition(condition.name, rows)


# ---- what is told of an experiment without running it ----


def described(protocol: LabProtocol) -> LabExperiment:
    """The experiment as it stands in its protocol and in the evidence."""
    study = experiments()[protocol.experiment] if protocol.experiment is not None else None
    reasons = dict(protocol.cannot_measure)
    people = _people(protocol)
    source_ids = study.source_ids if study else ()
    outcomes = (
        _described_outcome(o, people, reasons.get(key, protocol.cannot)) for key, o in _published(protocol).items()
    )
    return LabExperiment(
        id=protocol.id,
        title=protocol.title,
        muscle=study.muscle if study else protocol.conditions[0].setup.muscle.replace("_", " "),
        protocol=study.protocol if study else "",
        verdict="cannot" if protocol.cannot else "not_run",
        outcomes=tuple(outcomes),
        calibration=bool(study and study.calibration),
        set_by_it=_set_by(source_ids),
        cannot=protocol.cannot,
        note=protocol.note,
        headline=protocol.headline,
        lead=protocol.lead,
        grade=study.grade if study else "",
        source_ids=source_ids,
        citations=tuple(_cited(s) for s in source_ids) + protocol.sources,
        seed=protocol.seed,
    )


def _cited(source_id: str) -> str:
    source = sources()[source_id]
    return f"{source.citation.rstrip('.')}. {source.reference}".strip(" .") + "."


def _set_by(source_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Constants of the motor pool that were set by an experiment: their row names its source and says so."""
    return tuple(
        p.id
        for p in parameters("neuromuscular").values()
        if CALIBRATED in p.where and set(p.source_ids) & set(source_ids)
    )


# ---- what is drawn ----


def _traces(protocol: LabProtocol, values: dict[str, list[Values]], seed: int) -> tuple[LabTrace, ...]:
    """The record of one person in each pictured condition: the one in the middle of those who cramped in the first."""
    shown = _middle(values[protocol.picture[0]]) if protocol.picture else 0
    found = []
    for name in protocol.picture:
        index = shown if shown < len(values[name]) else _middle(values[name])
        tested = examine(protocol.condition(name).setup, seed, index, keep=True)
        prone = tested.session.subject.prone
        kind = "" if prone is None else ", prone to cramp" if prone else ", not prone to cramp"
        found.append(traced(tested, name, f"virtual subject {index + 1}{kind}"))
    return tuple(found)


def _middle(values: list[Values]) -> int:
    """Index of the person with the middle duration (or threshold) of a cramp."""
    for measured in ("cramp_duration_s", "duration_s", "time_to_cramp_s", "threshold_hz", "cramped"):
        found = [(float(v[measured]), i) for i, v in enumerate(values) if measured in v and v[measured] > 0]
        if found:
            return sorted(found)[len(found) // 2][1]
    return 0
