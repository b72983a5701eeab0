"""`charley help-me` at a terminal: up to six short questions in turn, each answered with y, n or in own words."""

from __future__ import annotations

import re
from typing import Any

import click

from charley.vocabulary.words import words

YES = ("y", "yes", "yeah", "yep", "?", "maybe", "not sure", "unsure", "i think so", "a bit", "a little")
NO = ("n", "no", "nope", "none", "not at all")
GRAVITY = ("self_care", "see_someone", "urgent", "emergency")


def ask_signs(text: str = "") -> tuple[str, ...] | None:
    """The signs that the runner names, () for six times no; None where they left before the end without naming one.

    ``text``: what was said before; what it tells is not asked again. The first sign of an emergency ends the questions.
    """
    from charley.api import advice

    signs = list(advice.hear(text).signs) if text else []
    rows = [row for row in advice.help_me().screen if row.id != "water"]
    click.echo(f"{words('help_me.place')}\n{words('help_me.how_to_answer', many=len(rows))}")
    try:
        for number, row in enumerate(rows, 1):
            if _urgency(signs) == GRAVITY[-1]:
                break
            if not set(row.flags) & set(signs):
                signs += _ask(row, f"{number}/{len(rows)}  {row.text}?")
    except click.Abort:  # whoever leaves is told what is known by then
        click.echo()
        return tuple(signs) or None
    click.echo()
    return tuple(dict.fromkeys(signs))


def _ask(row: Any, question: str) -> list[str]:
    from charley.api import advice

    told: list[str] = []
    while True:
        typed = click.prompt(question, default="", show_default=False, prompt_suffix=" ").strip().lower().rstrip(".!")
        if typed in NO:
            return told
        if typed in YES:
            return [*told, *_which(row)]
        heard = advice.hear(typed) if re.search(r"[^\W\d_]{2}", typed) else None
        told += heard.signs if heard else ()
        if set(told) & set(row.flags) or _urgency(told) == GRAVITY[-1]:
            return told
        if heard and (set(heard.denied) & set(row.flags) or re.match(r"(?:no|nope|none)\b", typed)):
            return told  # "no, but ...": what comes behind it is told already
        click.echo(words("help_me.heard_on" if heard and heard.signs else "help_me.yes_or_no"))


def _which(row: Any) -> list[str]:
    """Which of the signs of a line; the gravest of them where that is not said."""
    from charley.api import advice

    if len(row.flags) == 1:
        return list(row.flags)
    known = {sign.id: sign.short for sign in advice.warning_signs()}
    for number, flag in enumerate(row.flags, 1):
        click.echo(f"   {number:>2}  {known[flag]}")
    typed = click.prompt(words("help_me.which"), default="", show_default=False, prompt_suffix=" ").strip()
    numbers = [int(n) for n in re.findall(r"\d{1,2}", typed)]
    chosen = [row.flags[n - 1] for n in numbers if 1 <= n <= len(row.flags)]
    if not chosen and re.search(r"[^\W\d_]{2}", typed):
        chosen = list(advice.hear(typed).signs)
    if chosen:
        return chosen
    click.echo(words("help_me.gravest"))
    return [max(row.flags, key=lambda flag: GRAVITY.index(_urgency([flag])))]


def _urgency(signs: list[str]) -> str:
    from charley.api import advice

    return advice.help_me(",".join(signs)).urgency if signs else GRAVITY[0]
