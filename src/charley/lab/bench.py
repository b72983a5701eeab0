"""The cramp bench: one typical person, and what the reader sets. The quickest way to see the loop work."""

from __future__ import annotations

import math

from charley.lab.engine import kernel_needed
from charley.lab.examination import SETTLE_MS, Tested
from charley.lab.protocol import SYNONYMS, Setup
from charley.lab.schema import Number, Word
from charley.lab.session import MS_PER_S, Session
from charley.lab.traces import traced
from charley.neuromuscular import SlowState, Subject, constants, muscles
from charley.neuromuscular.protocol import Protocol, Train
from charley.neuromuscular.threshold import CRAMP_RATE_HZ, CRAMP_S, FLIGHT_MS, WINDOW_MS
from charley.vocabulary.laboratory import LabTrace, Mark

LONGEST_S = 120.0
LEAD_S = 0.5  # before drive and stimulus begin
RANGES = {
    "angle_deg": Number(-60.0, 60.0, "joint angle, negative shortens"),
    "knee_deg": Number(0.0, 130.0, "bending of the knee"),
    "drive": Number(0.0, 1.0, "voluntary contraction, share of a maximal one"),
    "stimulus_hz": Number(0.0, 200.0, "pulses to the nerve a second"),
    "drive_s": Number(0.0, LONGEST_S, "how long drive or stimulus go on"),
    "slow_fatigue": Number(0.0, 1.0, "fatigue of hours"),
    "fast_fatigue": Number(0.0, 1.0, "fatigue of minutes"),
    "ion_shift_mv": Number(-5.0, 5.0, "shift of activation voltages by ions"),
    "pain": Number(0.0, 1.0, "pain in the muscle"),
    "stretch_at_s": Number(0.0, LONGEST_S, "when the joint is moved"),
    "stretch_to_deg": Number(-60.0, 60.0, "where to"),
    "stretch_in_s": Number(0.05, 10.0, "how fast"),
    "duration_s": Number(0.5, LONGEST_S, "simulated time"),
}


def bench(
    angle_deg: float = -30.0,
    drive: float = 0.0,
    slow_fatigue: float = 0.0,
    fast_fatigue: float = 0.0,
    stretch_at_s: float | None = None,
    *,
    stimulus_hz: float = 0.0,
    drive_s: float = 2.0,
    stretch_to_deg: float = 15.0,
    stretch_in_s: float = 1.0,
    knee_deg: float = 0.0,
    ion_shift_mv: float = 0.0,
    pain: float = 0.0,
    blocked: bool = False,
    prone: bool = True,
    muscle: str = "medial_gastrocnemius",
    duration_s: float = 10.0,
    seed: int = 1,
) -> LabTrace:
    """Traces of a typical person (prone to cramp or not) with a drive from 0.5 s on, and a stretch if one is asked for.

    Raises ProtocolError for a value out of range, SimulationError when a simulated state leaves its range.
    """
    given = dict(locals())
    for name, spec in RANGES.items():
        if given[name] is not None:
            spec.read(given[name], ("bench", name))
    kernel_needed()
    muscle = Word(muscles(), "muscle", tuple(SYNONYMS.items())).read(muscle, ("bench", "muscle"))
    p = constants(muscle)
    subject = Subject(
        muscle,
        p.trait_prone_mean_mv if prone else p.trait_other_mean_mv,
        1.0 if prone else p.trait_other_tendon_organ,
        prone=prone,
    )
    state = SlowState(slow_fatigue, fast_fatigue, ion_shift_mv, pain=pain)
    base = Protocol(knee_flexion_deg=knee_deg, block_from_s=0.0 if blocked else None)
    session = Session(subject, state, seed, angle_deg, base)
    start, end = LEAD_S, min(LEAD_S + drive_s, duration_s)
    if drive > 0.0:
        session.effort(start, end, drive)
    if stimulus_hz > 0.0:
        session.train(Train(start, end - start, stimulus_hz))
    if stretch_at_s is not None and stretch_at_s < duration_s:
        session.move(stretch_at_s, stretch_to_deg, stretch_in_s)
    if blocked:
        session.marks.append(Mark("block", 0.0, math.inf, "nerve blocked"))
    tested = Tested(Setup(muscle=muscle), session, state, math.nan, 0.0)
    session.run_to(end)
    session.run(SETTLE_MS if drive > 0.0 else FLIGHT_MS)
    _watch(tested, duration_s)
    return traced(tested, "bench", f"a typical person, {'' if prone else 'not '}prone to cramp")


def _watch(tested: Tested, duration_s: float) -> None:
    """Run to the end and mark the cramp, if there is one."""
    session, begun, active = tested.session, tested.session.now_s, 0.0
    while duration_s - session.now_s > 1e-9:
        part = session.run(min(WINDOW_MS, round((duration_s - session.now_s) * MS_PER_S)))
        if part.rate_hz / session.subject.units < CRAMP_RATE_HZ:
            break
        active = part.end_ms / MS_PER_S - begun
    if active >= CRAMP_S:
        tested.onset_s, tested.end_s = begun, begun + active
        session.marks.append(Mark("cramp", begun, begun + active))
    session.run_to(duration_s)
