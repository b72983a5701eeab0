"""Cramp now: the page for the phone, as `charley help-me --html` writes it; one tap on a leg keeps the cramp."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from charley.api import advice
from charley.faces.report.pictures.cramp_now import render_page
from charley.faces.web import static
from charley.faces.web.pages import asked_of


def view(request: Request) -> Response:
    """The whole page; it stands on its own from then on, and works without its script."""
    return HTMLResponse(_page(asked_of(request).form))


@lru_cache(1)
def _page(form: str) -> str:
    """The page of one start of the server: what differs between two is the token of its form."""
    token = f'<input type="hidden" name="form" value="{escape(form)}">'
    sheet, script = static.address("cramp_now.css"), static.address("cramp_now.js")
    return render_page(advice.cramp_card(), "/cramp-now/log", token, sheet, script)
