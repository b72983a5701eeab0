"""The stride: steps, contact, and the force through the Achilles tendon."""

from __future__ import annotations

import numpy as np

from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import GRAVITY_M_S2, SECONDS_PER_MINUTE

HALF_SINE_MEAN = 2.0 / np.pi  # mean over peak of half a sine wave


def cadence_spm(speed_m_s: Floats, run_share: Floats, n: BodyNumbers = BODY) -> Floats:
    """Steps of both feet a minute at a speed, where the watch did not record them.

    Validity: 1 to 6 m/s; single runners differ by 5 %. Notes: a line through 157 to 160 steps/min at 2.7 to 3.5 m/s
    [1, 2] and the rise that faster runners show; a walker's steps come with speed in the same way.

    References: [1] Karamanidis and Arampatzis 2005, J Exp Biol 208:3907. [2] Moore et al. 2019,
    doi:10.3389/fspor.2019.00053.
    """
    run = n.cadence_standing_spm + n.cadence_per_m_s * speed_m_s
    walk = n.walk_cadence_standing_spm + n.walk_cadence_per_m_s * speed_m_s
    return np.asarray(run_share * run + (1.0 - run_share) * walk)


def contact_time_s(speed_m_s: Floats, n: BodyNumbers = BODY) -> Floats:
    """Contact time of a running step at a speed, where the watch did not record it.

    Validity: 2 to 6 m/s. Notes: 0.515 v^-0.62; 271 to 284 ms were measured at 2.7 m/s [1], the power is an assumption.

    References: [1] Karamanidis and Arampatzis 2005, J Exp Biol 208:3907.
    """
    held = np.clip(speed_m_s, n.contact_slowest_m_s, n.contact_fastest_m_s)
    return np.asarray(n.contact_factor_s * held**n.contact_power)


def peak_force_bw(step_time_s: Floats, contact_s: Floats, run_share: Floats, n: BodyNumbers = BODY) -> Floats:
    """Peak vertical force of a step in body weights.

    Validity: running; 1.2 body weights for walking. Notes: a half sine that carries the body over the step,
    pi/2 (step time / contact time) [1].

    References: [1] Morin et al. 2005, doi:10.1123/jab.21.2.167.
    """
    run = 0.5 * np.pi * step_time_s / np.minimum(contact_s, step_time_s)
    return np.asarray(run_share * run + (1.0 - run_share) * n.walk_peak_force_bw)


def contact_share(step_time_s: Floats, contact_s: Floats, run_share: Floats, n: BodyNumbers = BODY) -> Floats:
    """Share of the time that one leg is on the ground (duty factor): contact over two steps; 0.6 in walking."""
    run = np.minimum(contact_s / (2.0 * step_time_s), 0.5)
    return np.asarray(run_share * run + (1.0 - run_share) * n.walk_contact_share)


def step_time_s(cadence: Floats, n: BodyNumbers = BODY) -> Floats:
    """Time of one step in s from steps a minute."""
    return np.asarray(SECONDS_PER_MINUTE / np.maximum(cadence, n.cadence_least_spm))


def achilles_peak_bw(
    peak_bw: Floats, leverage: Floats, forefoot: Floats, shoe_drop_mm: Floats, grade: Floats, n: BodyNumbers = BODY
) -> Floats:
    """Peak force through the Achilles tendon in body weights.

    Validity: only ratios are usable; methods of measurement differ by a factor of two. Notes: leverage times the peak
    force under the foot; +11 % for a forefoot strike (0..1) [1]; +5 % for 8 mm less drop and the slope uphill are
    assumptions.

    References: [1] Almonroeder, Willson, Kernozek 2013, Ann Biomed Eng.
    """
    shoe = 1.0 + n.drop_effect * (1.0 - shoe_drop_mm / n.drop_reference_mm)
    hill = 1.0 + n.calf_per_grade * grade
    return np.asarray(leverage * peak_bw * (1.0 + n.forefoot_effect * forefoot) * shoe * hill)


def calf_activation(achilles_bw: Floats, calf_moment_nm_kg: Floats, n: BodyNumbers = BODY) -> Floats:
    """Peak calf effort of a step as a fraction of what the calf can do while it is stretched, at most 1.2.

    Notes: force times a lever of 5 cm, over the isometric moment times 1.6 for the stretch-shortening cycle.
    """
    moment = achilles_bw * (GRAVITY_M_S2 * n.achilles_lever_m)
    return np.minimum(moment / (calf_moment_nm_kg * n.stretch_gain), n.activation_limit)


def quadriceps_activation(peak_bw: Floats, grade: Floats, n: BodyNumbers = BODY) -> Floats:
    """Peak quadriceps effort of a step: in ratio to the force under the foot, more downhill (assumption)."""
    share = n.quadriceps_reference * (peak_bw / n.peak_force_reference_bw)
    return np.clip(share * (1.0 - n.quadriceps_per_grade * grade), 0.0, n.activation_limit)


def hamstring_activation(speed_m_s: Floats, grade: Floats, n: BodyNumbers = BODY) -> Floats:
    """Peak hamstring effort of a step: with speed to the power 1.5, more uphill (assumption)."""
    share = n.hamstring_reference * (speed_m_s / n.speed_reference_m_s) ** n.hamstring_power
    return np.clip(share * (1.0 + grade), 0.0, n.activation_limit)


def impulse_bw_s_per_s(achilles_bw: Floats, duty: Floats) -> Floats:
    """Achilles impulse of one leg per second, body weights: half sines over the time on the ground."""
    return np.asarray(achilles_bw * HALF_SINE_MEAN * duty)


def eccentric_load_per_s(peak_bw: Floats, cadence: Floats, grade: Floats, n: BodyNumbers = BODY) -> Floats:
    """Braking load per second, relative: force times steps, sixteen-fold at -100 % grade (assumption)."""
    downhill = 1.0 + n.eccentric_per_grade * np.maximum(-grade, 0.0)
    return np.asarray(downhill * peak_bw * cadence / (SECONDS_PER_MINUTE * n.eccentric_unit))
