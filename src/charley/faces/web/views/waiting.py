"""Work that takes a while, stopped from the page that waits for it, and gone on with."""

from __future__ import annotations

from charley.faces.web.forms import Form, one
from charley.faces.web.pages import Act, Asked


def stop(form: Form, asked: Asked) -> str:
    """End the work that a form names; what it has kept stays."""
    task = asked.work.numbered(one(form, "task"))
    if task is not None:
        asked.work.stop(task.key)
    return back(form)


def go_on(form: Form, asked: Asked) -> str:
    """Let it be begun again; the page that is shown next asks for it."""
    task = asked.work.numbered(one(form, "task"))
    if task is not None:
        asked.work.go_on(task.key)
    return back(form)


def back(form: Form) -> str:
    """The page that waited, where the form names one within the app."""
    there = one(form, "back")
    within = there.startswith("/") and there[1:2] not in ("/", "\\") and there.isprintable()
    return there if within else "/"


ACTS = (Act("/waiting/stop", stop), Act("/waiting/go-on", go_on))
