"""One millisecond of all membranes, compiled for vectors: the equations of ``reference.membrane_ms``.

Imported only by ``kernel.py``, which says what the tricks are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array
from numpy.typing import NDArray

from charley.neuromuscular import layout as at
from charley.neuromuscular.compiled import compiled
from charley.neuromuscular.layout import Working
from charley.neuromuscular.simd import Lanes

Marks = NDArray[np.uint32]  # one bit a unit of a block
W = at.WIDTH
CACHE_LINE = 64  # bytes
GROUP = 21  # blocks that run the steps of a millisecond together: 32 kB of doubles, in the nearest cache
LOG2_E = float(np.log2(np.e))
STATES = {
    "v_soma": at.V_SOMA,
    "v_dendrite": at.V_DENDRITE,
    "gate": at.PIC,
    "available": at.INACTIVATION,
    "ahp": at.AHP,
    "refractory_ms": at.REFRACTORY,
    "drive": at.DRIVE,
    "pic": at.PIC_CONDUCTANCE,
    "ahp_decay": at.AHP_DECAY,
    "noise_mv": at.NOISE,
}
# what is the same for all units; first what ``membrane_ms`` sets anew
SHARED = (
    "gate_offset", "threshold", "dendrite_leak", "dendrite_pull", "excitation", "excitation_pull",
    "gate_scale", "limit", "keep", "relax", "dt", "coupling_per_ms", "leak", "leak_pull", "soma_leak", "g_ahp",
    "ahp_pull", "per_dendrite", "coupling_back", "e_calcium",
)  # fmt: skip
GATE_OFFSET, THRESHOLD, DENDRITE_LEAK, DENDRITE_PULL, EXCITATION, EXCITATION_PULL = range(6)
GATE_SCALE, PER_DENDRITE = SHARED.index("gate_scale"), SHARED.index("per_dendrite")


def fitted_power_of_two(degree: int) -> tuple[float, ...]:
    """Coefficients of 2^x for x in ±1/2 with nearly the least largest relative error."""
    from numpy.polynomial import Polynomial

    x = 0.5 * np.cos(np.pi * (np.arange(64) + 0.5) / 64)  # Chebyshev's points
    return tuple(map(float, Polynomial.fit(x, 2.0**x, degree, w=2.0**-x).convert().coef))


POWERS = {"double": fitted_power_of_two(7), "float": fitted_power_of_two(5)}  # errors 4e-11 and 8e-8


def step(u: Mapping[str, Lanes], k: Mapping[str, Lanes]) -> dict[str, Lanes]:
    """New states of a vector of units after one step; ``u`` old states and constants of the units, ``k`` SHARED.

    The trapezoidal rule v1 = v + A (v + v1) / 2 + b is solved for its middle, (v + v1) / 2, which needs no product of
    the old potentials with the matrix. Conductances of the soma count in units of its coupling; the dendrite's row is
    divided by its step.
    """
    exponent = (k["gate_offset"] - u["v_dendrite"] * k["gate_scale"]).at_most(k["limit"]).at_least(k["limit"] * -1.0)
    powers = POWERS[str(exponent.value.type.element)]
    gate = u["gate"] * k["keep"] + k["relax"] / (exponent.power_of_two(powers) + 1.0)
    left = k["dt"] - u["refractory_ms"]
    active = left.at_least(0.0)
    ahp = u["ahp"] * u["ahp_decay"]
    a12 = active * k["coupling_per_ms"]
    d11 = a12 * (ahp * k["g_ahp"] + k["soma_leak"]) + 1.0
    r1 = a12 * (ahp * k["ahp_pull"] + (u["noise_mv"] * k["leak"] + k["leak_pull"])) + u["v_soma"]
    pic = u["pic"] * u["available"] * gate
    d22 = u["drive"] * k["excitation"] + k["dendrite_leak"] + pic
    r2 = (
        (u["drive"] * k["excitation_pull"] + k["dendrite_pull"])
        + pic * k["e_calcium"]
        + u["v_dendrite"] * k["per_dendrite"]
    )
    twice = 2.0 / (d11 * d22 - a12 * k["coupling_back"])
    return {
        "v_soma": (d22 * r1 + a12 * r2) * twice - u["v_soma"],
        "v_dendrite": (d11 * r2 + r1 * k["coupling_back"]) * twice - u["v_dendrite"],
        "gate": gate,
        "ahp": ahp * u["ahp_decay"],
        "refractory_ms": active - left,
    }


@intrinsic
def sweep(typing: Any, blocks: Any, first: Any, last: Any, shared: Any, crossed: Any) -> Any:
    """One step of the blocks from ``first`` to before ``last``: new states; the old potential of the soma in BEFORE;
    the units that crossed the threshold, one bit each, in ``crossed`` (blocks,)."""
    signature = types.void(blocks, types.intp, types.intp, shared, crossed)

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        number = context.get_value_type(blocks.dtype)
        vector = ir.VectorType(number, W)
        aligned = blocks.dtype.bitwidth // 8

        def data(index: int) -> ir.Value:
            kind: Any = make_array(signature.args[index])  # type: ignore[no-untyped-call]
            return kind(context, builder, arguments[index]).data

        def same(index: int) -> Lanes:
            scalar = builder.load(builder.gep(data(3), [context.get_constant(types.intp, index)]))
            lone = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0))
            zeros = ir.Constant(ir.VectorType(ir.IntType(32), W), [0] * W)
            return Lanes(builder, builder.shuffle_vector(lone, ir.Constant(vector, ir.Undefined), zeros))

        k = {name: same(index) for index, name in enumerate(SHARED)}
        units, bits = data(0), data(4)
        with cgutils.for_range(builder, arguments[2], start=arguments[1]) as loop:
            start = builder.mul(loop.index, context.get_constant(types.intp, at.ROWS * W))

            def place(row: int) -> ir.Value:
                offset = builder.add(start, context.get_constant(types.intp, row * W))
                return builder.bitcast(builder.gep(units, [offset]), vector.as_pointer())

            u = {name: Lanes(builder, builder.load(place(row), align=aligned)) for name, row in STATES.items()}
            new = step(u, k)
            for name, lanes in new.items():
                builder.store(lanes.value, place(STATES[name]), align=aligned)
            builder.store(u["v_soma"].value, place(at.BEFORE), align=aligned)
            word = new["v_soma"].reached(k["threshold"])
            builder.store(builder.zext(word, ir.IntType(32)), builder.gep(bits, [loop.index]))
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def lowest_bit(typing: Any, word: Any) -> Any:
    """Index of the lowest bit that is set; ``word`` must not be 0."""
    return types.intp(types.uint32), lambda context, builder, signature, arguments: builder.zext(
        builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1)), context.get_value_type(types.intp)
    )


def aligned(blocks: Working) -> Working:
    """A copy of ``blocks`` that starts where a line of the cache starts, so that no vector lies across two."""
    room = np.empty(blocks.nbytes + CACHE_LINE, np.uint8)
    start = -room.ctypes.data % CACHE_LINE
    copy = room[start : start + blocks.nbytes].view(blocks.dtype).reshape(blocks.shape)
    copy[:] = blocks
    return copy


def shared(c: Working) -> Working:
    """SHARED from the constants ``c``, as far as it holds for a whole run; in the precision of ``c``."""
    wide = c.astype(np.float64)
    leak = 1.0 / wide[at.COUPLING_SOMA]
    g_ahp = leak * wide[at.AHP_CONDUCTANCE]
    values = {
        "gate_scale": wide[at.PIC_SLOPE] * LOG2_E,
        "limit": wide[at.EXP_LIMIT] * LOG2_E,
        "keep": 1.0 - wide[at.PIC_RELAX],
        "relax": wide[at.PIC_RELAX],
        "dt": wide[at.STEP],
        "coupling_per_ms": wide[at.SOMA_STEP] * wide[at.COUPLING_SOMA] / wide[at.STEP],
        "leak": leak,
        "leak_pull": leak * wide[at.E_LEAK],
        "soma_leak": leak + 1.0,
        "g_ahp": g_ahp,
        "ahp_pull": g_ahp * wide[at.E_POTASSIUM],
        "per_dendrite": 1.0 / wide[at.DENDRITE_STEP],
        "coupling_back": wide[at.COUPLING_DENDRITE],
        "e_calcium": wide[at.E_CALCIUM],
    }
    return np.array([values.get(name, 0.0) for name in SHARED], c.dtype)


@compiled
def cross(u: Working, word: np.uint32, c: Working) -> None:
    """Spikes of one block: when in the step, and what the rest of the step would have been with a soma at reset."""
    one, two, dt, threshold = c[at.ONE], c[at.TWO], c[at.STEP], c[at.SPIKE_THRESHOLD]
    while word != 0:
        j: int = lowest_bit(word)  # type: ignore[call-arg]  # the context is Numba's to give
        word &= word - np.uint32(1)
        v = u[at.V_SOMA * W + j]
        rise = v - u[at.BEFORE * W + j]
        rest = min((v - threshold) / (rise if rise > 0 else one), one)
        over = (threshold + v) / two - c[at.V_RESET]
        decay = u[at.AHP_DECAY * W + j]
        u[at.V_SOMA * W + j] = c[at.V_RESET]
        u[at.V_DENDRITE * W + j] += c[at.KICK] - two * c[at.DENDRITE_STEP] * c[at.COUPLING_DENDRITE] * rest * over
        u[at.AHP * W + j] += one + rest * (decay * decay - one)
        u[at.REFRACTORY * W + j] = c[at.REFRACTORY_MS] - rest * dt
        u[at.SPIKED * W + j] += one


@compiled
def membrane_ms(
    blocks: Working, g_excitatory: Working, g_inhibitory: Working, c: Working, k: Working, crossed: Marks
) -> None:
    """Advance all units by one millisecond at conductances given for each step (shape (steps,)).

    ``blocks`` from ``aligned``, ``k`` from ``shared`` and ``c`` (CONSTANTS,) are of one precision, single or double;
    ``crossed`` (blocks,) is room to work.
    """
    k[GATE_OFFSET], k[THRESHOLD] = c[at.PIC_HALF] * k[GATE_SCALE], c[at.SPIKE_THRESHOLD]
    dendrite_leak = k[PER_DENDRITE] + c[at.ONE] + c[at.COUPLING_DENDRITE]
    for first in range(0, len(blocks), GROUP):
        last = min(first + GROUP, len(blocks))
        for step in range(len(g_excitatory)):
            ge, gi = g_excitatory[step], g_inhibitory[step]
            k[DENDRITE_LEAK], k[DENDRITE_PULL] = dendrite_leak + gi, c[at.E_LEAK] + gi * c[at.E_INHIBITORY]
            k[EXCITATION], k[EXCITATION_PULL] = ge, ge * c[at.E_EXCITATORY]
            sweep(blocks, first, last, k, crossed)  # type: ignore[call-arg]  # likewise
            for b in range(first, last):
                if crossed[b] != 0:
                    cross(blocks[b], crossed[b], c)
