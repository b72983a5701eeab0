"""The app of `charley serve` without a network: requests as a browser makes them, and as others might."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from charley.faces.web import door
from charley.faces.web.app import make_app
from charley.faces.web.door import Keys
from charley.faces.web.shelf import Shelf
from charley.faces.web.work import Work

PORT = 8731
HOST = f"127.0.0.1:{PORT}"
NAMES = ("127.0.0.1", "localhost", "[::1]")
FORM = "application/x-www-form-urlencoded"


class AtOnce(Work):
    """Work that is done where it is asked for, once: no processes, and nothing to wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Hashable] = []
        self.kept: dict[Hashable, Any] = {}

    def answer(self, key: Hashable, what: str, call: Callable[..., Any], *args: Any, progress: bool = False) -> Any:
        self.asked.append(key)
        if key not in self.kept:
            self.kept[key] = call(*args, tell=lambda news: None) if progress else call(*args)
        return self.kept[key]


@dataclass
class Got:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Site:
    """The app on a journal, and somebody who asks it."""

    journal: Path
    keys: Keys = field(default_factory=Keys)
    work: Work = field(default_factory=AtOnce)

    def __post_init__(self) -> None:
        door.ANSWER_S = 3600.0  # what is done at once here is done by other processes there
        self.shelf = Shelf(self.journal)
        self.app = make_app(self.shelf, keys=self.keys, port=PORT, names=NAMES, work=self.work)

    def browser(self) -> dict[str, str]:
        """The headers of a browser that was let in."""
        cookie = f"charley_{PORT}={self.keys.session}"
        return {"host": HOST, "cookie": cookie, "sec-fetch-site": "same-origin", "origin": f"http://{HOST}"}

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"", query: str = ""
    ) -> Got:
        """One request; without ``headers`` as our own browser asks."""
        headers = self.browser() if headers is None else headers
        sent: list[dict[str, Any]] = []
        parts = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return parts.pop(0) if parts else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()], "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", PORT),
        }  # fmt: skip
        asyncio.run(self.app(scope, receive, send))  # type: ignore[arg-type]
        start = next(m for m in sent if m["type"] == "http.response.start")
        content = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
        return Got(start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, content)

    def post(self, path: str, **fields: str) -> Got:
        """A form of ours, filled in and sent."""
        from urllib.parse import urlencode

        body = urlencode({"form": self.keys.form, **fields}).encode()
        headers = {**self.browser(), "content-type": FORM, "content-length": str(len(body))}
        return self.ask("POST", path, headers, body)
