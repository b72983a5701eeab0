"""The design of a trial for a terminal of 80 columns, and as plain values."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from math import isfinite
from typing import Any

from charley.faces.report.wording import figures as fig
from charley.vocabulary.trial_design import OneRunner, TrialDesign

_WIDTH = 80
WHO = {
    "middle": "the middle runner",
    "prone": "one in ten cramps more often than this",
    "every_other": "somebody who cramps in every other race",
    "nearly_always": "somebody who cramps in nine of ten",
}


def plain(d: TrialDesign) -> dict[str, Any]:
    """All that the design holds; None for a number that is infinite."""
    values = asdict(d)
    for row in values["one_runner"]:
        row["races_each_way"] = row["races_each_way"] if isfinite(row["races_each_way"]) else None
    return values


def render(d: TrialDesign) -> str:
    """How many runners, what small trials see, and what one runner alone could ever see."""
    parallel, crossover = d.parallel, d.crossover
    out = _wrap(
        f"{d.label}: to see {fewer(d)} where {fig.chance(d.base)} in 100 cramp, a trial needs about "
        f"{parallel.simulated:,d} runners in each arm."
    )
    out += [
        "",
        f"{'':34s}{'formula':>10s}{'simulated':>12s}{'to ask':>10s}",
        _row("one race each, runners an arm", parallel.formula, parallel.simulated, parallel.asked),
        _row("two races each, with and without", crossover.formula, crossover.simulated, crossover.asked),
    ]
    out += _wrap(
        f"Eight such trials in ten would see it, at 5 in 100 by chance, both sides. To ask: if {fig.chance(d.missed)} "
        "of 100 reports never come. In a crossover both reports must come.",
        "  ",
    )
    if d.slow:
        out += _wrap(
            "This change takes weeks to act, and what it has built stays: nobody can run the second race without it. "
            "Leave the crossover out.",
            "  ",
        )
    out += ["", "What smaller trials would see"]
    out += [f"  {s.an_arm:4d} an arm: {_of_100(s.power)} of 100 such trials" for s in d.small]
    out += _wrap(
        "Published trials of cramps have had 10 to 20 runners an arm. One that saw nothing tells little; one that saw "
        "much was lucky, and its figure is too large.",
        "  ",
    )
    out += ["", "What one runner's own trial could see (races in random order, charley try)"]
    for one in d.one_runner:
        out += _wrap(_own(one), "  ")
    out += ["", "Who must not take part, and what holds for the rest"]
    out += [line for limit in d.limits for line in _wrap(limit, "  ")]
    out += [
        "",
        *_wrap(
            f"People differ as {d.runners:,d} virtual runners of a mild marathon do; the change acts on everybody's "
            f"hazard alike. {d.simulated_trials:,d} simulated trials for each figure, seed {d.seed}. A trial needs an "
            "ethics committee and a protocol written beforehand; this page is neither."
        ),
    ]
    return "\n".join(out)


def fewer(d: TrialDesign) -> str:
    """The change in words."""
    share = abs(1.0 - d.effect)
    named = {0.2: "a fifth", 0.25: "a quarter", 0.5: "half", 0.1: "a tenth"}.get(round(share, 3))
    how = "fewer cramps" if d.effect < 1 else "more cramps"
    return f"{named or f'{100 * share:.0f} %'} {how}"


def _row(label: str, formula: float, simulated: int, asked: int) -> str:
    return f"  {label:32s}{formula:>10,.0f}{simulated:>12,d}{asked:>10,d}"


def _of_100(share: float) -> str:
    return "under 1" if share < 0.005 else f"{100 * share:.0f}"


def _own(one: OneRunner) -> str:
    races = f"{one.races_each_way:,.0f} races each way" if isfinite(one.races_each_way) else "no number of races"
    told = ", ".join(f"{_of_100(share)} of 100 by race {runs}" for runs, share in one.told_by)
    return f"{WHO[one.who]} ({_of_100(one.chance)} of 100 races): {races}; it would have told in {told}"


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
