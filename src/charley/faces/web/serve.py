"""Opens the door: finds a port, says the address, and serves until it is stopped."""

from __future__ import annotations

import errno
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from charley.faces.web.app import make_app
from charley.faces.web.door import ENTER, Keys
from charley.faces.web.shelf import Shelf
from charley.faces.web.work import Work
from charley.vocabulary.errors import UsageError

LOOPBACK = "127.0.0.1"
NAMES = (LOOPBACK, "localhost", "[::1]")
FIRST_PORT = 8731
MOST_CONNECTIONS = 64
IDLE_S = 20
_LISTEN_TEXT = (
    "Everyone in this network who has the address below can read and change your journal, and what is sent is not "
    "encrypted. Stop it when you are done."
)


def serve(
    journal: Path, say: Callable[[str], None], *, demo: bool = False, port: int | None = None, listen: str | None = None
) -> None:
    """Serve the app for a journal until it is stopped; ``demo`` opens it with the made-up runner.

    ``listen``: another address of this machine than the loopback.

    Raises UsageError for a port that is taken, or an address that this machine does not have.
    """
    import uvicorn

    opened = _sockets(listen or LOOPBACK, port)
    number = int(opened[0].getsockname()[1])
    keys, work = Keys(), Work()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # what is made from here on is cleared away then too
    names = NAMES if listen is None else (*NAMES, f"[{listen}]" if ":" in listen else listen)
    shelf = Shelf(journal)
    if demo:
        shelf.look_around()
    app = make_app(shelf, keys=keys, port=number, names=names, work=work)
    shown = names[-1] if listen else LOOPBACK
    say(f"http://{shown}:{number}{ENTER}{keys.key}")
    if listen is not None:
        say(_LISTEN_TEXT)
    work.ready()
    if not demo:
        shelf.incoming(work).go_on()  # what was handed over before the last end
    config = uvicorn.Config(
        app, log_level="error", access_log=False, server_header=False, date_header=False, lifespan="off", ws="none",
        limit_concurrency=MOST_CONNECTIONS, timeout_keep_alive=IDLE_S, timeout_graceful_shutdown=3, http="h11",
        h11_max_incomplete_event_size=32 * 1024, proxy_headers=False,
    )  # fmt: skip
    try:
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=opened)
    finally:
        work.close()
        shelf.close()


def _sockets(address: str, port: int | None) -> list[socket.socket]:
    """A socket on the address, and on ::1 too for the loopback; without a port the first free one from 8731 on."""
    wanted = [port] if port is not None else [*range(FIRST_PORT, FIRST_PORT + 20), 0]
    for number in wanted:
        try:
            first = _bound(address, number)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and number != wanted[-1]:
                continue
            raise _refused(error, address, number) from error
        opened = [first]
        if address == LOOPBACK:
            with suppress(OSError):  # no IPv6 on this machine, or somebody else has it: 127.0.0.1 is enough
                opened.append(_bound("::1", first.getsockname()[1]))
        return opened
    raise AssertionError("the last port tried either opens or raises")


def _bound(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((address, port))
        made.listen(128)
        made.set_inheritable(False)
    except OSError:
        made.close()
        raise
    return made


def _refused(error: OSError, address: str, port: int) -> UsageError:
    if error.errno == errno.EADDRINUSE:
        return UsageError("serve-port", f"port {port} is in use", f"{address}:{port}")
    if error.errno == errno.EACCES:
        return UsageError("serve-port", f"port {port} may only be opened by the system", f"{address}:{port}")
    return UsageError("serve-address", error.strerror or "cannot be opened", address)
