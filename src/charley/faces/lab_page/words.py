"""Words and figures of the laboratory's results, shared by the page and the command line."""

from __future__ import annotations

import math
import re

from charley.faces.report.wording import figures as fig
from charley.vocabulary.laboratory import LabExperiment, LabOutcome, Simulated

VERDICTS = {
    "inside": "inside",
    "high": "too high",
    "low": "too low",
    "right_sign": "right sign",
    "wrong_sign": "wrong sign",
    "sets_scale": "sets the scale",
    "matched": "people matched to it",
    "no_value": "no value",
    "no_spread": "no spread printed",
    "cannot": "not measured",
    "not_run": "not run",
}
EXPERIMENTS = {
    "met": "all agree",
    "partly": "some agree",
    "missed": "none agrees",
    "nothing_judged": "nothing to judge",
    "cannot": "cannot be expressed",
    "not_run": "not run",
}
SPREADS = {"SD": "SD", "SE": "SE", "SE?": "SE?", "as printed": "as printed"}
STATES = {
    "slow_fatigue": "slow fatigue",
    "fast_fatigue": "fast fatigue",
    "ion_shift_mv": "a shift by ions of (mV)",
    "pain": "pain",
    "sensitisation": "sensitisation",
    "adaptation": "adaptation",
}
RULE = (
    "Inside: within two standard errors (SE) of the published mean. z: simulated less published, in those SE. Where no "
    "number or no spread was printed, the sign is judged."
)


def value(number: float | None, plus: bool = False) -> str:
    """A number at a reader's precision: none, one or two decimals, the fewer the larger it is."""
    if number is None or not math.isfinite(number):
        return fig.NONE
    size = abs(number)
    return fig.number(number, 0 if size >= 100 else 1 if size >= 1 or size == round(size, 1) else 2, plus)


def short(number: float | None, plus: bool = False) -> str:
    """As ``value``, without a trailing zero."""
    text = value(number, plus)
    return re.sub(r"\.?0+$", "", text) if "." in text else text


def z(outcome: LabOutcome) -> str:
    """ "+1.6", or a dash."""
    return fig.NONE if outcome.z is None else fig.number(outcome.z, 1, plus=True)


def published(outcome: LabOutcome) -> str:
    """ "13 ± 3 SD"; a count with its n; words where no number was printed."""
    if outcome.published_mean is None:
        return "in words"
    mean = short(outcome.published_mean)
    if outcome.published_spread is not None:
        return f"{mean} ± {short(outcome.published_spread)} {SPREADS.get(outcome.spread_kind, '')}".rstrip()
    if outcome.spread_kind == "count" and outcome.n and outcome.unit.startswith("%"):
        return f"{mean} (n {outcome.n})"
    return mean


def simulated(found: Simulated | None) -> str:
    """ "14.7 ± 3.6"; a dash where nothing was found."""
    if found is None or found.mean is None:
        return fig.NONE
    return short(found.mean) if found.sd is None else f"{short(found.mean)} ± {short(found.sd)}"


def mean(found: Simulated | None) -> str:
    """ "14.7"; a dash where nothing was found."""
    return fig.NONE if found is None else short(found.mean)


def measure(name: str) -> str:
    """ "cramp duration" for "cramp_duration_s"."""
    return re.sub(r"_(hz|s|pct|mmol_l|mv)$", "", name).replace("_", " ")


def how_many(found: Simulated | None) -> str:
    """ "n 12", or "9 of 12" where not all gave a value; units are counted as units."""
    if found is None:
        return ""
    if found.n > found.asked:
        return f"{found.n} units of {found.asked} people"
    return f"n {found.n}" if found.n == found.asked else f"{found.n} of {found.asked}"


def verdict(outcome: LabOutcome, calibration: bool) -> str:
    """ "inside, fitted": a match with what set the model is no test."""
    word = VERDICTS[outcome.verdict]
    return f"{word}, fitted" if calibration and outcome.judged else word


def name(outcome: LabOutcome) -> str:
    """ "threshold, nerve numbed"."""
    plain = outcome.condition.strip(" -")
    return f"{outcome.quantity}, {plain}" if plain else outcome.quantity


def count(experiment: LabExperiment) -> str:
    """ "6 of 9 agree", or what stands in its place."""
    if not experiment.judged:
        return EXPERIMENTS[experiment.verdict]
    return f"{len(experiment.met)} of {len(experiment.judged)} agree"


def standing(experiment: LabExperiment) -> str:
    """Whether a match is a test of the model."""
    if experiment.calibration:
        return "This experiment set part of the model, so a match is no test."
    if experiment.judged:
        return "No part of the model was set by this experiment."
    return ""


def people(experiment: LabExperiment) -> str:
    """ "12 virtual subjects in each of 2 conditions"."""
    asked = [rows[0][2].asked for c in experiment.conditions if (rows := c.measures)]
    if not asked:
        return ""
    many = (
        fig.count(asked[0], "virtual subject")
        if len(set(asked)) == 1
        else f"{min(asked)} to {max(asked)} virtual subjects"
    )
    arms = len(experiment.conditions)
    return many if arms == 1 else f"{many} in each of {arms} conditions"
