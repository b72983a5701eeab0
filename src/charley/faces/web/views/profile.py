"""A first, rough estimate without a file: what the runner is like, kept as `charley log baseline` keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from charley.api import advice
from charley.api import journal as journals
from charley.faces.cli import values
from charley.faces.cli.meta import meta
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording.profile import render_profile_json
from charley.faces.web.forms import Form, one, quantity, some
from charley.faces.web.pages import Act, Asked, Page, settled
from charley.faces.web.work import Waiting
from charley.vocabulary.errors import CharleyError, UsageError
from charley.vocabulary.journal import CRAMPED_OF_TEN, Baseline
from charley.vocabulary.runner import CrampHistory, Runner
from charley.vocabulary.words import words

MARATHON_KM = 42.195
SEXES = ("female", "male", "other")


@dataclass(frozen=True, slots=True)
class You:
    """What was said of a runner, and what it comes to, as soon as that is known."""

    told: Baseline
    found: Any  # the profile as the api gives it, or Waiting


def ask(asked: Asked) -> You:
    """What was said so far, against the published factors."""
    told = journals.baseline(asked.journal)
    what = "Running a marathon with many bodies like yours"
    found = settled(lambda: asked.work.answer(("profile", told), what, against_factors, told))
    if isinstance(found, CharleyError):
        raise found
    return You(told, found)


def against_factors(told: Baseline) -> Any:
    """The published factors against what was said. Called in a process of its own."""
    history = None
    if told.cramped_low is not None and told.cramped_high is not None:
        history = CrampHistory((told.cramped_low + told.cramped_high) // 2, 10)
    age = None if told.birth_year is None else float(datetime.now().year - told.birth_year)
    sex = told.sex if told.sex in ("female", "male") else None
    return advice.profile(
        Runner(mass_kg=told.body_mass_kg, height_m=told.height_m, age_y=age, sex=sex, history=history), MARATHON_KM
    )


def show(you: You, asked: Asked) -> dict[str, Any]:
    """The chance, and what each factor moves."""
    told, found = you.told, you.found
    return {
        "waiting": found if isinstance(found, Waiting) else None,
        "found": None if isinstance(found, Waiting) else _words(found),
        "said": any(
            v is not None for v in (told.body_mass_kg, told.height_m, told.birth_year, told.sex, told.cramped_low)
        ),
        "known": _known(told),
        "cramps": list(CRAMPED_OF_TEN),
        "sexes": SEXES,
        "year": datetime.now().year,
    }


def _known(told: Baseline) -> dict[str, str]:
    """What was said before, as the form would take it."""
    ranges = {ends: name for name, ends in CRAMPED_OF_TEN.items()}
    cramped = None if told.cramped_low is None or told.cramped_high is None else (told.cramped_low, told.cramped_high)
    return {
        "cramps": "" if cramped is None else ranges.get(cramped, ""),
        "mass": "" if told.body_mass_kg is None else f"{told.body_mass_kg:g}kg",
        "height": "" if told.height_m is None else f"{told.height_m:g}m",
        "born": "" if told.birth_year is None else str(told.birth_year),
        "sex": told.sex or "",
    }


def _words(found: Any) -> dict[str, Any]:
    return {
        "chance": fig.in_100(found.chance),
        "base": fig.in_100(found.base),
        "note": words("profile.note"),
        "rows": [
            [f.label, f.said or words("profile.not_said"), f.grade, "; ".join(f.published)] for f in found.factors
        ],
    }


def tell(you: You) -> dict[str, Any]:
    """As `charley profile --json` gives it. Raises Waiting."""
    if isinstance(you.found, Waiting):
        raise you.found
    return {"meta": meta(), **render_profile_json(you.found)}


def keep(form: Form, asked: Asked) -> str:
    """What was filled in."""
    born = some(form, "born")
    if born is not None and not (born.isdecimal() and len(born) == 4):
        raise UsageError("usage-value", f"{born[:20]!r} is no year", "born", "Write four digits, such as 1980.")
    journals.log_baseline(
        asked.journal, cramped_of_ten=some(form, "cramps"), body_mass_kg=quantity(form, "mass", values.MASS),
        height_m=quantity(form, "height", values.HEIGHT), birth_year=None if born is None else int(born),
        sex=some(form, "sex"), source="tap",
    )  # fmt: skip
    return "/profile" if one(form, "back") != "/" else "/"


PAGE = Page("/profile", "profile", ask, show, tell)
ACTS = (Act("/profile/keep", keep, PAGE),)
