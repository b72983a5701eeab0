"""Forms: read within limits, and only with the token that ours carry."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from charley.faces.web.door import FORGED, MOST_PARAMETER_CHARACTERS, Refusal, Refused

if TYPE_CHECKING:
    import click

Form = Mapping[str, tuple[str, ...]]
TOKEN = "form"  # the name of the hidden field
_MOST_FIELDS = 200
_LONG = Refusal(413, "That is more than a field takes", "Nothing was changed. Go back and shorten what you wrote.")
_KIND = Refusal(415, "This form takes no files", "Nothing was changed.")


async def read_form(request: Request, token: str) -> Form:
    """The fields of a form as sent. Raises Refused for one that is not ours, or too large."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Refused(_KIND)
    try:
        pairs = parse_qsl((await request.body()).decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:  # no text, or too many fields
        raise Refused(_LONG) from error
    if any(len(value) > MOST_PARAMETER_CHARACTERS or len(name) > 100 for name, value in pairs):
        raise Refused(_LONG)
    form: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        form[name] = (*form.get(name, ()), value)
    check(form.pop(TOKEN, ()), token)
    return form


def check(brought: tuple[str, ...], token: str) -> None:
    """Raise Refused unless the one token is ours."""
    if len(brought) != 1 or not hmac.compare_digest(brought[0].encode(), token.encode()):
        raise Refused(FORGED)


def one(form: Form, name: str) -> str:
    """The last value of a field, without the blanks around it; "" where it was left out."""
    return form.get(name, ("",))[-1].strip()


def quantity(form: Form, name: str, kind: click.ParamType[Any]) -> float | None:
    """A field as a number with its unit, read as the same flag of a verb is; None where it was left out."""
    text = one(form, name)
    return float(kind.convert(text, None, None)) if text else None


def some(form: Form, name: str) -> str | None:
    """The same, None for nothing."""
    return one(form, name) or None
