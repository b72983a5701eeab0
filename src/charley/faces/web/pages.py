"""A page: one question to the api, its answer in words and pictures, and the same answer as the JSON of the verb."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from charley.faces.web import journals as kept
from charley.faces.web import next_steps, progress, static
from charley.faces.web.forms import Form, read_form
from charley.faces.web.shelf import Shelf
from charley.faces.web.uploads import Sent, receive
from charley.faces.web.work import Waiting, Work
from charley.vocabulary.errors import CharleyError, InputError, JournalError, UsageError
from charley.vocabulary.version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment

T = TypeVar("T")
Shown = Mapping[str, Any]  # what a template is filled with
UNITS = ("metric", "imperial")
TABS = (
    ("Runs", "/runs"),
    ("Why", "/why"),
    ("Race", "/race"),
    ("Plan", "/plan"),
    ("Try", "/try"),
    ("Ask", "/ask"),
    ("Lab", "/lab"),
    ("Data", "/data"),
)  # the bar
_STATUS = {UsageError: 400, InputError: 422, JournalError: 409}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked: of which journal, with which words in the address, and in which units it is to answer."""

    journal: Path
    demo: bool
    units: str
    query: Mapping[str, str]
    path: Mapping[str, str]
    work: Work
    form: str  # the token that each form carries
    shelf: Shelf


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page at ``path``; at ``path`` with ``.json`` the same answer as the command line gives it.

    ``ask`` calls the api, and raises Waiting where the answer is being worked out; ``show`` fills the template;
    ``tell`` is the JSON. ``tab``: which page of the bar it belongs to. ``empty``: what will stand here once there
    are runs; a page without it does not need any. ``form``: the question itself is a form on it, read from the address.
    """

    path: str
    template: str
    ask: Callable[[Asked], T]
    show: Callable[[T, Asked], Shown]
    tell: Callable[[T], dict[str, Any]]
    tab: str = ""
    empty: str = ""
    form: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """A write: ``take`` reads the form with the code of the verb, calls the api, and says which page comes next.

    ``page``: on which it stands, where something is typed into it.
    """

    path: str
    take: Callable[[Form, Asked], str]
    page: Page[Any] | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A write with files: ``take`` finds them on the disk, in a folder of their own, and says which page comes next."""

    path: str
    take: Callable[[Sent, Asked], str]
    most_bytes: int


@dataclass(frozen=True, slots=True)
class File:
    """A file that a page offers to be kept: ``make`` gives its bytes, its name and its media type."""

    path: str
    make: Callable[[Asked], tuple[bytes, str, str]]


def asked_of(request: Request) -> Asked:
    """What a request asks for."""
    state = request.app.state
    units = request.cookies.get("charley_units", UNITS[0])
    return Asked(
        state.shelf.journal,
        state.shelf.demo,
        units if units in UNITS else UNITS[0],
        dict(request.query_params),
        dict(request.path_params),
        state.work,
        request.scope["charley_form"],
        state.shelf,
    )


def settled(ask: Callable[[], T]) -> T | Waiting | CharleyError:
    """An answer that a page can do without for now: what there is instead is shown in its place."""
    try:
        return ask()
    except (Waiting, CharleyError) as instead:
        return instead


def as_page(page: Page[T]) -> Callable[[Request], Response]:
    """The view of a page."""

    def view(request: Request) -> Response:
        asked = asked_of(request)
        try:
            if page.empty and not kept.glances(asked.journal):
                return html("none", asked, {"title": page.empty}, tab=page.tab)
            shown = page.show(page.ask(asked), asked)
        except Waiting as waiting:
            return html("wait", asked, {"waiting": waiting, "again": _address(request)}, tab=page.tab, status=202)
        except CharleyError as error:
            if page.form:
                return again(page, error, replace(asked, query={}), asked)
            return wrong(error, asked, tab=page.tab)
        return html(page.template, asked, shown, tab=page.tab)

    return view


