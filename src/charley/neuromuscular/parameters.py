"""The numbers of one muscle in one state, ready for the equations.

Every number comes from the table ``parameters_neuromuscular``; a row ``muscle.id`` overrides row ``id`` for that
muscle. ``Constants`` has one field for each row, with the unit in its name where it has one, so that a mechanism
reads ``p.ib_weight``; ``p._replace(ib_weight=0.1)`` is the same muscle with another number.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from charley.evidence import parameters
from charley.evidence.numbers.neuromuscular import NEUROMUSCULAR
from charley.evidence.numbers.neuromuscular import NeuromuscularNumbers as Constants
from charley.neuromuscular.mechanism import Number
from charley.vocabulary.errors import ProtocolError

__all__ = ["REFERENCE_MUSCLE", "Constants", "constants", "muscles", "passive_length"]

REFERENCE_MUSCLE = "medial_gastrocnemius"


@cache
def muscles() -> tuple[str, ...]:
    """Names of the muscles that can be simulated."""
    named = dict.fromkeys(key.split(".")[0] for key in parameters("neuromuscular") if "." in key)
    return (REFERENCE_MUSCLE, *named)


@cache
def constants(muscle: str = REFERENCE_MUSCLE) -> Constants:
    """Constants of a muscle, as the table has them. Raises ProtocolError for a muscle that is not there."""
    if muscle not in muscles():
        raise ProtocolError(
            "protocol-muscle", f"unknown muscle {muscle}", next_step=f"Choose from: {', '.join(muscles())}."
        )
    own = f"{muscle}."
    rows = parameters("neuromuscular")
    return NEUROMUSCULAR._replace(**{key.removeprefix(own): rows[key].value for key in rows if key.startswith(own)})


def passive_length(p: Constants, joint_angle_deg: Number, knee_flexion_deg: Number | float = 0.0) -> Number:
    """Length of the silent fibre (optimal lengths) at a joint angle (shortening negative) and knee flexion; any
    shape."""
    arms_m_deg = p.ankle_moment_arm_m * joint_angle_deg - p.knee_moment_arm_m * knee_flexion_deg
    stretch_m = arms_m_deg * (np.pi / 180.0)  # not deg2rad, which knows no complex numbers
    return p.neutral_length + p.fibre_share_of_stretch * stretch_m / p.optimal_fibre_length_m
