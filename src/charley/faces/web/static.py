"""Style sheets and scripts: a fixed list, each under a name that holds the hash of its content.

What others wrote is vendored as they built it; ``static/VENDORED.toml`` says which version, under which licence, with
which SHA-256.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files

FOLDERS = {  # name -> (package, file)
    "tokens.css": ("charley.faces.report", "tokens.css"),
    "pictures.css": ("charley.faces.report", "pictures.css"),
    "answer.css": ("charley.faces.report", "answer.css"),
    "lab.css": ("charley.faces.lab_page", "lab.css"),
    "icon.svg": ("charley.faces.web", "static/icon.svg"),
    "page.css": ("charley.faces.web", "static/page.css"),
    "charley.js": ("charley.faces.web", "static/charley.js"),
    "htmx.js": ("charley.faces.web", "static/htmx-4.0.1.min.js"),
}


def _cramp_script() -> str:
    from charley.api import advice
    from charley.faces.report.pictures.cramp_now import served_script

    return served_script(advice.cramp_card())


def _cramp_style() -> str:
    from charley.faces.report.pictures.cramp_now import served_style

    return served_style()


MADE = {"cramp_now.js": _cramp_script, "cramp_now.css": _cramp_style}  # of the page that also stands alone as a file
_KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


@cache
def content(name: str) -> bytes:
    """The bytes of a file of the list."""
    if name in MADE:
        return MADE[name]().encode()
    package, path = FOLDERS[name]
    return (files(package) / path).read_bytes()


def names() -> tuple[str, ...]:
    """All of them."""
    return (*FOLDERS, *MADE)


@cache
def address(name: str) -> str:
    """Where a page finds it."""
    return f"/static/{sha256(content(name)).hexdigest()[:12]}/{name}"


def kind(name: str) -> str:
    """Its media type."""
    return _KINDS[name.rpartition(".")[2]]
