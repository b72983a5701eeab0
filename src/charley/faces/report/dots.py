"""One hundred dots: a probability as a count, with its upper limit outlined."""

from __future__ import annotations

from charley.faces.report import figures as fig
from charley.faces.report.svg import Drawing
from charley.vocabulary.estimate import Estimate

_COLUMNS, _STEP, _RADIUS = 20, 12.0, 4.0


def draw(name: str, chance: Estimate) -> Drawing:
    """Filled up to the mean, outlined up to the upper limit, pale beyond."""
    picture = Drawing(f"dots-{name}", _COLUMNS * _STEP)
    filled, outlined = round(100 * chance.mean), round(100 * chance.high)
    for i in range(100):
        css = "on1" if i < filled else "on2" if i < outlined else "on0"
        x, y = _STEP * (i % _COLUMNS) + _STEP / 2, _STEP * (i // _COLUMNS) + _STEP / 2
        picture.circle(x, y, _RADIUS, css)
    picture.height = _STEP * 100 / _COLUMNS
    return picture


def title(chance: Estimate) -> str:
    """The dots in words."""
    return f"{fig.chance(chance.mean)} of 100 dots filled"


def description(chance: Estimate) -> str:
    """The range in words."""
    return f"Range {fig.chance_range(chance)} in 100; dots up to the upper limit are outlined."
