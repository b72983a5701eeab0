"""The numbers of one muscle in one state, ready for the equations.

Every number comes from the table ``parameters_neuromuscular``; a row ``muscle.id`` overrides row ``id`` for that
muscle. ``Constants`` has one field for each row, with the unit in its name where it has one, so that a mechanism
reads ``p.ib_weight``.
"""

from __future__ import annotations

from collections import namedtuple
from functools import cache
from typing import Any

import numpy as np

from charley.evidence import parameters
from charley.vocabulary.errors import ProtocolError

REFERENCE_MUSCLE = "medial_gastrocnemius"
Constants = namedtuple("Constants", [key for key in parameters("neuromuscular") if "." not in key])  # type: ignore[misc]


@cache
def muscles() -> tuple[str, ...]:
    """Names of the muscles that can be simulated."""
    named = dict.fromkeys(key.split(".")[0] for key in parameters("neuromuscular") if "." in key)
    return (REFERENCE_MUSCLE, *named)


@cache
def constants(muscle: str = REFERENCE_MUSCLE) -> Any:
    """Constants of a muscle, as the table has them. Raises ProtocolError for a muscle that is not there."""
    if muscle not in muscles():
        raise ProtocolError(
            "protocol-muscle", f"unknown muscle {muscle}", next_step=f"Choose from: {', '.join(muscles())}."
        )
    rows = parameters("neuromuscular")
    values = {key: rows[f"{muscle}.{key}" if f"{muscle}.{key}" in rows else key].value for key in Constants._fields}
    return Constants(**values)


def passive_length(p: Any, joint_angle_deg: Any, knee_flexion_deg: Any = 0.0) -> Any:
    """Length of the silent fibre (optimal lengths) at a joint angle (shortening negative) and knee flexion; any
    shape."""
    arms_m_deg = p.ankle_moment_arm_m * joint_angle_deg - p.knee_moment_arm_m * knee_flexion_deg
    stretch_m = arms_m_deg * (np.pi / 180.0)  # not deg2rad, which knows no complex numbers
    return p.neutral_length + p.fibre_share_of_stretch * stretch_m / p.optimal_fibre_length_m


def at_temperature(p: Any, temperature_c: float) -> Any:
    """Constants with every channel, pump and twitch faster or slower by the Q10 law."""
    from charley.neuromuscular.excitability import rate_factor

    f = rate_factor(p, temperature_c)
    slower = (
        "pic_time_ms",
        "ahp_time_small_ms",
        "ahp_time_large_ms",
        "potassium_time_ms",
        "pump_time_ms",
        "twitch_small_ms",
        "twitch_large_ms",
    )
    faster = ("terminal_rate_limit",)
    changed = {name: getattr(p, name) / f for name in slower} | {name: getattr(p, name) * f for name in faster}
    return p._replace(**changed)