def _address(request: Request) -> str:
    """The address within the app under which a page is asked again."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def as_json(page: Page[T]) -> Callable[[Request], Response]:
    """The same answer as JSON."""

    def view(request: Request) -> Response:
        try:
            return _json(page.tell(page.ask(asked_of(request))))
        except Waiting as waiting:
            status = "stopped" if waiting.stopped else "working"
            return _json({"meta": {"status": status}, "done": waiting.done, "what": waiting.what}, 202)
        except CharleyError as error:
            said = {"code": error.code, "found": error.found, "where": error.where, "next_step": error.next_step}
            return _json({"meta": {"status": "error"}, "error": said}, _STATUS.get(type(error), 400))

    return view


def as_act(act: Act) -> Callable[[Request], Any]:
    """The view of a write: read, done, and on to a page; or what is wrong, with nothing changed."""

    async def view(request: Request) -> Response:
        from starlette.concurrency import run_in_threadpool

        asked = asked_of(request)
        form = await read_form(request, asked.form)
        try:
            there = await run_in_threadpool(act.take, form, asked)
        except CharleyError as error:
            if act.page is None:
                return wrong(error, asked)
            typed = replace(asked, query={name: values[-1] for name, values in form.items()})
            return await run_in_threadpool(again, act.page, error, typed, typed, form)
        return RedirectResponse(there, 303)

    return view


def as_upload(upload: Upload) -> Callable[[Request], Any]:
    """The view of a write with files; those that it does not leave to the import are removed."""

    async def view(request: Request) -> Response:
        from starlette.concurrency import run_in_threadpool

        asked = asked_of(request)
        incoming = asked.shelf.incoming(asked.work)
        try:
            room = await run_in_threadpool(incoming.room)
            try:
                sent = await receive(request, asked.form, room)
                there = await run_in_threadpool(upload.take, sent, asked)
            except BaseException:
                incoming.leave(room)
                raise
            if upload.path != incoming.path:
                incoming.leave(room)
        except CharleyError as error:
            return wrong(error, asked)
        return RedirectResponse(there, 303)

    return view


def as_file(file: File) -> Callable[[Request], Response]:
    """The view of a file."""

    def view(request: Request) -> Response:
        asked = asked_of(request)
        try:
            content, name, kind = file.make(asked)
        except Waiting as waiting:
            return html("wait", asked, {"waiting": waiting, "again": _address(request)}, status=202)
        except CharleyError as error:
            return wrong(error, asked)
        return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})

    return view


def wrong(error: CharleyError, asked: Asked, *, tab: str = "") -> Response:
    """What was found, where, and what to do next."""
    return html("error", asked, _found(error, asked), tab=tab, status=_status(error))


def again(page: Page[Any], error: CharleyError, answered: Asked, asked: Asked, form: Form | None = None) -> Response:
    """What was found, above the page of the form that said it, which keeps what was typed.

    ``answered``: for which question the rest of the page stands.
    """
    try:
        shown = page.show(page.ask(answered), asked)
    except (Waiting, CharleyError):  # nothing to show it on
        return wrong(error, asked, tab=page.tab)
    more = {"refusal": _found(error, asked)} | ({} if form is None else {"typed": form})
    return html(page.template, asked, {**shown, **more}, tab=page.tab, status=_status(error))


def _found(error: CharleyError, asked: Asked) -> dict[str, Any]:
    return {"error": error, "where": next_steps.where(error, asked.journal), "next": next_steps.next_step(error)}


def _status(error: CharleyError) -> int:
    return next((s for kind, s in _STATUS.items() if isinstance(error, kind)), 400)


def html(template: str, asked: Asked | None, shown: Shown, *, tab: str = "", status: int = 200) -> Response:
    """A template in the frame that all pages share."""
    frame = {
        "demo": bool(asked and asked.demo),
        "form": asked.form if asked else "",
        "units": asked.units if asked else UNITS[0],
        "tab": tab,
        "version": __version__,
        "refusal": None,
        "typed": {name: (value,) for name, value in asked.query.items()} if asked else {},
    }
    template = shown.get("template", template)  # a page may have a first-run form of its own
    return HTMLResponse(environment().get_template(f"{template}.html.j2").render({**frame, **shown}), status)


def _json(thing: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(thing, ensure_ascii=False, allow_nan=False), status, media_type="application/json")


def untyped(text: str) -> str:
    """Sentences of an answer without the commands in them: here a link or a form stands for each."""
    text = re.sub(r" ?\bTo [a-z][^.:]{0,40}: charley [a-z][a-z-]*(?: (?:--?)?[\w/%-]+)*\.?(?=\s|$)", "", text)
    text = re.sub(r": charley [a-z][a-z-]*(?: (?:--?)?[\w/%-]+)*\.(?= [A-Z])", ".", text)
    text = re.sub(r"; say --[a-z][^.;]*| \(--[a-z-]+\)", "", text)
    return re.sub(r"[:,.]? +charley [a-z][a-z-]*(?: (?:--?)?[\w/.%-]+)*\.?$", ".", text)


def all_untyped(thing: Any) -> Any:
    """The same of every text in what a template is filled with; pictures stay as they are."""
    if isinstance(thing, str):
        return thing if isinstance(thing, Markup) else untyped(thing)
    if isinstance(thing, dict):
        return {key: all_untyped(value) for key, value in thing.items()}
    return type(thing)(map(all_untyped, thing)) if type(thing) in (list, tuple) else thing


@cache
def environment() -> Environment:
    """The templates, read once."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    rooms = [files("charley.faces.web") / "templates", files("charley.faces.report")]

    def source(name: str) -> str:
        return next(room / name for room in rooms if (room / name).is_file()).read_text(encoding="utf-8")

    made = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static.address
    made.filters["untyped"] = untyped
    made.filters["progress"] = progress.said
    made.globals["tabs"] = lambda: TABS
    return made
