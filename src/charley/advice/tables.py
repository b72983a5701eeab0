"""Reads the tables of this room; each file is parsed once, and only when it is asked for."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """Everything in ``data/<name>.toml``. The caller must not change it."""
    with open(os.path.join(os.path.dirname(__file__), "data", f"{name}.toml"), "rb") as file:
        return tomllib.load(file)
