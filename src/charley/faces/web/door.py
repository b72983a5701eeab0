"""Who may come in, and what every answer says of itself.

The server listens on this machine alone, but every page that a browser shows can send requests to it. So each request,
a GET too, must name a host of ours (else a name that somebody points at 127.0.0.1 would do), must come from a page of
ours, and must bring the cookie that the address printed at the start gave. One path answers without: the exchange of
that address's key for the cookie.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ENTER = "/enter/"
FORM_DIGITS = 32  # of 4 bits: as many as nobody guesses
MOST_QUERY_BYTES, MOST_PATH_BYTES = 4096, 1024
MOST_PARAMETER_CHARACTERS = 2000
MOST_FORM_BYTES = 64 * 1024
BODY_IDLE_S = 30.0  # without a byte of a body
ANSWER_S = 60.0  # a view that takes longer has a fault: what takes long is work
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"  # no inline
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)


@dataclass(frozen=True, slots=True)
class Keys:
    """Made anew at each start: the key in the printed address, what the cookie holds, and what each form carries."""

    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    session: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def form(self) -> str:
        """The token of every form: follows from the session, and does not tell it."""
        return hmac.new(self.session.encode(), b"form", sha256).hexdigest()[:FORM_DIGITS]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request goes no further: status, a title and what to do, for a page without style."""

    status: int
    title: str
    text: str


_NOT_OURS = Refusal(421, "This address isn't Charley's", "Open the address that charley serve printed.")
_FOREIGN = Refusal(403, "Another page asked for this", "Nothing was changed. Open Charley in a window of its own.")
_OLD = Refusal(
    403,
    "This browser doesn't say which page a form came from",
    "So it can't be told from a page of somebody else's, and nothing was changed. A browser from 2023 or later does.",
)
_LOCKED = Refusal(
    401,
    "Charley doesn't know this browser yet",
    "Open the address that charley serve printed when it started. A new start has a new address; what you had saved "
    "is still there.",
)
_METHOD = Refusal(405, "That can't be done here", "Pages are read and forms are sent; nothing else is taken.")
_LONG = Refusal(414, "That address is too long", "Nothing was changed. Go back and shorten what you wrote.")
_LARGE = Refusal(413, "That is more than this form takes", "Nothing was changed. Files go to: Add runs.")
_TOO_MUCH = "That's more than a browser may hand over"
_ARCHIVE = (
    "Up to {gb} GB go at once. Nothing was changed, and what arrived before is kept. Unpack the archive and drop its "
    "folder here: that goes in parts. Or, in a terminal: charley import, and the file's name."
)
_KIND = Refusal(415, "That isn't a form", "Nothing was changed.")
_SLOW = Refusal(408, "Nothing came for half a minute", "Nothing was changed. Try again.")
_BUSY = Refusal(503, "This takes longer than it should", "Nothing is lost. Try again in a minute.")


UNREAD = (408, 413, 507)  # what is left of the body is not read, so the line is closed


class Door:
    """Stands before the app. ``hosts``: what the Host header may say; ``large``: paths that take large bodies, with
    the most that they take."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], keys: Keys, large: dict[str, int], port: int) -> None:
        self.app, self.hosts, self.keys, self.large = app, frozenset(hosts), keys, large
        self.cookie = f"charley_{port}"  # cookies are shared by all ports of a host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # websockets: none
            return
        sent = _Headers(send)
        host = headers_of(scope, b"host")
        refusal = self._host(scope) or _shape(scope) or _origin(scope, host)
        if refusal is None and scope["path"].startswith(ENTER):
            await self._enter(scope, sent)
            return
        refusal = refusal or self._cookie(scope) or self._size(scope)
        if refusal is not None:
            await refuse(refusal, sent)
            return
        scope["charley_form"] = self.keys.form
        body = _Body(receive, self.large.get(scope["path"], MOST_FORM_BYTES), self._larger(scope))
        try:
            async with asyncio.timeout(None if scope["path"] in self.large else ANSWER_S):
                await self.app(scope, body, sent)
        except TimeoutError:
            if not sent.begun:
                await refuse(_BUSY, sent)
        except Refused as stopped:
            if not sent.begun:
                await refuse(stopped.refusal, sent)

    def _host(self, scope: Scope) -> Refusal | None:
        named = headers_of(scope, b"host")
        return None if len(named) == 1 and named[0].lower() in self.hosts else _NOT_OURS

    def _cookie(self, scope: Scope) -> Refusal | None:
        pairs = [p.strip().partition("=") for h in headers_of(scope, b"cookie") for p in h.split(";")]
        brought = [value for name, _, value in pairs if name == self.cookie]
        return None if any(hmac.compare_digest(v.encode(), self.keys.session.encode()) for v in brought) else _LOCKED

    def _size(self, scope: Scope) -> Refusal | None:
        if scope["method"] != "POST":
            return None
        kind = ",".join(headers_of(scope, b"content-type")).partition(";")[0].strip().lower()
        if kind not in FORM_TYPES:
            return _KIND
        length = headers_of(scope, b"content-length")
        most = self.large.get(scope["path"], MOST_FORM_BYTES)
        too_large = any(not n.isdecimal() or int(n) > most for n in length)
        return self._larger(scope) if too_large else None

    def _larger(self, scope: Scope) -> Refusal:
        """What to do with more than a form takes; of files, that there is another way."""
        most = self.large.get(scope["path"])
        return _LARGE if most is None else Refusal(413, _TOO_MUCH, _ARCHIVE.format(gb=most // 2**30))

    async def _enter(self, scope: Scope, send: Send) -> None:
        brought = scope["path"].removeprefix(ENTER)
        if scope["method"] != "GET" or not hmac.compare_digest(brought.encode(), self.keys.key.encode()):
            await refuse(_LOCKED, send)
            return
        cookie = f"{self.cookie}={self.keys.session}; Path=/; HttpOnly; SameSite=Strict"
        headers = [(b"location", b"/"), (b"set-cookie", cookie.encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


class Refused(Exception):
    """Raised while a body is read: the request goes no further."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.title)
        self.refusal = refusal


