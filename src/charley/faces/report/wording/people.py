"""How people differ, said apart from how far the studies leave a figure open."""

from __future__ import annotations

from charley.faces.report.wording import figures as fig

LEAST_APART = 0.05  # between the two figures, for them to be worth a line


def people_differ(chances: tuple[float, float] | None) -> str:
    """How far such runners differ from one another, of which the range of the chance says nothing.

    Of ten, two have a chance below the first, and two above the second.
    """
    if chances is None:
        return ""
    low, high = chances
    if high - low < LEAST_APART:
        return ""
    few, most = (fig.number(100 * min(max(value, 0.01), 0.99)) for value in (low, high))
    return f"People differ: of ten such runners, two have less than {few} in 100 and two over {most}."
