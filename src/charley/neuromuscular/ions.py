"""What sodium and body water do to the voltages at which channels open.

Two effects of opposite sign: a more concentrated extracellular fluid makes membranes less excitable, a smaller one
makes them more so. No measurement gives their size. Both are fitted; that of sodium no further than what the change of
its own gradient is worth, 0.19 mV per mmol/L. Sweating does both; plain water afterwards undoes the first and only part
of the second. Both act at once and on the whole neuron; a slower way to the cord is not modelled.
"""

from __future__ import annotations

from charley.neuromuscular.mechanism import Number
from charley.neuromuscular.parameters import Constants


def ion_shift_mv(p: Constants, sodium_change_mmol_l: Number, extracellular_change: Number) -> Number:
    """Shift of all activation voltages (mV, negative: more excitable); scalars or arrays.

    ``sodium_change_mmol_l``: plasma sodium against the rested, drunk state. ``extracellular_change``: volume as a
    fraction of it (plasma volume may stand for it). Validity: -10 to +15 mmol/L, -0.2 to +0.1; linear, so the worse
    the further out. Source: calibrated on Lau et al. 2019 (doi:10.1136/bmjsem-2018-000478) and Miller et al. 2010
    (doi:10.1249/MSS.0b013e3181dd5e3a).
    """
    return p.sodium_shift_mv * sodium_change_mmol_l + p.volume_shift_mv * extracellular_change