FORGED = Refusal(403, "This form isn't ours", "Nothing was changed. Load the page again and send it once more.")


def headers_of(scope: Scope, name: bytes) -> list[str]:
    """All values of a header, as sent."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _shape(scope: Scope) -> Refusal | None:
    """Methods, and lengths of what stands in the address."""
    if scope["method"] not in ("GET", "HEAD", "POST"):
        return _METHOD
    query = scope["query_string"]
    if len(scope.get("raw_path") or b"") > MOST_PATH_BYTES or len(query) > MOST_QUERY_BYTES:
        return _LONG
    values = (pair.partition("=")[2] for pair in query.decode("latin-1").split("&"))
    return _LONG if any(len(unquote_plus(v)) > MOST_PARAMETER_CHARACTERS for v in values) else None


def _origin(scope: Scope, host: list[str]) -> Refusal | None:
    """A write must come from a page of ours; a read must not come from a page of anybody else's.

    Browsers write "Origin: null" for the forms of a page that has no referrer, as ours have; then what they say of the
    site must be right. One that says neither is too old to be let in.
    """
    origin, site = headers_of(scope, b"origin"), headers_of(scope, b"sec-fetch-site")
    ours = [f"http://{name}" for name in host]
    if any(s not in ("same-origin", "none") for s in site):
        return _FOREIGN
    if any(o not in (*ours, "null") for o in origin):
        return _FOREIGN
    if scope["method"] != "POST":
        return None
    return None if site == ["same-origin"] or (origin and origin == ours) else _OLD


class _Body:
    """The body as it comes: no more than ``most`` bytes, and never half a minute of nothing."""

    def __init__(self, receive: Receive, most: int, larger: Refusal) -> None:
        self._receive, self._left, self._more, self._larger = receive, most, True, larger

    async def __call__(self) -> Message:
        try:
            async with asyncio.timeout(BODY_IDLE_S if self._more else None):
                message = await self._receive()
        except TimeoutError:
            raise Refused(_SLOW) from None
        self._more = bool(message.get("more_body"))
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise Refused(self._larger)
        return message


class _Headers:
    """Sends an answer with the headers that every answer has."""

    def __init__(self, send: Send) -> None:
        self._send, self.begun = send, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            own = {name for name, _ in message["headers"]}
            more = [*HEADERS] if b"cache-control" in own else [*HEADERS, (b"cache-control", b"no-store")]
            message = {**message, "headers": [*message["headers"], *more]}
        await self._send(message)


def page_of(refusal: Refusal) -> bytes:
    """A page without style, as style sheets are behind the door too."""
    return (
        '<!doctype html><html lang="en-GB"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{refusal.title}</title><main><h1>{refusal.title}</h1><p>{refusal.text}</p></main></html>"
    ).encode()


async def refuse(refusal: Refusal, send: Send) -> None:
    """Answer with the page of a refusal."""
    page = page_of(refusal)
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(page)).encode())]
    if refusal.status in UNREAD:
        headers.append((b"connection", b"close"))  # the rest of the body is not read
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": page})
