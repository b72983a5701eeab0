"""All pages and all writes, in one list each; whoever adds one writes a file in ``views/`` and a line here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from charley.faces.web import static
from charley.faces.web.door import UNREAD, Door, Keys, Refused, page_of
from charley.faces.web.forms import one, read_form
from charley.faces.web.pages import (
    UNITS,
    Act,
    File,
    Page,
    Upload,
    as_act,
    as_file,
    as_json,
    as_page,
    as_upload,
    asked_of,
    html,
    wrong,
)
from charley.faces.web.shelf import Shelf
from charley.faces.web.views import (
    ask,
    bring,
    cramp_now,
    data,
    home,
    lab,
    plan,
    profile,
    race,
    run,
    runs,
    same_stretch,
    stops,
    trying,
    waiting,
    why,
)
from charley.faces.web.work import Work
from charley.vocabulary.errors import CharleyError, UsageError

PAGES: tuple[Page[Any], ...] = (
    home.PAGE, bring.PAGE, runs.PAGE, run.PAGE, same_stretch.PAGE, stops.PAGE, why.PAGE, race.PAGE, plan.PAGE,
    trying.PAGE, ask.PAGE, lab.PAGE, profile.PAGE, data.PAGE,
)  # fmt: skip
ACTS: tuple[Act, ...] = (
    *home.ACTS,
    *run.ACTS,
    *waiting.ACTS,
    *bring.ACTS,
    *race.ACTS,
    *plan.ACTS,
    *trying.ACTS,
    *profile.ACTS,
    *data.ACTS,
)
UPLOADS: tuple[Upload, ...] = (bring.UPLOAD, data.UPLOAD)
FILES: tuple[File, ...] = (*data.FILES, *race.FILES, *plan.FILES)
LARGE = {upload.path: upload.most_bytes for upload in UPLOADS}


def make_app(shelf: Shelf, *, keys: Keys, port: int, names: Iterable[str], work: Work) -> ASGIApp:
    """The app for one journal, behind its door. ``names``: the hosts under which it may be asked, without the port."""
    inner = Starlette(
        routes=list(routes()), exception_handlers={HTTPException: _not_there, Refused: _refused, Exception: _defect}
    )
    inner.state.shelf, inner.state.work = shelf, work
    hosts = [f"{name}:{port}" for name in names] + ([*names] if port == 80 else [])
    return Door(inner, hosts, keys, LARGE, port)


def routes() -> Iterable[Route]:
    """Each page twice, for people and as JSON; each write; files; style sheets and scripts."""
    for page in PAGES:
        yield Route(f"{page.path.rstrip('/') or '/home'}.json", as_json(page), methods=["GET"])
    for page in PAGES:
        yield Route(page.path, as_page(page), methods=["GET"])
    for file in FILES:
        yield Route(file.path, as_file(file), methods=["GET"])
    for act in ACTS:
        yield Route(act.path, as_act(act), methods=["POST"])
    for upload in UPLOADS:
        yield Route(upload.path, as_upload(upload), methods=["POST"])
    yield Route("/units", _units, methods=["POST"])
    yield Route("/cramp-now", cramp_now.view, methods=["GET"])
    yield Route("/static/{hash}/{name}", _static, methods=["GET"])
    yield Route("/favicon.ico", _icon, methods=["GET"])


async def _units(request: Request) -> Response:
    """Units are a matter of the browser, not of the journal."""
    asked = asked_of(request)
    chosen = one(await read_form(request, asked.form), "units")
    if chosen not in UNITS:
        return wrong(UsageError("usage-value", "no units were chosen", "units"), asked)
    answer = RedirectResponse("/data#units", 303)
    answer.set_cookie("charley_units", chosen, max_age=365 * 86400, httponly=True, samesite="strict")
    return answer


def _icon(request: Request) -> Response:
    return Response(static.content("icon.svg"), media_type=static.kind("icon.svg"))


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in static.names() or request.url.path != static.address(name):
        raise HTTPException(404)
    forever = {"cache-control": "private, max-age=31536000, immutable"}
    return Response(static.content(name), media_type=static.kind(name), headers=forever)


def _not_there(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return html("nothing", asked_of(request), {"status": status}, status=status)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    closing = {"connection": "close"} if error.refusal.status in UNREAD else None
    return Response(page_of(error.refusal), error.refusal.status, closing, "text/html; charset=utf-8")


def _defect(request: Request, error: Exception) -> Response:
    return wrong(CharleyError("defect", f"{type(error).__name__}: {error}"), asked_of(request))
