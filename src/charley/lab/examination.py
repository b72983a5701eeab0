"""The test itself, on one person: a ramp of trains, single trains, an effort or only watching, and what goes before.

A cramp is what a laboratory sees as one: the muscle goes on by itself after the stimulus, for a second unless the
protocol asks for more, at the pool's criterion (``neuromuscular.threshold``). From its onset on, events may be timed
by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from charley.evidence.numbers.lab import LAB
from charley.lab.force import Asked, asked, drive_that_holds
from charley.lab.protocol import Before, Cuff, Effort, Event, Inhibit, Ramp, Reflex, Setup, Shock, Sip, Stretch, Vibrate
from charley.lab.protocol import Train as TrainRow
from charley.lab.reflex import Waves
from charley.lab.session import MOVE_S, MS_PER_S, Part, Session
from charley.lab.subjects import fluids_of, noise_seed, person, slow_state
from charley.lab.units import Discharge
from charley.neuromuscular import SlowState
from charley.neuromuscular.emg import Electromyogram
from charley.neuromuscular.protocol import NerveShock, Protocol, Train
from charley.neuromuscular.threshold import CRAMP_RATE_HZ, FLIGHT_MS, LEAD_MS, WINDOW_MS, RampProtocol
from charley.vocabulary.laboratory import Mark

PRIOR_TRAIN_HZ, PRIOR_TRAIN_S = 40.0, 2.0  # the train that makes a cramp before the test
PRIOR_EFFORT = Effort(level=1.0, for_s=30.0, stop_at_cramp=False)  # and the effort that does
SETTLE_MS = 500  # in which the impulses of an effort that ended reach the muscle
AFTER_S = 5.0  # recorded after a cramp has ended, where the record is kept for a picture
PERCENT = 100.0


@dataclass(slots=True)
class Tested:
    """What one person did under one setup. Times are seconds of the session's clock."""

    setup: Setup
    session: Session
    state: SlowState  # when the test began
    sodium_mmol_l: float  # nan where fluids are not given
    start_s: float
    threshold_hz: float = math.nan
    trains_given: int = 0
    onset_s: float = math.nan
    end_s: float = math.nan
    watched_out: bool = False  # the cramp outlasted the time for which it is watched
    prior_cramp_s: float = math.nan  # duration of a cramp made before the test
    # worked out by the first measure that asks, and shared by the others
    discharge: Discharge | None = None
    common_drive: tuple[float, float] | None = None
    emg: Electromyogram | None = None
    waves: Waves | None = None
    forces: dict[str, Asked] = field(default_factory=dict)  # before, onset and after, where a force test is asked for

    @property
    def cramped(self) -> bool:
        """Whether there was a cramp."""
        return not math.isnan(self.onset_s)

    @property
    def parts(self) -> list[Part]:
        """The record of the test."""
        return self.session.parts


def examine(setup: Setup, seed: int, index: int, follow: bool = True, keep: bool = False) -> Tested:
    """Take the ``index``-th person through the setup.

    ``follow``: watch a cramp to its end (else only until it is one). ``keep``: keep the whole record for a picture, and
    go on a while after it.
    """
    subject = person(setup, seed, index)
    state = slow_state(setup)
    base = Protocol(
        knee_flexion_deg=setup.knee_deg,
        gamma_static=setup.gamma_static,
        gamma_dynamic=setup.gamma_dynamic,
        block_from_s=0.0 if _from_start(setup, "nerve") else None,
        tendon_organ_cut_from_s=0.0 if _from_start(setup, "tendon organ") else None,
    )
    session = Session(subject, state, noise_seed(seed, index, setup.day), setup.angle_deg, base, setup.background)
    prior = _prepare(session, setup.before)
    session.parts.clear()
    session.marks.clear()
    fluids = fluids_of(setup)
    tested = Tested(
        setup,
        session,
        session.pool.slow_state(state),
        fluids.sodium_mmol_l if fluids else math.nan,
        session.now_s,
        prior_cramp_s=prior,
    )
    for name in setup.block:
        if setup.block_after_onset_s is None:
            session.marks.append(Mark("block", tested.start_s, math.inf, f"{name} blocked"))
    if setup.force_test is not None:
        tested.forces["before"] = asked(session, setup.force_test)
    longest_s = setup.follow_s if follow or keep else setup.cramp_s + WINDOW_MS / MS_PER_S
    if setup.ramp is not None:
        _ramp(tested, setup.ramp, longest_s, keep)
    else:
        _by_clock(tested, longest_s)
    if not tested.cramped:
        _ask_after(tested)
    if keep:
        session.run_to(session.now_s + AFTER_S)
    return tested


def _ask_after(tested: Tested) -> None:
    """The force some time after now, in a twin that rests until then."""
    test = tested.setup.force_test
    if test is not None and not tested.watched_out:
        twin = tested.session.twin()
        twin.rest(test.after_s, WINDOW_MS)
        tested.forces["after"] = asked(twin, test)


