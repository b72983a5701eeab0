"""Writes docs/validation-body.md: every check of the body models, published against ours, misses shown.

    OMP_NUM_THREADS=1 python scripts/make_validation_body.py      about half a minute

The values come from the calls in tests/published/test_body_checks.py, the same that the tests use; the tests hold that
the page shows them.
"""

from __future__ import annotations

import math
import runpy
import sys
from pathlib import Path

from charley.evidence import sources

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "validation-body.md"
CHECKS = ROOT / "tests" / "published" / "test_body_checks.py"
sys.path.append(str(ROOT / "tests"))  # where the helpers of the checks lie

BLOCKS = {
    "cost": "What moving costs",
    "fitness": "Level, critical speed, durability",
    "heat": "Heat and sweat",
    "fluids": "Water and electrolytes",
    "fuel": "Fuel",
    "fatigue": "Fatigue",
    "stride": "Stride",
    "readiness": "Race predictions and training",
    "closure": "Books and step size",
}

# How a row is counted (role, in body_checks.toml), as it stands in the column of verdicts.
ROLES = {
    "test": "test",
    "numerics": "test of our numerics",
    "arithmetic": "arithmetic",
    "set": "set by it",
    "beside": "no answer stands on it",
    "table": "read, not asked of a model",
}

INTRODUCTION = """This page is made by `scripts/make_validation_body.py`; do not edit it by hand. Each row is one value that a study, a
standard or an identity gives, and what our functions give for the same quantity. "Within" means within the tolerance
beside the value; tolerances of field studies are wide, so read the column "off" as well. Nothing here speaks for
quantities that no one has measured.

Only tests count, and these must not be confused with them. *Set by it*: a constant of ours was chosen by that value, or
with it in sight, so agreement is consistency. *Arithmetic*: a published formula worked out, which shows that it arrived
whole. *No answer stands on it*: a published formula that we hold and use in no answer. *Read*: a number of our table
beside that of the paper, at the end of the page; no fault of a model could show there.
"""

WEAK = """## Where the models are weak

* **Sweat in the cool.** Below 10 C nothing was checked against runners. At 12 C agreement with a marathon hangs on a
  clothing of 0.36 clo, more than a singlet and shorts, which also stands for shelter among other runners; heat balance
  with bare skin asks for far less sweat than was weighed. A part of the drinks of that marathon may have been spilt: all
  of it swallowed, the model loses a quarter too little.
* **Sweat in the warm.** The gain of sweating is set on running in a laboratory, and the marathons are checks. At 23 C the
  mean marathoner of 1967 loses an eighth more mass in the model than on the scales. Sweat is what heat balance leaves:
  of 1,050 W that this runner makes 340 leave dry, 90 by breath and 50 stay, so that 570 W must evaporate, 0.85 L/h; what
  runs off unevaporated is a tenth more. With breath and gases that is 3.7 kg, less half a litre of drinks 3.2; the study
  printed neither sun nor drinks. No heat balance fits both that marathon and the cool one: from 12 to 23 C dry loss
  falls by what nearly 0.2 L/h of sweat takes away, and the field that was warmer and faster too sweated only 0.1 L/h
  more, if both drank as assumed. One weighed run says more of a person's sweat than the whole model.
* **Core temperature in the heat.** A hot day warms the model's core by 0.05 C a degree, people's by less than 0.01; damp
  still air overheats it by nearly a degree, and a mild room by as much. In tropical half marathons, where most people
  run above 39.5 C, it is half a degree too cool. Drinking hardly cools the model, and cooled cyclists by 0.3 C.
* **Acclimation to heat.** One state for all that changes, gained by exposures and lost by days; what a run at 20 to 30 C
  is worth is our assumption, and humidity does not count in it. Sweat sodium and sweating change as in the studies, but
  in damp still air the core of an acclimated model falls by 0.1 C where cyclists' fell by 0.5. Where the air of the
  runs is not known, nothing is moved.
* **Core temperature** of very fast or very hot runners is spread wider in the field than here (1 C and more).
* **The ceiling in heat.** Maximal uptake and critical speed fall where core and skin are both hot, and with more than 2 % of
  mass lost as water, as far as cyclists in three laboratories, within 4 points. What the hours alone take, and what a
  cool skin leaves, hang on few people. It moves fuel and the reserve D'; no factor of a cramp reads it.
* **Plasma sodium.** Sodium that comes out of stores, and goes into them, stands for what keeps it near the usual in most
  people; the hormones and the stores are not told apart. How fast is drawn with none as a possibility. In the model
  fewer end with a high value than were counted, and a plan's limit on drinking is held to bodies without such stores.
* **Urine and its sodium** in exercise are assumptions; so are the constants of the stomach.
* **What low fuel, heat and a water deficit do to slow fatigue** is drawn around 0, sign and size open: no study gives
  it, and the runner's own cramps must decide. The effect of carbohydrate is therefore not a finding of the model.
* **Slow fatigue** has one time constant for building and one for recovery; recovery over days, the exponent of effort,
  and the effects of slope on the calf are assumptions. Pace moves calf fatigue little, as measured forces do.
* **Absolute Achilles force** differs by a factor of two between methods; only ratios are used.
* **Critical speed after two hours** is not measured; it levels off where marathons are in fact run.
* **The refilling of the reserve D'** was found in cycling.
* **Slopes** beyond 45 % were never measured, and steep descents are braked; heat from braking is an upper bound.
* **Level without races** rests on heart rate and age (12 % either way) or on the field; it is never below what a file
  proves. Levels beyond 100 km are extrapolated.
* **WBGT** is a regression for Japanese summers; below 15 C it serves comparisons only.
* **Dry exchange** adds the sun as one number; a low sun, a hot road and a following wind are not in it.
"""


