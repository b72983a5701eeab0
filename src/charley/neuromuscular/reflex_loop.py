"""The shared part of the loop: one millisecond of muscle, receptors, interneurons and slow states.

Plain Python on scalars, written once: the reference calls it as it stands, the kernel compiles it. ``z`` is the
vector of shared states (indices below), ``rings`` holds what is still under way along afferent fibres, ``row`` one
millisecond of the protocol.
"""

from __future__ import annotations

import math

from charley.neuromuscular.excitability import (
    contraction_pain,
    sensitisation_rate,
    spindle_gain,
    tendon_organ_gain,
    threshold_shift_mv,
)
from charley.neuromuscular.flow import fast_fatigue_rate, flow_share, metabolite_rate, slow_fatigue_rate
from charley.neuromuscular.layout import Working
from charley.neuromuscular.mechanism import mechanism
from charley.neuromuscular.muscle import force_length, hill_velocity, passive_force, tendon_force
from charley.neuromuscular.parameters import Constants
from charley.neuromuscular.renshaw import renshaw_rate
from charley.neuromuscular.spindle import ia_efficacy, ia_rate, ii_rate, set_length
from charley.neuromuscular.tendon_organ import ib_efficacy, ib_rate
from charley.neuromuscular.terminals import sensory_rate, terminal_shift
from charley.vocabulary.arrays import Floats

# states
LENGTH, FORCE, FORCE_BEFORE, VELOCITY, POOL_RATE, COMMON_NOISE = 0, 1, 2, 3, 4, 5
VOLLEY, G_TENDON, G_RENSHAW, COLLATERAL = 6, 7, 8, 9
METABOLITES, FAST_FATIGUE, SLOW_FATIGUE, SENSITISATION = 10, 11, 12, 13
SENSORY_POTASSIUM, SENSORY_PUMP = 14, 15
# constant within a run
TRAIT_MV, ION_MV, ADAPTATION, PAIN, SPINDLE_GAIN, TENDON_GAIN = 16, 17, 18, 19, 20, 21
# outputs of the millisecond
IA, II, IB, RENSHAW, TENDON_FORCE, ACTIVATION, FLOW, SHIFT_MV, TERMINAL_SHIFT = 22, 23, 24, 25, 26, 27, 28, 29, 30
G_EXCITATORY, G_TENDON_TARGET, PLATEAU, CENTRAL_SPIKES, COLLATERAL_SPIKES = 31, 32, 33, 34, 35
MUSCLE_SPIKES, INACTIVATION_MEAN, SPINDLE_SET, PAIN_FELT = 36, 37, 38, 39
STATES = 40

# rows of the protocol, one a millisecond
PASSIVE_LENGTH, VOLUNTARY, INHIBITION, VIBRATION, TENDON_VOLLEY, OCCLUDED, BLOCKED = 0, 1, 2, 3, 4, 5, 6
PULSE_MOTOR, PULSE_SENSORY, TENDON_CUT, GAMMA_STATIC, GAMMA_DYNAMIC = 7, 8, 9, 10, 11
COLUMNS = 12

RING = 256  # ms, longer than any delay; a power of two so that the index wraps by a mask
VOLLEYS, TENDON = 0, 1
MS = 1e-3