def _from_start(setup: Setup, what: str) -> bool:
    return what in setup.block and setup.block_after_onset_s is None


# ---- the test ----


def _ramp(tested: Tested, ramp: Ramp, longest_s: float, keep: bool) -> None:
    session = tested.session
    motor, sensory = shares(ramp)
    steps = RampProtocol(start_hz=ramp.start_hz, step_hz=ramp.step_hz, max_hz=ramp.stop_hz).frequencies()
    for frequency in (float(f) for f in steps):
        if not keep:
            session.parts.clear()
        start_s = (session.pool.tick + LEAD_MS) / MS_PER_S
        for_s = ramp.train_s if ramp.pulses is None else ramp.pulses / frequency
        session.train(Train(start_s, for_s, frequency, ramp.site, motor, sensory))
        session.run(LEAD_MS + round(MS_PER_S * for_s) + FLIGHT_MS)
        tested.trains_given += 1
        _follow(tested, longest_s)
        if tested.cramped:
            tested.threshold_hz = frequency
            return
        session.rest(ramp.rest_s, WINDOW_MS)


def _by_clock(tested: Tested, longest_s: float) -> None:
    setup, session, start = tested.setup, tested.session, tested.start_s
    for event in setup.events:
        if event.at_s is not None:
            schedule(session, event, start + event.at_s)
    if setup.reflex is not None:
        _test_reflex(session, setup.reflex, start + setup.reflex.at_s)
    if setup.effort is not None:
        _effort(tested, setup.effort)
    stimulated = [m.end_s for m in session.marks if m.kind in ("train", "vibration")]
    if stimulated and not tested.cramped:
        session.run_to(max(stimulated) + FLIGHT_MS / MS_PER_S)
    if setup.train or setup.vibration or setup.effort:
        _follow(tested, longest_s)
    last = max((m.end_s for m in session.marks if math.isfinite(m.end_s)), default=start)
    session.run_to(max(last, session.now_s if tested.cramped else start) + setup.watch_s)


def _effort(tested: Tested, effort: Effort) -> None:
    """Contract, and look from time to time whether the muscle would go on by itself."""
    session = tested.session
    session.run_to(tested.start_s + effort.at_s)
    for bout in range(effort.times):
        if bout and effort.rest_s:
            session.rest(effort.rest_s, WINDOW_MS)
        end_s = session.now_s + effort.for_s
        if effort.force is None:
            session.effort(session.now_s, end_s, 1.0 if effort.level is None else effort.level)
        else:
            _hold(session, effort.force, effort.for_s)
        while session.now_s < end_s - 1e-9:
            session.run_to(min(session.now_s + effort.check_every_s, end_s))
            windows = round(tested.setup.cramp_s * MS_PER_S / WINDOW_MS)
            if effort.stop_at_cramp and session.would_go_on(SETTLE_MS, WINDOW_MS, windows, CRAMP_RATE_HZ):
                session.let_go()
                session.run(SETTLE_MS)
                return
    session.let_go()
    session.run(SETTLE_MS)


