"""Force of a person's own: the greatest at will, and the drive that holds a share of it.

People who are asked for a fifth of their force see it on a screen, and have tried before. So it is here: before an
effort a twin of the person, who meets the same ripple of the drive, tries constant drives until the mean force is the
one that was asked for. In an effort of more than ten seconds drive is added every ten, as units tire. It never falls on
the way, because a fall is a letting go.

Force is that of the tendon less what the silent muscle gives at the same length, as a fraction of the muscle's maximum.
The reference is measured without the ripple, whose chance peaks are larger here than a person's. Valid where force
rises with drive and no cramp is on: a muscle that goes on by itself cannot be held at less than what it does, and full
drive may not be enough for long; ``Held.held`` says either.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from charley.lab.protocol import ForceTest
from charley.lab.session import MS_PER_S, RECORD_MS, Part, Session
from charley.neuromuscular import SlowState, Subject, reflex_loop
from charley.neuromuscular.muscle import passive_force
from charley.neuromuscular.parameters import passive_length
from charley.neuromuscular.protocol import Protocol, Train
from charley.vocabulary.arrays import Floats

MAXIMAL_S = 3.0  # of greatest effort, for the reference
BEST_S = 0.5  # whose best half second counts
DECAY_S = 0.5  # after a stimulus, in which its force is over
TAKEN_UP_S = 1.0  # in which a force is taken up, which is not looked at
BLOCK_S = 10.0  # after which drive may be added
TRIES = 12
CLOSE, FAR = 0.002, 0.02  # of the maximal voluntary force: near enough to stop trying, too far to be called held
KEPT = 256


@dataclass(frozen=True, slots=True)
class Held:
    """The drive of an effort as it grows: (seconds from the start, what is added), and whether the mean force is within
    two points of what was asked for."""

    rises: tuple[tuple[float, float], ...]
    held: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Force (fraction of the muscle's maximum) at one moment: what a stimulus and a greatest effort bring it to."""

    evoked: float
    voluntary: float


def active_force(session: Session, part: Part) -> Floats:
    """Force above that of the silent muscle at the same length, one value a record of ``part``."""
    protocol = session.protocol()
    angle = np.interp(part.time_s, *np.array(protocol.joint_angle_deg).T)
    lengths = np.asarray(passive_length(session.p, angle, _knee(protocol, part.time_s)))
    still = {float(length): passive_force(session.p, float(length)) for length in np.unique(lengths)}
    found: Floats = part.z[:, reflex_loop.TENDON_FORCE] - np.array([still[float(length)] for length in lengths])
    return found


def _knee(protocol: Protocol, time_s: Floats) -> Floats | float:
    knee = protocol.knee_flexion_deg
    return knee if isinstance(knee, (int, float)) else np.asarray(np.interp(time_s, *np.array(knee).T))


def maximal_force(session: Session) -> float:
    """Greatest force at will of the person of a session, at its first joint angle and in its first state: the best
    half second of three of full drive, as a fraction of the muscle's maximum."""
    return _maximal(session.subject, session.state, session.pool.seed, session.angle_deg, session.first)


@lru_cache(maxsize=KEPT)
def _maximal(subject: Subject, state: SlowState, seed: int, angle_deg: float, base: Protocol) -> float:
    session = Session(subject, state, seed, angle_deg, base)
    session.pool.p = session.pool.p._replace(common_noise=0.0)
    session.effort(0.0, MAXIMAL_S, 1.0)
    return _best(active_force(session, session.run(round(MAXIMAL_S * MS_PER_S))))


def _best(force: Floats) -> float:
    """The best half second."""
    width = round(BEST_S * MS_PER_S / RECORD_MS)
    return float(np.convolve(force, np.full(width, 1.0 / width), mode="valid").max())


def asked(session: Session, test: ForceTest) -> Asked:
    """The force that a short train to the nerve and a greatest effort bring twins of the person to, from now on."""
    stimulated, trying = session.twin(), session.twin()
    for_s = test.for_s if test.pulses is None else test.pulses / test.frequency_hz
    stimulated.train(Train(stimulated.now_s, for_s, test.frequency_hz))
    evoked = active_force(stimulated, stimulated.run(round((for_s + DECAY_S) * MS_PER_S)))
    trying.effort(trying.now_s, trying.now_s + test.effort_s, 1.0)
    voluntary = active_force(trying, trying.run(round(test.effort_s * MS_PER_S)))
    return Asked(float(evoked.max()), _best(voluntary))


def drive_that_holds(session: Session, share: float, for_s: float) -> Held:
    """The drive with which the person of a session, from now on and in ``for_s`` seconds, holds ``share`` of the
    maximal voluntary force."""
    reference = max(maximal_force(session), 1e-9)
    twin, level, end_s = session.twin(), 0.0, session.now_s + for_s
    rises: list[tuple[float, float]] = []
    surplus_s = 0.0  # force above what was asked for, summed over time
    while (left_s := end_s - twin.now_s) > 1e-3:
        block_s = min(BLOCK_S, left_s)
        skip_s = min(TAKEN_UP_S, 0.5 * block_s) if not rises else 0.0
        aim = share - min(max(surplus_s / block_s, -FAR), FAR)  # what was too much is made good by adding later
        more, off = _added(twin, end_s, block_s, skip_s, aim, reference, 1.0 - level)
        surplus_s += (off + aim - share) * (block_s - skip_s)
        if more > 0.0 or not rises:
            rises.append((for_s - left_s, more))
            twin.effort(twin.now_s, end_s, more)
            level += more
        if block_s == left_s:
            break
        twin.run(round(block_s * MS_PER_S))
    return Held(tuple(rises), abs(surplus_s) <= FAR * for_s)


def _added(
    twin: Session, end_s: float, block_s: float, skip_s: float, share: float, reference: float, most: float
) -> tuple[float, float]:
    """What the drive needs more in a block, and how far the mean force then is off, in maximal voluntary ones.

    The rule of false position, with the kept end's weight halved (Illinois).
    """

    def off(more: float) -> float:
        other = twin.twin()
        other.effort(other.now_s, end_s, more)
        force = active_force(other, other.run(round(block_s * MS_PER_S)))
        return float(force[round(len(force) * skip_s / block_s) :].mean()) / reference - share

    low, high = 0.0, most
    at_low, at_high = off(low), off(high)
    if at_low >= -CLOSE or at_high <= CLOSE:
        return (low, at_low) if at_low >= -CLOSE else (high, at_high)
    weight_low, weight_high = at_low, at_high
    best = (low, at_low) if abs(at_low) < abs(at_high) else (high, at_high)
    for attempt in range(TRIES):
        between = (low * weight_high - high * weight_low) / (weight_high - weight_low)
        more = between if attempt % 3 != 2 else 0.5 * (low + high)
        found = off(more)
        best = min(best, (more, found), key=lambda b: abs(b[1]))
        if abs(found) <= CLOSE:
            break
        if found < 0.0:
            low, weight_low, weight_high = more, found, 0.5 * weight_high
        else:
            high, weight_high, weight_low = more, found, 0.5 * weight_low
    return best
