"""Makes docs/trial-design.md: `python scripts/make_trial_table.py`, a minute. How many runners a trial of a change needs."""

from __future__ import annotations

from pathlib import Path

from charley.api.cohort import design_trial
from charley.cohort.trial import told_by
from charley.vocabulary.trial_design import TrialDesign

PAGE = Path(__file__).resolve().parents[1] / "docs/trial-design.md"
BASES, EFFECTS = (0.1, 0.2, 0.3), (0.5, 0.7, 0.8, 0.9)

HEAD = """# How many runners a trial needs

Made by `python scripts/make_trial_table.py`; one row of it: `charley cohort --trial salt --effect 0.8 --base 0.2`.

Cramps are common in a field and rare in a runner, so that a trial needs many runners. Two ways to run one:

* **Parallel**: each runner runs one race, with the change or without it, by lot. Test: two proportions, 5 in 100, both sides.
* **Crossover**: each runner runs twice, once with it and once without, in random order. Test: McNemar's, on the runners who
  cramp in one of the two. People differ, so each is their own comparison. Both races must be alike, nothing may carry over
  from one to the other, and both reports must come. A change that is learnt or trained can't be crossed over.

*Formula*: closed, for a power of 80 in 100. *Simulated*: trials on virtual runners of a mild marathon, at the size at which 80
of 100 see it. *To ask*: if 10 of 100 reports never come, in either arm alike. If cramps make people report more often, no
number of runners mends it.

| cramp without | with | fewer by | runners an arm: formula | simulated | to ask | crossover: formula | simulated | to ask |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""

TAIL = """
The crossover's formula takes the discordant pairs from the virtual runners: how far people differ is the model's (about three in
ten cramp easily), not a count. If people differed less, a crossover would need more.

## What smaller trials would see

Of 100 trials of a fifth fewer cramps where 20 in 100 cramp:

{small}

Published trials of cramps have had 10 to 20 runners an arm.

## What one runner's own trial could ever see

A fifth fewer cramps, races in random order, looked at after every four (`charley try`):

| who | cramps in | races each way, by formula | told by race 12 | by race 60 |
| --- | --- | --- | --- | --- |
{own}

One runner can't see a fifth. A change that ends nine of ten cramps of somebody who cramps in every other race would have told by
race 60 in {great}.
"""

WHO = {
    "middle": "the middle runner",
    "prone": "one in ten cramps more often than this",
    "every_other": "cramps in every other race",
    "nearly_always": "cramps in nine of ten",
}


def row(d: TrialDesign) -> str:
    p, c = d.parallel, d.crossover
    return (
        f"| {100 * d.base:.0f} of 100 | {100 * d.base * d.effect:g} | {100 * (1 - d.effect):.0f} % | {p.formula:,.0f} | {p.simulated:,d} | "
        f"{p.asked:,d} | {c.formula:,.0f} | {c.simulated:,d} | {c.asked:,d} |"
    )


def share(value: float) -> str:
    return "under 1 of 100" if value < 0.005 else f"{100 * value:.0f} of 100"


def page() -> str:
    designs = [design_trial("salt", effect=effect, base=base) for base in BASES for effect in EFFECTS]
    shown = next(d for d in designs if d.base == 0.2 and d.effect == 0.8)
    small = "\n".join(f"* {s.an_arm} an arm: {share(s.power)}" for s in shown.small)
    own = "\n".join(
        f"| {WHO[o.who]} | {share(o.chance)} | {o.races_each_way:,.0f} | "
        + " | ".join(share(v) for _, v in o.told_by)
        + " |"
        for o in shown.one_runner
    )
    great = share(told_by(0.5, 0.05, 1)[-1][1])
    return HEAD + "\n".join(row(d) for d in designs) + "\n" + TAIL.format(small=small, own=own, great=great)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
