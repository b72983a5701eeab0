"""The membrane of one motor neuron of a pool as plain numbers, for whoever wants to integrate it elsewhere.

    tau_s  dv_s/dt = E_l - v_s + c_s (v_d - v_s) + g_ahp a (E_k - v_s)             (0 while refractory)
    tau_d  dv_d/dt = E_l - v_d + c_d (v_s - v_d) + g_pic m i (E_ca - v_d) + g_e (E_e - v_d) + g_i (E_i - v_d)
    tau_m  dm/dt   = 1 / (1 + exp((half - v_d) / slope)) - m,          tau_a da/dt = -a
    v_s reaches the threshold: v_s = reset, v_d += kick, a += 1, and the soma is held for the refractory time

Conductances count in units of the leak. Read from the arrays on which the pool works, so that it is the same neuron.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.neuromuscular import layout as at
from charley.neuromuscular.pool import Pool
from charley.neuromuscular.subject import Subject
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import ProtocolError


@dataclass(frozen=True, slots=True)
class MotorNeuron:
    """Numbers of the equations above; conductances without a unit are multiples of the leak.

    ``excitation``: what a drive of 1 makes of the dendrite's conductance, 1 for the smallest neuron. ``availability``
    (i): of the inward current, 1 at rest.
    """

    muscle: str
    number: int  # from 1, the smallest, to ``of``, the largest
    of: int
    soma_time_ms: float
    dendrite_time_ms: float
    coupling_soma: float
    coupling_dendrite: float
    ahp_conductance: float
    ahp_time_ms: float
    pic_conductance: float
    pic_time_ms: float
    pic_half_mv: float
    pic_slope_mv: float
    availability: float
    excitation: float
    leak_reversal_mv: float
    potassium_reversal_mv: float
    calcium_reversal_mv: float
    excitatory_reversal_mv: float
    inhibitory_reversal_mv: float
    threshold_mv: float
    reset_mv: float
    kick_mv: float
    refractory_ms: float


def motor_neuron(subject: Subject, number: int) -> MotorNeuron:
    """The ``number``-th neuron of a rested pool. Raises ProtocolError for one that the pool does not have."""
    if not 1 <= number <= subject.units:
        found = f"neuron {number} of a pool of {subject.units}"
        raise ProtocolError("protocol-value", found, next_step=f"Choose 1 (the smallest) to {subject.units}.")
    pool = Pool(subject, engine="reference")
    c = pool.c
    block, lane = divmod(number - 1, at.WIDTH)
    row = pool.blocks.reshape(len(pool.blocks), at.ROWS, at.WIDTH)[block, :, lane]
    step_ms = c[at.STEP]
    named = {
        "soma_time_ms": 0.5 * step_ms / c[at.SOMA_STEP],
        "dendrite_time_ms": 0.5 * step_ms / c[at.DENDRITE_STEP],
        "coupling_soma": c[at.COUPLING_SOMA],
        "coupling_dendrite": c[at.COUPLING_DENDRITE],
        "ahp_conductance": c[at.AHP_CONDUCTANCE],
        "ahp_time_ms": -0.5 * step_ms / np.log(row[at.AHP_DECAY]),
        "pic_conductance": row[at.PIC_CONDUCTANCE],
        "pic_time_ms": -step_ms / np.log1p(-c[at.PIC_RELAX]),
        "pic_half_mv": c[at.PIC_HALF],
        "pic_slope_mv": 1.0 / c[at.PIC_SLOPE],
        "availability": row[at.INACTIVATION],
        "excitation": row[at.DRIVE],
        "leak_reversal_mv": c[at.E_LEAK],
        "potassium_reversal_mv": c[at.E_POTASSIUM],
        "calcium_reversal_mv": c[at.E_CALCIUM],
        "excitatory_reversal_mv": c[at.E_EXCITATORY],
        "inhibitory_reversal_mv": c[at.E_INHIBITORY],
        "threshold_mv": c[at.SPIKE_THRESHOLD],
        "reset_mv": c[at.V_RESET],
        "kick_mv": c[at.KICK],
        "refractory_ms": c[at.REFRACTORY_MS],
    }
    return MotorNeuron(subject.muscle, number, subject.units, **{name: float(v) for name, v in named.items()})


def spike_times_ms(
    subject: Subject, number: int, drive: float, inhibition: float, seconds: float, dt_s: float = 0.0005 / 16
) -> Floats:
    """When the neuron fires from rest at held conductances, ms: our own engine, each impulse found within its step.

    The time comes from what is left of the refractory time at the end of each millisecond, which must be longer.
    """
    pool = Pool(subject, dt_s=dt_s)
    refractory_ms = float(pool.c[at.REFRACTORY_MS])
    if refractory_ms <= 1.0:
        raise ProtocolError(
            "protocol-value", f"a refractory time of {refractory_ms:g} ms", next_step="Choose over 1 ms."
        )
    block, lane = divmod(number - 1, at.WIDTH)
    row = pool.blocks.reshape(len(pool.blocks), at.ROWS, at.WIDTH)[block, :, lane]
    found = []
    for ms in range(round(1000.0 * seconds)):
        if pool.discharge(drive, inhibition, 0.001)[number - 1]:
            found.append(ms + 1.0 - (refractory_ms - float(row[at.REFRACTORY])))
    return np.array(found)