MISSES = """## The misses, one by one

* `jenkins_tcore`, `smoljanic_rise`, `maughan12_damp_tcore`, `graham_tcore`: one cause. In a model of core and skin
  sweating follows their temperatures alone, so that the core must warm before it can be cooled, and a hot or damp day
  shows in it. People also sweat by the work itself, whatever their core, and then settle by work and hardly by the air.
  A published controller with such a drive is the mend; it has to be fitted together with skin blood flow on all rides
  and runs of this page at once, and is not there. A higher gain or an earlier onset alone cools the tropical runs, which
  are too cool already.
* `mora_drink_tcore`: a thick plasma puts off sweating and skin blood flow in people; here a water deficit lowers sweating
  by 3 % for each per cent and nothing else. A threshold that rises with plasma sodium is the published mend; added to
  the present controller it makes the rides without a drink hotter than measured, so that it waits for the other one.
* `hew_butler_plasma`: plasma leaves the vessels when exercise and standing begin, before any water is lost. Studies
  disagree on running itself (none in one, 8.5 % in this). The model keeps to the balance of water.
* `noakes_high`: stores that only give sodium, and take none, would leave 8 in 100 with a high value where 13 were
  counted and the present form has 3 (`scripts/calibrate_sodium.py`, sum of squares 0.017 against 0.026, both races
  together). Whether bodies also put sodium away is open; every forecast moves with it, so that it waits for its own
  calibration.
* `ganio_drunk_fall`: laboratories disagree, and no form of heat and water alone fits all seven falls.

What was mended: `tan_loss` compared all mass lost with a figure from which the paper had taken breath and gases.
"""


def figure(value: float) -> str:
    """Four significant figures or more; the tests compare three."""
    if math.isnan(value):
        return "none"
    return f"{value:.1f}" if abs(value) >= 1000.0 else f"{value:.4g}"


def off(expected: float, value: float) -> str:
    """How far a value lies from the published one, in per cent of it."""
    if math.isnan(expected) or expected == 0.0:
        return ""
    percent = round(100.0 * (value - expected) / abs(expected))
    return f"{percent:+d} %" if percent else "0 %"


def page() -> str:
    """The page as text."""
    module = runpy.run_path(str(CHECKS))
    rows, registry, verdict = module["ROWS"], module["REGISTRY"], module["verdict"]
    ours = {check_id: registry[check_id].ours() for check_id in rows}
    good = {check_id: verdict(rows[check_id], value) for check_id, value in ours.items()}
    by_role = {role: [i for i, row in rows.items() if row["role"] == role] for role in ROLES}
    tests = by_role["test"] + by_role["numerics"]
    parts = [
        "# The body models against published values\n",
        f"**{len(tests)} tests of the body models: {sum(good[i] for i in tests)} within.** {len(by_role['test'])} hold a "
        f"model against a study or a standard that played no part in it, {len(by_role['numerics'])} hold our own "
        f"numerics. Not counted: {len(by_role['arithmetic'])} rows of arithmetic, {len(by_role['set'])} values that set "
        f"the model, {len(by_role['beside'])} rows of functions that no answer stands on, {len(by_role['table'])} "
        "numbers that were only read into our table.\n",
        INTRODUCTION,
    ]

    def table(chosen: list[str]) -> None:
        parts.append(
            "| check | quantity | published | ours | off | verdict | source |\n| --- | --- | --- | --- | --- | --- | --- |"
        )
        for check_id in chosen:
            row = rows[check_id]
            tolerance = f"{row['tol']:g}{' of it' if row['tol_kind'] == 'rel' else ''}"
            published = (
                "never" if row["tol_kind"] == "isnan" else f"{row['expected']:g} +- {tolerance} {row['unit']}".strip()
            )
            words = "within" if good[check_id] else f"**missed**: {row.get('known_miss', '')}"
            role = ROLES[row["role"]] + (f": {row['set_by']}" if "set_by" in row else "")
            source = sources()[row["source_id"]]
            parts.append(
                f"| {check_id} | {row['what']} | {published} | {figure(ours[check_id])} | "
                f"{off(row['expected'], ours[check_id])} | {words}; {role} | {source.id}, {row['where']} |"
            )
        parts.append("")

    for block, title in BLOCKS.items():
        parts.append(f"## {title}\n")
        table([i for i, row in rows.items() if row["block"] == block and row["role"] != "table"])
    parts.append(MISSES)
    parts.append("## Functions that no answer stands on\n")
    parts.append(
        "They are published formulas, tested and kept for whoever studies them; no verb of Charley calls them. A test holds "
        "this list to the code.\n"
    )
    parts.extend(f"* `{name}` ({room}): {what}" for name, (room, what) in sorted(module["unused_functions"]().items()))
    parts.append("\n## Numbers read into our table\n")
    table(by_role["table"])
    parts.append(WEAK)
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
