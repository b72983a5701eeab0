"""What shifts the voltages at which motor neurons and axons open their channels, and the slow states that do so.

One number, a shift in mV common to spike threshold and inward current (positive: less excitable), collects the person's trait, ions,
fast fatigue, the after-effect of a cramp and the weeks after cramps made on purpose. Temperature acts on rates, not on voltages.
"""

from __future__ import annotations


def threshold_shift_mv(p, trait_mv, ion_mv, fast_fatigue, sensitisation, adaptation):  # type: ignore[no-untyped-def]
    """Shift of all activation voltages (mV); works on scalars and arrays."""
    return (
        trait_mv
        + ion_mv
        + p.fast_fatigue_shift_mv * fast_fatigue
        - p.sensitisation_shift_mv * sensitisation
        + p.adaptation_shift_mv * adaptation
    )


def spindle_gain(p, slow_fatigue, fast_fatigue):  # type: ignore[no-untyped-def]
    """Factor on spindle discharge: slow fatigue raises it (Nelson and Hutton 1985), fast fatigue withdraws support."""
    return (1.0 + p.slow_fatigue_spindle * slow_fatigue) * (1.0 - p.fast_fatigue_spindle * fast_fatigue)


def tendon_organ_gain(p, slow_fatigue):  # type: ignore[no-untyped-def]
    """Factor on tendon-organ discharge: slow fatigue lowers it (Hutton and Nelson 1986)."""
    return 1.0 - p.slow_fatigue_tendon_organ * slow_fatigue


def sensitisation_rate(p, sensitisation, plateau):  # type: ignore[no-untyped-def]
    """Time derivative (1/s) of the hour-long after-effect 0..1, driven by the share of the pool's inward current that is on."""
    excess = plateau - p.sensitisation_floor
    drive = p.sensitisation_build * excess if excess > 0.0 else 0.0
    return drive * (1.0 - sensitisation) - sensitisation / p.sensitisation_time_s


def rate_factor(p, temperature_c):  # type: ignore[no-untyped-def]
    """Factor on the speed of channels, pumps and twitches: the usual Q10 law about body temperature."""
    return p.q10 ** ((temperature_c - p.reference_temperature_c) / 10.0)
