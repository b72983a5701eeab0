"""Arithmetic on many units with one instruction: a value of the compiled kernel that stands for a whole vector.

``Lanes`` is to the compiler what an array is to NumPy. An expression written with it is not computed but recorded, as
instructions of LLVM on vectors of fixed width; where the machine's registers are narrower than that, LLVM takes
several of them. Only what the membranes need is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

FUSE = ("contract",)  # a product and a sum may become one instruction, rounded once: the only freedom given
MANTISSA_BITS = {"double": 52, "float": 23}
EXPONENT_OF_ONE = {"double": 1023, "float": 127}


class Lanes:
    """A vector of floating-point numbers inside the function that ``builder`` is at work on."""

    def __init__(self, builder: ir.IRBuilder, value: ir.Value) -> None:
        self.builder, self.value = builder, value

    def constant(self, number: float) -> Lanes:
        """``number`` in every lane."""
        kind = self.value.type
        return Lanes(self.builder, ir.Constant(kind, [ir.Constant(kind.element, number)] * kind.count))

    def _binary(self, instruction: Callable[..., Any], left: Lanes | float, right: Lanes | float) -> Lanes:
        one, other = (side if isinstance(side, Lanes) else self.constant(side) for side in (left, right))
        return Lanes(self.builder, instruction(one.value, other.value, flags=FUSE))

    def __add__(self, other: Lanes | float) -> Lanes:
        return self._binary(self.builder.fadd, self, other)

    def __sub__(self, other: Lanes | float) -> Lanes:
        return self._binary(self.builder.fsub, self, other)

    def __mul__(self, other: Lanes | float) -> Lanes:
        return self._binary(self.builder.fmul, self, other)

    def __rtruediv__(self, other: Lanes | float) -> Lanes:
        return self._binary(self.builder.fdiv, other, self)

    def __truediv__(self, other: Lanes | float) -> Lanes:
        return self._binary(self.builder.fdiv, self, other)

    __radd__, __rmul__ = __add__, __mul__

    def at_least(self, other: Lanes | float) -> Lanes:
        """The larger of the two in each lane; ``other`` where they cannot be compared."""
        return self._chosen(">", other)

    def at_most(self, other: Lanes | float) -> Lanes:
        """The smaller of the two in each lane; ``other`` where they cannot be compared."""
        return self._chosen("<", other)

    def _chosen(self, relation: str, other: Lanes | float) -> Lanes:
        other = other if isinstance(other, Lanes) else self.constant(other)
        keep = self.builder.fcmp_ordered(relation, self.value, other.value)
        return Lanes(self.builder, self.builder.select(keep, self.value, other.value))

    def reached(self, level: Lanes) -> ir.Value:
        """One bit a lane, the first lane lowest: where this is ``level`` or more."""
        bits = self.builder.fcmp_ordered(">=", self.value, level.value)
        return self.builder.bitcast(bits, ir.IntType(self.value.type.count))

    def power_of_two(self, coefficients: Sequence[float]) -> Lanes:
        """2 to this power: a polynomial for the fraction in ±1/2, the whole part made the exponent of a factor.

        ``coefficients`` of the polynomial from the constant up. Adding 1.5 x 2^mantissa rounds to whole numbers and
        leaves them in the lowest bits, from where they are moved to the place of the exponent. This power must be one
        that a number of its precision can have.
        """
        kind, b = self.value.type, self.builder
        precision = str(kind.element)
        mantissa = MANTISSA_BITS[precision]
        whole = ir.VectorType(ir.IntType({"double": 64, "float": 32}[precision]), kind.count)
        rounder = 1.5 * 2.0**mantissa + EXPONENT_OF_ONE[precision]
        rounded = self + rounder
        fraction = self - (rounded - rounder)
        series = polynomial([self.constant(value) for value in coefficients], fraction)
        factor = b.shl(b.bitcast(rounded.value, whole), ir.Constant(whole, [mantissa] * kind.count))
        return series * Lanes(b, b.bitcast(factor, kind))


def polynomial(terms: list[Lanes], x: Lanes) -> Lanes:
    """Sum of ``terms`` times powers of ``x``, in pairs (Estrin's scheme): a short chain of operations that wait for
    each other."""
    while len(terms) > 1:
        pairs = [a + x * b for a, b in zip(terms[::2], terms[1::2], strict=False)]
        terms = pairs + terms[len(terms) - len(terms) % 2 :]
        x = x * x
    return terms[0]
