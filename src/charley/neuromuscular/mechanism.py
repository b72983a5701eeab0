"""Marks what is written once and used twice: as plain Python on numbers or arrays, and compiled inside the kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from charley.vocabulary.arrays import Floats

Number = TypeVar("Number", float, Floats)  # one number, or an array of them
Function = TypeVar("Function", bound=Callable[..., Any])

MECHANISMS: list[Callable[..., Any]] = []


def mechanism(function: Function) -> Function:
    """The function as it stands, noted for ``kernel.py``, which compiles it wherever the kernel calls it."""
    MECHANISMS.append(function)
    return function
