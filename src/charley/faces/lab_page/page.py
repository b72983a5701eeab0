"""The laboratory's page: what was published, what the model gave, the record of one person, and how the two compare.

One HTML file without script or network, in the style of the report; pictures are drawn at two widths.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import numpy as np

from charley.faces.lab_page import picture, words
from charley.faces.report.pictures.svg import Drawing, Scale
from charley.faces.report.wording import figures as fig
from charley.vocabulary.laboratory import LabExperiment, LabOutcome, LabTrace
from charley.vocabulary.version import __version__

Z_SHOWN, Z_WITHIN, Z_WIDTH, Z_HEIGHT = 4.0, 2.0, 90.0, 14.0
SHOWN_AS_MET = ("inside", "right_sign", "matched", "sets_scale")
COLUMNS = (
    ("rate_hz", "unit rate, /s", 1.0, 1),
    ("pic", "inward current", 1.0, 2),
    ("ia_hz", "Ia, /s", 1.0, 0),
    ("ii_hz", "II, /s", 1.0, 0),
    ("ib_hz", "Ib, /s", 1.0, 0),
    ("renshaw_hz", "Renshaw, /s", 1.0, 0),
    ("force", "force, %", 100.0, 1),
    ("flow", "flow, %", 100.0, 0),
    ("oxygen", "oxygen, %", 100.0, 0),
    ("angle_deg", "joint, °", 1.0, 0),
)
MOST_ROWS = 40
AGAINST = {
    "stretch": "a stretch",
    "shock": "shocks to the tendon",
    "sip": "a drink",
    "inhibit": "inhibition",
    "train": "a train of pulses",
    "vibration": "vibration",
}
RELIEF_S = 10.0  # what comes later is not put down to it
ONLY_CONDITION = "all"
MEASURED = "Means over virtual subjects, or over all their motor units. One group is the same people in all conditions."
SET_BY = "These constants were calibrated on it, so a match is a fit, not a finding:"
SCOPE = "A model of a muscle and its nerves beside experiments. General information, not medical advice."


def render(experiment: LabExperiment) -> str:
    """The whole page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    report = files("charley.faces.report")
    environment = Environment(
        loader=PackageLoader("charley.faces.lab_page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    styles = [report / "pictures.css", report / "answer.css", report / "report.css", files(__package__) / "lab.css"]
    return environment.get_template("lab.html.j2").render(
        tokens=_markup((report / "tokens.css").read_text(encoding="utf-8")),
        css=_markup("\n".join(style.read_text(encoding="utf-8") for style in styles)),
        **_top(experiment),
        **_rest(experiment),
    )


def _markup(text: str) -> Any:
    """Text of our own making (style sheets, drawings, which escape what they hold) that goes in as it is."""
    from markupsafe import Markup

    return Markup(text)


def _top(one: LabExperiment) -> dict[str, Any]:
    return {
        "id": fig.clean(one.id),
        "name": fig.clean(one.title),
        "title": title(one),
        "lede": lede(one),
        "notes": [fig.clean(n) for n in (one.note, one.cannot and f"Cannot be expressed: {one.cannot}.") if n],
        "lead": _lead(one),
        "pictures": [_picture(trace, number, one) for number, trace in enumerate(one.traces)],
    }


# ---- words ----


def title(one: LabExperiment) -> dict[str, str]:
    """The finding as a sentence, with the part about the cramp apart: the protocol's own where it came true."""
    known = {o.key: o for o in one.outcomes}
    named = re.findall(r"{(\w+)}", one.headline)
    told = one.judged and all(n in known and known[n].verdict in SHOWN_AS_MET for n in named)
    if one.headline and told and (named or one.verdict == "met"):
        text = re.sub(r"{(\w+)}", lambda m: words.mean(known[m[1]].simulated), one.headline)
        before, cramp, after = (*text.split("*"), "", "")[:3]
        return {"before": tight(before), "cramp": tight(cramp), "after": tight(after)}
    name = fig.clean(one.title).rstrip(".")
    if one.judged:
        return {"before": f"{name}:", "cramp": tight(fig.lower_first(_agree(one))), "after": "with what was published."}
    found = [f"{c.name} {words.mean(rows[0][2])} {rows[0][1]}" for c in one.conditions if (rows := c.measures)]
    cramp = tight(found[0]) if found else ""
    return {"before": f"{name}:" if found else f"{name}.", "cramp": cramp, "after": tight(_then(found[1:3]))}


def tight(text: str) -> str:
    """One line in which a figure stays with its unit."""
    return re.sub(r"(?<=\d) (?=(?:s|Hz|mV|%|mmol/L|of|in)\b|%)", "\u00a0", fig.clean(text))


def _then(found: list[str]) -> str:
    return f", {fig.listing(found)}." if found else ""


def lede(one: LabExperiment) -> str:
    """What was done, to whom, and what of it was simulated."""
    people = next((o.n for o in one.outcomes if o.n), None)
    parts = [f"An experiment on {one.muscle}, re-run" if one.protocol else f"A simulated experiment on {one.muscle}"]
    if one.protocol:
        parts[0] += f": {fig.count(people, 'person', 'people')}. " if people else ": "
        parts[0] += one.protocol[0].upper() + one.protocol[1:] if people else one.protocol
    told = words.people(one)
    return fig.clean(". ".join([*parts, *([told[0].upper() + told[1:]] if told else [])]) + ".")


def _lead(one: LabExperiment) -> list[dict[str, str]]:
    known = {o.key: o for o in one.outcomes}
    chosen = [known[k] for k in one.lead if k in known] or [o for o in one.outcomes if o.published_mean is not None][:1]
    chosen = [o for o in chosen if o.simulated is not None and o.unit == chosen[0].unit]
    if not chosen or not one.judged:
        return []
    first = chosen[0]
    against = " against ".join(o.condition for o in chosen if o.condition.strip(" -"))
    unit = first.unit
    heading = f"{first.quantity}, {against}" if against else first.quantity
    people = f"{first.n} people. " if first.n else ""
    grade = f"Grade {one.grade}." if one.grade else ""
    unmeasured = sum(o.verdict == "cannot" for o in one.outcomes)
    missing = f" {unmeasured} cannot be measured." if unmeasured else ""
    return [
        {
            "heading": f"Published {heading}",
            "big": f"{' against '.join(words.short(o.published_mean) for o in chosen)} {unit}".strip(),
            "note": f"{people}{grade}",
        },
        {
            "heading": "Simulated",
            "big": f"{' against '.join(words.mean(o.simulated) for o in chosen)} {unit}".strip(),
            "note": "; ".join(f"{words.simulated(o.simulated)}, {words.how_many(o.simulated)}" for o in chosen) + ".",
        },
        {
            "heading": f"Of {fig.count(len(one.judged), 'outcome')}",
            "big": f"{len(one.met)} agree" if len(one.met) != 1 else "1 agrees",
            "note": words.standing(one) + missing,
        },
    ]


def finding(trace: LabTrace) -> str:
    """What one picture shows, as a sentence."""
    cramp = next(iter(trace.kinds("cramp")), None)
    name = "" if trace.condition == ONLY_CONDITION else f"{trace.condition}: "
    if cramp is None:
        return fig.upper_first(f"{name}the muscle falls silent when what was done to it ends")
    lasts = f"{words.short(cramp.end_s - cramp.start_s)} s"
    threshold = trace.numbers.get("threshold_hz", float("nan"))
    how = f"a train of {threshold:g} Hz starts a cramp of {lasts}" if np.isfinite(threshold) else f"a cramp of {lasts}"
    against = [m for m in trace.kinds(*AGAINST) if cramp.start_s < m.start_s <= cramp.end_s]
    if against:
        left = cramp.end_s - against[0].start_s
        after = f"over {words.short(left)} s after" if left <= RELIEF_S else "not ended by"
        how += f", {after} {AGAINST[against[0].kind]}"
    return fig.upper_first(f"{name}{how}")


def _caption(trace: LabTrace, one: LabExperiment) -> str:
    asked = next((rows[0][2].asked for c in one.conditions if c.name == trace.condition and (rows := c.measures)), 0)
    who = f"{fig.upper_first(trace.subject)}" + (f", one of {asked}" if asked > 1 else "")
    rests = "Rests in which nothing fires are computed in one step." if trace.kinds("rest") else ""
    state = [f"{words.STATES[k]} {words.short(v)}" for k, v in trace.state.items() if abs(v) > 0.005]
    slow = f" When the test began: {fig.listing(state)}." if state else ""
    return fig.clean(
        f"{who}. In the raster a dash is firing, and a gap is a silence of more than 130 ms. The figures beside the "
        f"rows are means during the cramp. The EMG leaves out what the stimulus itself causes.{rests}{slow}"
    )


def _picture(trace: LabTrace, number: int, one: LabExperiment) -> dict[str, Any]:
    heading = tight(finding(trace))
    told = f"{heading}. {_caption(trace, one)}"
    wide, narrow = picture.draw(trace, number, True), picture.draw(trace, number, False)
    return {
        "heading": heading,
        "caption": _caption(trace, one),
        "wide": _markup(wide.svg(heading, told, "wide")),
        "narrow": _markup(narrow.svg(heading, told, "narrow")),
        "table": table(trace),
    }


def table(trace: LabTrace, every_s: float | None = None) -> dict[str, Any]:
    """The picture in figures: at each thing done or happening, and along the cramp or every so many seconds."""
    times: list[tuple[float, str]] = []
    if every_s:
        times = [(float(at), "") for at in np.arange(0.0, float(trace.time_s[-1]), every_s)]
    for mark in trace.marks:
        if mark.kind in ("rest", "block"):
            continue
        what = mark.label or mark.kind
        times.append((mark.start_s, f"{what} begins" if mark.end_s > mark.start_s else what))
        if mark.end_s > mark.start_s:
            times.append((mark.end_s, f"{what} ends"))
        if mark.kind == "cramp" and not every_s:
            lasts = mark.end_s - mark.start_s
            times += [(mark.start_s + lasts * k / 10, "in the cramp") for k in range(1, 10)]
    times = sorted(t for t in times if t[0] <= trace.time_s[-1])[:MOST_ROWS]
    body = [
        [
            f"{fig.number(at, 1)} s",
            what,
            *(
                fig.number(float(np.interp(at, trace.time_s, trace.series[key])) * factor, decimals)
                for key, _, factor, decimals in COLUMNS
            ),
        ]
        for at, what in times
    ]
    return {"name": "The record in figures", "heads": ["Time", "What", *(c[1] for c in COLUMNS)], "body": body}


# ---- published against simulated ----


def _rest(one: LabExperiment) -> dict[str, Any]:
    compared = any(o.judged or o.published_mean is not None for o in one.outcomes)
    return {
        "outcomes": [_outcome(o, i, one) for i, o in enumerate(one.outcomes)] if compared else [],
        "compared": _compared(one),
        "rule": f"{words.RULE} Grey: within two SE; a hollow dot lies further out than is drawn.",
        "measured": _measured(one),
        "measured_caption": MEASURED,
        "set_by": one.set_by_it,
        "set_by_told": SET_BY,
        "sources": [fig.clean(c) for c in one.citations],
        "grade": one.grade,
        "scope": SCOPE,
        "made": f"seed {one.seed} · charley {__version__}",
        "command": f"charley lab run {fig.clean(one.id)}",
    }


def _compared(one: LabExperiment) -> str:
    """The heading over the outcomes: a sentence that states how many agree."""
    if not one.judged:
        return "No outcome can be judged"
    told = _agree(one)
    return f"{told}; the model was {'' if one.calibration else 'not '}set by this experiment"


def _agree(one: LabExperiment) -> str:
    judged, met = len(one.judged), len(one.met)
    if 0 < met < judged:
        return f"{met} of {judged} outcomes agree"
    if met:
        return "All outcomes agree" if judged > 1 else "The one outcome agrees"
    return "No outcome agrees"


def _outcome(o: LabOutcome, number: int, one: LabExperiment) -> dict[str, Any]:
    css = "met" if o.met else "off" if o.judged else ""
    return {
        "name": fig.clean(words.name(o)),
        "unit": "" if o.unit == "-" else o.unit,
        "published": words.published(o),
        "simulated": words.simulated(o.simulated),
        "n": words.how_many(o.simulated),
        "picture": _markup(_z_picture(o, number)),
        "z": words.z(o),
        "verdict": words.VERDICTS[o.verdict],
        "css": css,
        "fitted": ("tuned to this" if one.calibration else "not tuned") if o.judged else "",
        "why": fig.clean(o.note or o.published_note),
    }


def _z_picture(o: LabOutcome, number: int) -> str:
    """A dot on a scale of published standard errors; nothing where there is no z."""
    if o.z is None:
        return ""
    drawing = Drawing(f"z{number}", Z_WIDTH)
    x = Scale(-Z_SHOWN, Z_SHOWN, 5.0, Z_WIDTH - 5.0)
    middle = Z_HEIGHT / 2
    drawing.rect(x.at(-Z_WITHIN), middle - 4, x.at(Z_WITHIN) - x.at(-Z_WITHIN), 8, "zb")
    drawing.rule(x.at(0.0), middle - 5, x.at(0.0), middle + 5, "z0")
    far = abs(o.z) > Z_SHOWN
    drawing.circle(x.at(float(np.clip(o.z, -Z_SHOWN, Z_SHOWN))), middle, 3.5 if far else 4.0, "zo" if far else "zd")
    drawing.height = Z_HEIGHT
    return drawing.svg(f"z {words.z(o)}", "Grey: within two standard errors of the published mean.", "zz")


def _measured(one: LabExperiment) -> dict[str, Any]:
    body = [
        [c.name, words.measure(name), words.simulated(found), unit, words.how_many(found)]
        for c in one.conditions
        for name, unit, found in c.measures
    ]
    return {"name": "All conditions", "heads": ["Condition", "Measure", "mean ± SD", "unit", "people"], "body": body}
