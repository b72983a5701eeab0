"""A statement about a result as a code with its figures: a model says what it is, a face says it in words."""

from __future__ import annotations

from dataclasses import dataclass

ASSUMED, RANGE, STUDIES = "input-assumed", "model-range", "studies-only"


@dataclass(frozen=True, slots=True)
class Note:
    """``code`` names the sentence, ``values`` are its figures in SI (shares 0..1), ``detail`` a word that it needs.

    ``warning``: the code under which the registry lists it, "" where it is no warning.
    """

    code: str
    warning: str = ""
    values: tuple[tuple[str, float], ...] = ()
    detail: tuple[str, ...] = ()

    def value(self, name: str) -> float:
        """The figure of that name."""
        return dict(self.values)[name]


def note(code: str, **values: float) -> Note:
    """A note that is no warning."""
    return Note(code, values=tuple(values.items()))


def assumed(code: str, *detail: str, **values: float) -> Note:
    """A note on what was not said and had to be taken from elsewhere."""
    return Note(code, ASSUMED, tuple(values.items()), detail)


def out_of_range(code: str, **values: float) -> Note:
    """A note on where a run left the range in which a model holds."""
    return Note(code, RANGE, tuple(values.items()))
