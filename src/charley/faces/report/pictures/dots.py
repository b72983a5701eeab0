"""One hundred dots, or ten: a probability as a count, with its upper limit outlined."""

from __future__ import annotations

from charley.faces.report.pictures.svg import Drawing
from charley.faces.report.wording import figures as fig
from charley.vocabulary.estimate import Estimate

_COLUMNS, _STEP, _RADIUS = 20, 12.0, 4.0


def draw(name: str, chance: Estimate, of: int = 100) -> Drawing:
    """Filled up to the mean, outlined up to the upper limit, pale beyond."""
    picture = Drawing(f"dots-{name}", _COLUMNS * _STEP)
    filled, outlined = round(of * chance.middle), round(of * chance.high)
    for i in range(of):
        css = "on1" if i < filled else "on2" if i < outlined else "on0"
        x, y = _STEP * (i % _COLUMNS) + _STEP / 2, _STEP * (i // _COLUMNS) + _STEP / 2
        picture.circle(x, y, _RADIUS, css)
    picture.height = _STEP * max(of / _COLUMNS, 1)
    return picture


def title(chance: Estimate, of: int = 100) -> str:
    """The dots in words."""
    return f"{fig.chance(chance.middle, of)} of {of} dots filled"


def description(chance: Estimate, of: int = 100) -> str:
    """The range in words."""
    return f"Range {fig.chance_range(chance, of)} of {of}; dots up to the upper limit are outlined."