@mechanism
def shared_ms(z: Floats, rings: Floats, p: Constants, tick: int, row: Floats, units: int, common: float) -> None:
    """Advance ``z`` by a millisecond. Reads ACTIVATION (summed twitches), PLATEAU and the spike counts of the last one.

    ``common`` is a normal deviate shared by the pool. Leaves in ``z`` the conductances that the membranes see until
    the next call.
    """
    passive = row[PASSIVE_LENGTH]
    blocked = row[BLOCKED] > 0.0

    # muscle and tendon
    activation = z[ACTIVATION] * (1.0 - p.fatigue_force_loss * z[FAST_FATIGUE])
    length = z[LENGTH]
    force = tendon_force(p, length, passive)
    velocity = hill_velocity(p, force - passive_force(p, length), activation * force_length(p, length))
    length += velocity * MS
    z[LENGTH] = length if length > p.shortest_length else p.shortest_length
    z[TENDON_FORCE] = force
    z[FORCE_BEFORE] = z[FORCE]
    z[FORCE] += (force - z[FORCE]) / p.force_smoothing_ms
    z[VELOCITY] += (velocity - z[VELOCITY]) / p.velocity_smoothing_ms

    # slow states
    flow = flow_share(p, force, row[OCCLUDED])
    z[FLOW] = flow
    metabolites, fast = z[METABOLITES], z[FAST_FATIGUE]
    z[METABOLITES] += MS * metabolite_rate(p, metabolites, activation, flow)
    z[FAST_FATIGUE] += MS * fast_fatigue_rate(p, fast, metabolites, flow)
    z[SLOW_FATIGUE] += MS * slow_fatigue_rate(p, z[SLOW_FATIGUE], force)
    z[PAIN_FELT] += MS * (contraction_pain(p, activation, z[LENGTH]) - z[PAIN_FELT]) / p.pain_summation_s
    z[SENSITISATION] += MS * sensitisation_rate(p, z[SENSITISATION], z[PAIN_FELT])
    shift = threshold_shift_mv(p, z[TRAIT_MV], z[ION_MV], fast, z[SENSITISATION], z[ADAPTATION])
    z[SHIFT_MV] = shift
    axons = terminal_shift(p, passive, shift, fast)
    z[TERMINAL_SHIFT] = axons

    # receptors
    z[POOL_RATE] += (z[CENTRAL_SPIKES] * 1000.0 / units - z[POOL_RATE]) / p.ia_linkage_time_ms
    gain = z[SPINDLE_GAIN] * spindle_gain(p, z[SLOW_FATIGUE], fast)
    z[SPINDLE_SET] = set_length(p, z[SPINDLE_SET], z[LENGTH])
    gamma_s, gamma_d = row[GAMMA_STATIC], row[GAMMA_DYNAMIC]
    ia = ia_rate(p, z[LENGTH], z[SPINDLE_SET], z[VELOCITY], z[POOL_RATE], gamma_s, gamma_d, gain) + row[VIBRATION]
    ii = ii_rate(p, z[LENGTH], gamma_s, gain)
    ib = 0.0
    if row[TENDON_CUT] == 0.0:
        rise = (z[FORCE] - z[FORCE_BEFORE]) / MS
        ib = ib_rate(p, z[FORCE], rise, z[TENDON_GAIN] * tendon_organ_gain(p, z[SLOW_FATIGUE])) + row[TENDON_VOLLEY]
    z[IA], z[II], z[IB] = ia, ii, ib
    rings[TENDON, tick & (RING - 1)] = ib

    # sensory axons under the electrode, and what of it reaches the cord
    ectopic = sensory_rate(p, z[SENSORY_POTASSIUM], z[SENSORY_PUMP], axons)
    impulses = row[PULSE_SENSORY] + ectopic * MS
    z[SENSORY_POTASSIUM] += p.potassium_per_spike * impulses - z[SENSORY_POTASSIUM] / p.potassium_time_ms
    z[SENSORY_PUMP] += p.pump_per_spike * impulses - z[SENSORY_PUMP] / p.pump_time_ms
    arriving = (tick + int(p.afferent_delay_ms)) & (RING - 1)
    efficacy = ia_efficacy(p, passive)
    volley = p.volley_strength * row[PULSE_SENSORY] + p.ectopic_strength * ectopic * MS
    rings[VOLLEYS, arriving] = 0.0 if blocked else efficacy * volley * 1000.0 / p.volley_time_ms
    here = tick & (RING - 1)
    z[VOLLEY] += rings[VOLLEYS, here]
    rings[VOLLEYS, here] = 0.0

    # interneurons
    z[COLLATERAL] += (z[COLLATERAL_SPIKES] * 1000.0 / units - z[COLLATERAL]) / p.renshaw_time_ms
    z[RENSHAW] = renshaw_rate(p, z[COLLATERAL])
    early = rings[TENDON, (tick - int(p.ib_delay_ms)) & (RING - 1)]
    late = rings[TENDON, (tick - int(p.ib_late_delay_ms)) & (RING - 1)]
    reach = p.ib_weight * ib_efficacy(p, passive)
    tendon = reach * (early + p.ib_late_share * (late - early))

    # conductances on the dendrites
    decay = math.exp(-1.0 / p.common_noise_time_ms)
    z[COMMON_NOISE] = decay * z[COMMON_NOISE] + p.common_noise * math.sqrt(1.0 - decay * decay) * common
    ripple = 1.0 + z[COMMON_NOISE]
    afferent = (efficacy * ia + p.ii_weight * ii + row[VOLUNTARY]) * ripple
    nociceptive = p.nociceptor_weight * (z[PAIN] + p.nociceptor_metabolites * z[METABOLITES])
    z[G_EXCITATORY] = 0.0 if blocked else afferent + nociceptive
    z[G_TENDON_TARGET] = 0.0 if blocked else tendon
    z[G_RENSHAW] = 0.0 if blocked else p.renshaw_weight * z[RENSHAW] + row[INHIBITION]


@mechanism
def conductances(z: Floats, p: Constants, steps: int, excitatory: Working, inhibitory: Working) -> None:
    """Fill the conductances at the middle of each step of the coming millisecond, and let their states reach its
    end."""
    volley, tendon = z[VOLLEY], z[G_TENDON]
    target = z[G_TENDON_TARGET]
    for k in range(steps):
        middle = (k + 0.5) / steps
        excitatory[k] = z[G_EXCITATORY] + volley * math.exp(-middle / p.volley_time_ms)
        inhibitory[k] = target + (tendon - target) * math.exp(-middle / p.ib_time_ms) + z[G_RENSHAW]
    volley *= math.exp(-1.0 / p.volley_time_ms)
    z[VOLLEY] = volley if volley > p.floor else 0.0
    z[G_TENDON] = target + (tendon - target) * math.exp(-1.0 / p.ib_time_ms)
