"""A picture as a pair, wide and narrow, with its words and its tables, as the templates take it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from charley.faces.report.pictures.svg import Drawing

Table = tuple[str, list[str], list[list[str]]]  # name, heads, rows


def picture(
    draw: Callable[[bool], Drawing],
    title: str,
    words: str,
    tables: Sequence[Table] = (),
    along: Sequence[float] = (),
) -> dict[str, Any]:
    """``draw(True)`` is the wide drawing, ``draw(False)`` the narrow one. ``along``: where each row of the first table
    stands, in the values of the axis across the drawing, for a line that goes from row to row."""
    wide, narrow = draw(True), draw(False)
    return {
        "wide": Markup(wide.svg(title, words, "wide")),
        "narrow": Markup(narrow.svg(title, words, "narrow")),
        "tables": [{"name": name, "heads": heads, "body": body} for name, heads, body in tables],
        "cursor": _cursor(wide, narrow, along),
    }


def _cursor(wide: Drawing, narrow: Drawing, along: Sequence[float]) -> dict[str, str] | None:
    """Ends of the axis in px in both drawings, and where each row stands between them."""
    if not len(along) or wide.across is None or narrow.across is None:
        return None
    span = (wide.across.hi - wide.across.lo) or 1.0
    shares = [min(max((value - wide.across.lo) / span, 0.0), 1.0) for value in along]
    ends = {name: f"{at.start:g} {at.end:g}" for name, at in (("wide", wide.across), ("narrow", narrow.across))}
    return ends | {"at": " ".join(f"{share:.4g}" for share in shares)}
