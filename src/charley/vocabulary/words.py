"""The catalogue of fixed sentences: one file of strings with ids, so that one place is checked and translated."""

from __future__ import annotations

import os
import tomllib
from functools import cache


@cache
def catalogue() -> dict[str, str]:
    """All sentences, by "group.id"."""
    with open(os.path.join(os.path.dirname(__file__), "words.toml"), "rb") as file:
        groups = tomllib.load(file)
    return {f"{group}.{key}": text for group, rows in groups.items() for key, text in rows.items()}


def words(key: str, **values: object) -> str:
    """The sentence with that id, its places filled. KeyError for an id that is not there: that is a defect."""
    return catalogue()[key].format(**values) if values else catalogue()[key]
