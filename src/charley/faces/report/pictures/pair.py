"""A picture as a pair, wide and narrow, with its words and its tables, as the templates take it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from charley.faces.report.pictures.svg import Drawing

Table = tuple[str, list[str], list[list[str]]]  # name, heads, rows


def picture(draw: Callable[[bool], Drawing], title: str, words: str, tables: Sequence[Table] = ()) -> dict[str, Any]:
    """``draw(True)`` is the wide drawing, ``draw(False)`` the narrow one."""
    return {
        "wide": Markup(draw(True).svg(title, words, "wide")),
        "narrow": Markup(draw(False).svg(title, words, "narrow")),
        "tables": [{"name": name, "heads": heads, "body": body} for name, heads, body in tables],
    }