def _test_reflex(session: Session, reflex: Reflex, at_s: float) -> None:
    """Schedule all shocks of a test of the reflex."""
    steps = math.floor((reflex.to_pct - reflex.from_pct) / reflex.step_pct + 1e-9)
    for k in range((steps + 1) * reflex.each):
        current_pct = reflex.from_pct + reflex.step_pct * (k // reflex.each)
        motor, sensory = recruited(current_pct)
        spread_s = LAB.reflex_volley_spread_ms / MS_PER_S
        session.test_reflex(NerveShock(at_s + k * reflex.every_s, motor, sensory, spread_s), current_pct)


def _hold(session: Session, share: float, for_s: float) -> None:
    """Contract from now on with a share of the maximal voluntary force."""
    found = drive_that_holds(session, share, for_s)
    session.hold(session.now_s, session.now_s + for_s, share, found.rises)
    session.forces_held.append(found.held)


def _follow(tested: Tested, longest_s: float) -> None:
    """Watch until the muscle is silent for a window; what lasts is a cramp, and starts what waits for its onset."""
    session, begun = tested.session, tested.session.now_s
    active = 0
    while active * WINDOW_MS < longest_s * MS_PER_S:
        if session.run(WINDOW_MS).rate_hz / session.subject.units < CRAMP_RATE_HZ:
            break
        active += 1
        if not tested.cramped and active * WINDOW_MS >= tested.setup.cramp_s * MS_PER_S:
            tested.onset_s = begun
            if tested.setup.force_test is not None:
                tested.forces["onset"] = asked(session, tested.setup.force_test)
            _after_onset(tested)
    else:
        tested.watched_out = True
    if tested.cramped:
        tested.end_s = begun + active * WINDOW_MS / MS_PER_S
        session.marks.append(Mark("cramp", begun, tested.end_s))
        _ask_after(tested)


def _after_onset(tested: Tested) -> None:
    setup, session, onset = tested.setup, tested.session, tested.onset_s
    for event in setup.events:
        if event.after_onset_s is not None:
            schedule(session, event, max(onset + event.after_onset_s, session.now_s))
    if setup.block_after_onset_s is not None:
        for name in setup.block:
            session.block(name, max(onset + setup.block_after_onset_s, session.now_s))


def schedule(session: Session, event: Event, at_s: float) -> None:
    """Give the session an event of the protocol at a time of its clock."""
    match event:
        case TrainRow():
            motor, sensory = shares(event)
            session.train(Train(at_s, event.for_s, event.frequency_hz, event.site, motor, sensory))
        case Stretch():
            session.move(at_s, event.to_deg, event.in_s, event.for_s)
        case Shock():
            for k in range(event.times):
                session.shock(at_s + k * event.every_s, event.rate_hz, event.for_ms / MS_PER_S)
        case Vibrate():
            session.vibrate(at_s, event.for_s, event.frequency_hz, event.share)
        case Sip():
            session.sip(at_s, sip_strength(event.of, event.ml_per_kg, event.strength), event.of)
        case Cuff():
            session.cuff(at_s, event.for_s)
        case Inhibit():
            session.inhibit(at_s, at_s + event.for_s, event.size)


def shares(row: Ramp | TrainRow) -> tuple[float, float]:
    """Motor and sensory axons that a pulse fires, from the current where that is given."""
    if row.current_pct is None:
        return row.motor_share, row.sensory_share
    return recruited(row.current_pct)


def recruited(current_pct: float) -> tuple[float, float]:
    """Motor and sensory axons that a current fires: two logistic curves."""
    half_pct, width_pct = (PERCENT, LAB.sensory_axon_current_pct), LAB.motor_axon_current_width_pct
    motor, sensory = (1.0 / (1.0 + math.exp(-(current_pct - half) / width_pct)) for half in half_pct)
    return motor, sensory


def sip_strength(of: str, ml_per_kg: float, strength: float | None) -> float:
    """Effect of a sip on the throat; 1 is pickle juice, 1 mL/kg."""
    if strength is None:
        strength = {"water": LAB.sip_water_strength, "pickle juice": LAB.sip_pickle_juice_strength}[of]
    return strength * ml_per_kg


# ---- before the test ----


def _prepare(session: Session, rows: tuple[Before, ...]) -> float:
    """Do what stands before the test; the duration of the longest cramp that was made, nan if none was asked for."""
    prior = math.nan
    for row in rows:
        rest_s = row.rest_s if row.rest_s is not None else 60.0 * (row.rest_min or 0.0)
        acts = (
            row.effort is not None
            or row.force is not None
            or row.hold_deg is not None
            or row.train_hz is not None
            or row.cuff
        )
        if not acts and row.cramp is None and row.sip is None:
            session.rest(rest_s, WINDOW_MS)
            continue
        home = session.angle_deg
        there = row.hold_deg if row.hold_deg is not None else row.at_deg
        if there is not None:
            session.move(session.now_s, there, MOVE_S)
            session.run_to(session.now_s + MOVE_S)
        for repeat in range(row.times):
            if repeat and rest_s:
                session.rest(rest_s, WINDOW_MS)
            if row.cramp is not None:
                prior = max(_make_cramp(session, row.cramp), prior)
            else:
                _act(session, row)
        if there is not None:
            session.move(session.now_s, home, MOVE_S)
            session.run_to(session.now_s + MOVE_S)
        session.parts.clear()
    return prior


def _act(session: Session, row: Before) -> None:
    now = session.now_s
    if row.sip is not None:
        session.sip(now, sip_strength(row.sip, 1.0, row.strength), row.sip)
        return
    if row.effort is not None:
        session.effort(now, now + row.for_s, row.effort)
    elif row.force is not None:
        _hold(session, row.force, row.for_s)
    elif row.train_hz is not None:
        session.train(Train(now, row.for_s, row.train_hz))
    elif row.cuff:
        session.cuff(now, row.for_s)
    if row.hold_deg is not None:
        session.rest(row.for_s, WINDOW_MS)
    else:
        session.run_to(now + row.for_s)


def _make_cramp(session: Session, by: str) -> float:
    """Make a cramp and wait it out; its duration, 0 where none came."""
    made = Tested(Setup(), session, session.state, math.nan, session.now_s)
    if by == "effort":
        _effort(made, PRIOR_EFFORT)
    else:
        session.train(Train(session.now_s, PRIOR_TRAIN_S, PRIOR_TRAIN_HZ))
        session.run(round(MS_PER_S * PRIOR_TRAIN_S) + FLIGHT_MS)
    _follow(made, Setup().follow_s)
    return made.end_s - made.onset_s if made.cramped else 0.0
