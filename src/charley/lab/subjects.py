"""Virtual subjects: who takes part, and in what slow state each of them comes to the test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from charley.lab.fluids import FluidState, fluid_state
from charley.lab.protocol import Setup
from charley.neuromuscular import SlowState, Subject, after_days, after_sessions, constants, virtual_subjects

DAYS_PER_WEEK = 7.0
# Streams of random numbers that must not meet.
_CLASS, _NOISE = 101, 202


def person(setup: Setup, seed: int, index: int) -> Subject:
    """The ``index``-th subject of a group: the same person for the same seed and group, whatever is done to them."""
    muscle = setup.muscle
    prone = {"prone": True, "not prone": False}.get(setup.group)
    if prone is None and setup.prone_share is not None:
        prone = bool(np.random.default_rng([seed, index, _CLASS]).random() < setup.prone_share)
    subject = virtual_subjects(index + 1, seed, prone=prone, muscle=muscle)[-1]
    trait_mv = subject.excitability_mv if setup.trait_mv is None else setup.trait_mv
    overrides = dict(setup.constants)
    if "Renshaw" in setup.block:
        overrides["renshaw_weight"] = 0.0
    if "group II" in setup.block:
        overrides["ii_weight"] = 0.0
    if "inward current" in setup.block:
        overrides["pic_conductance"] = 0.0
    return replace(
        subject,
        excitability_mv=trait_mv + setup.excitability_mv,
        tendon_organ_gain=subject.tendon_organ_gain * setup.tendon_organ_gain,
        spindle_gain=0.0 if "spindle" in setup.block else subject.spindle_gain * setup.spindle_gain,
        overrides=tuple(overrides.items()),
    )


def noise_seed(seed: int, index: int, day: int) -> int:
    """Seed of a person's noise on one day; two conditions of one day share it, so that only what is done differs."""
    return int(np.random.default_rng([seed, index, day, _NOISE]).integers(2**53))


def fluids_of(setup: Setup) -> FluidState | None:
    """State of body water and sodium, where the protocol says anything of it."""
    return None if setup.fluid is None else fluid_state(setup.fluid, constants(setup.muscle))


def slow_state(setup: Setup) -> SlowState:
    """The slow state before anything is done in the laboratory."""
    fluids = fluids_of(setup)
    run_fatigue = constants(setup.muscle).downhill_run_fast_fatigue if setup.downhill_run else 0.0
    return SlowState(
        slow_fatigue=setup.slow_fatigue,
        fast_fatigue=max(setup.fast_fatigue, run_fatigue),
        ion_shift_mv=setup.ion_shift_mv + (fluids.shift_mv if fluids else 0.0),
        temperature_c=setup.temperature_c,
        pain=setup.pain,
        metabolites=setup.metabolites,
        sensitisation=setup.sensitisation,
        adaptation=_adaptation(setup),
    )


def _adaptation(setup: Setup) -> float:
    if setup.training is None:
        return setup.adaptation
    p, t = constants(setup.muscle), setup.training
    sessions = round(t.weeks * t.per_week)
    reached = after_sessions(p, sessions, DAYS_PER_WEEK / t.per_week, setup.adaptation, t.cramps)
    return float(after_days(p, reached, t.days_after))
