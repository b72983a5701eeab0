"""Before and after a race, as text and as JSON."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from datetime import datetime
from typing import Any

from charley.faces.report.plain_values import plain
from charley.faces.report.race import words
from charley.faces.report.wording import figures as fig
from charley.vocabulary.race import RaceAnswer
from charley.vocabulary.race_day import AFTER, BEFORE, Advice, Mineral, RaceDay

_WIDTH = 80
NOBODY = "Nobody has studied it with cramps. If it calms you, use it: slow breaths, loose shoulders and calves."
MINERALS = {"sodium": "Sodium", "chloride": "Chloride", "potassium": "Potassium", "calcium": "Calcium",
            "magnesium": "Magnesium"}  # fmt: skip
GRAMS_A_PORTION = 100.0  # of bread and oats; the others are counted
COUNTED = {"banana": ("banana", "bananas"), "milk": ("glass of milk", "glasses of milk")}
GRADES = "Grades say how sure the answer is, A to D: A is well studied, D is opinion."
HABIT = "Whatever you try, try it on a training day first."


def as_json(day: RaceDay) -> dict[str, Any]:
    """All of it as plain values, with the sentences."""
    return {**{str(k): v for k, v in plain(asdict(day)).items()}, "text": {a.id: said(a, day) for a in day.advice}}


def as_text(a: RaceAnswer, day: RaceDay, units: str) -> str:
    """Two lists with grades, then the day's sweat against food."""
    out: list[str] = []
    for phase, heading in ((BEFORE, "Before the race"), (AFTER, "After it")):
        out += [heading, ""]
        for advice in day.advice:
            if advice.phase == phase:
                out += _item(f"{said(advice, day, units)} ({advice.grade})")
        out.append("")
    if a.health.notes:
        out += [line for n in a.health.notes for line in _wrap(words.health(n))] + [""]
    if day.minerals:
        out += ["What sweat carries away over the race, and what holds as much", ""]
        out += [line for m in day.minerals for line in _item(mineral(m))]
        out += ["", *_wrap(bananas(day)), ""]
    return "\n".join([*out, *_wrap(f"{GRADES} {HABIT}"), words.SCOPE])


def said(advice: Advice, day: RaceDay, units: str = "metric") -> str:
    """The advice with the runner's own figures, then the verdict of its claim."""
    verdict = advice.headline
    if advice.id == "meal":
        return f"Last meal {_clock(day.meal_at, 'an hour and a half before')}, rich in carbohydrate. {verdict}"
    if advice.id == "fluid-before":
        told = f"{_litres(day.told_before_l, units)} an hour before, then nothing?"
        if day.drink_before_l is None:
            return f"Drink {told} {verdict} How much is for whoever looks after you."
        own = f"Usual is {_litres(day.drink_before_l, units)} for your weight, slowly, "
        return f"Drink {told} {verdict} {own}{_clock(day.drink_at, 'about four hours before')}; then drink to thirst."
    if advice.id == "urine":
        return f"Does the colour of urine tell? {verdict} As clear as water, and often: you've had enough, so stop."
    if advice.id == "warm-up":
        low, high = day.warm_up_min
        minutes = f"{fig.number(low)} to {fig.number(high)} minutes"
        return f"Warm up for {minutes}: easy jog, high knees, butt kicks, leg swings. {verdict}"
    if advice.id == "stretch-before":
        return f"Long held stretches first? {verdict}"
    if advice.id == "relax":
        return f"Does it help to relax? {NOBODY}"
    if advice.id == "drink-after":
        return f"{verdict} There is no need to drink more than you lost."
    names = {
        "stretch-after": "Does stretching afterwards help?",
        "rolling": "Does foam rolling loosen the muscle?",
        "massage": "Does massage help?",
        "warmth-and-ice": "Warmth or ice?",
        "salt-and-bananas": "Salt rather than bananas?",
        "minerals": "Do potassium, magnesium and calcium help?",
    }
    return f"{names[advice.id]} {verdict}"


def mineral(m: Mineral) -> str:
    """ "Potassium 0.5 g (0.4 to 0.7), about 1.3 bananas"."""
    grams = [v / 1000.0 for v in (m.lost_mg.mean, m.lost_mg.low, m.lost_mg.high)]
    amount, low, high = (fig.number(v, 1 if grams[0] >= 0.1 else 3) for v in grams)
    if m.food in COUNTED:
        holds = f"about {_few(m.portions, *COUNTED[m.food])}"
    else:
        whole = GRAMS_A_PORTION * m.portions
        holds = f"about {fig.number(round(whole, -1) if whole >= 10 else whole)} g of {m.food}"
    return f"{MINERALS[m.id]} {amount} g ({low} to {high}), {holds}"


def bananas(day: RaceDay) -> str:
    """Why a banana is not the remedy, without a promise that salt is."""
    count = round((day.bananas_for_sodium or 0.0) / 100.0) * 100
    salt = "" if day.salt_suggested else " Salt beyond your food is not suggested here."
    return (
        f"A banana holds hardly any sodium: to replace that of your sweat you'd need about {count:,} of them. Meals "
        f"replace all of it within a day. None of this has been shown to keep cramps away.{salt}"
    )


def _few(count: float, one: str, many: str) -> str:
    """ "2 bananas", "a quarter of a banana"."""
    if count >= 1.5:
        return f"{fig.number(count)} {many}"
    return f"one {one}" if count >= 0.75 else f"half a {one}" if count >= 0.35 else f"a fifth of a {one}"


def _clock(at: datetime | None, otherwise: str) -> str:
    return otherwise if at is None else f"about {at:%H:%M}"


def _litres(pair: tuple[float, float], units: str) -> str:
    low, high = (words.volume(v, units) for v in pair)
    return high if low == high else f"{low.split()[0]} to {high}"


def _item(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  · ", subsequent_indent="    ", break_on_hyphens=False)


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_on_hyphens=False)
