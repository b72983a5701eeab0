"""The steps of a course as load on calf, quadriceps and hamstring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from charley.body import stride
from charley.body.cost import running_share
from charley.body.course import Course
from charley.body.fatigue import stride_activity, stride_recovery_per_s
from charley.body.parameters import BodyParameters
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class MuscleLoads:
    """Loads of calf, quadriceps and hamstring, arrays (steps, 3, draws) or (steps, 3, 1)."""

    activity: Floats  # averaged over the stride
    recovery_per_s: Floats
    build_per_s: Floats  # of slow fatigue, before what fuel, heat and water do to it


@dataclass(frozen=True, slots=True)
class Gait:
    """Loads of a stretch of a course, arrays (steps, draws) or (steps, 1) unless said."""

    muscles: MuscleLoads
    resting: Floats  # 0..1: standing or walking, when slow fatigue may recover
    impulse_per_s: Floats
    eccentric_per_s: Floats


def gait_of(course: Course, bodies: BodyParameters, block: slice) -> Gait:
    """Loads of the steps ``block`` of a course."""
    n = bodies.numbers
    speed, grade, moving = (course.by_draw(name)[block] for name in ("speed_m_s", "grade", "moving"))
    cadence = course.by_draw("cadence_spm")[block]
    share = running_share(speed, n)
    step_s = stride.step_time_s(cadence, n)
    contact_s = course.by_draw("contact_time_s")[block]
    peak = stride.peak_force_bw(step_s, contact_s, share, n)
    duty = stride.contact_share(step_s, contact_s, share, n) * moving
    slope = np.clip(grade, -n.cost_grade_limit, n.cost_grade_limit)
    achilles = stride.achilles_peak_bw(peak, bodies.achilles_leverage, bodies.forefoot, bodies.shoe_drop_mm, slope, n)
    braking = 1.0 + n.slow_eccentric_per_grade * np.maximum(-grade, 0.0)

    calf = stride.calf_activation(achilles, bodies.calf_moment_nm_kg, n)
    quadriceps, hamstring = stride.quadriceps_activation(peak, grade, n), stride.hamstring_activation(speed, grade, n)
    slow_s = bodies.slow_time_h * SECONDS_PER_HOUR
    loads = (  # activation, the activation that builds slow fatigue at the usual pace, recovery, how much more braking
        (calf, n.calf_reference, n.ankle_recovery_per_s, 1.0),
        (quadriceps, n.quadriceps_reference, n.knee_recovery_per_s, braking),
        (hamstring, n.hamstring_reference, n.hamstring_recovery_per_s, 1.0),
    )
    return Gait(
        muscles=MuscleLoads(
            activity=_rows(stride_activity(activation, duty) for activation, _, _, _ in loads),
            recovery_per_s=_rows(stride_recovery_per_s(recovery, duty, n) for _, _, recovery, _ in loads),
            build_per_s=_rows(
                (activation * moving / reference) ** bodies.slow_power * braked / slow_s
                for activation, reference, _, braked in loads
            ),
        ),
        resting=1.0 - share * moving,
        impulse_per_s=stride.impulse_bw_s_per_s(achilles, duty),
        eccentric_per_s=stride.eccentric_load_per_s(peak, cadence, grade, n) * moving * share,
    )


def _rows(muscles: Iterable[Floats]) -> Floats:
    """Arrays (steps, draws) or (steps, 1), one a muscle, as (steps, muscles, draws)."""
    return np.stack(np.broadcast_arrays(*muscles), axis=1)
