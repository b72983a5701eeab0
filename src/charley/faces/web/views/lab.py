"""Lab: start a cramp on the bench, stretch it, see why it ends; then where the model is wrong, the misses first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from charley.api import laboratory
from charley.faces.cli.lab import experiments_json
from charley.faces.lab_page import bench, words
from charley.faces.report.wording import figures as fig
from charley.faces.web.pages import Asked, Page
from charley.vocabulary.errors import ProtocolError, UsageError
from charley.vocabulary.laboratory import LabExperiment

ORDER = {"missed": 0, "partly": 1, "met": 2, "nothing_judged": 3, "cannot": 4, "not_run": 5}
RANGES = {"angle": (-40, 15), "hz": (4, 40), "fatigue": (0, 100), "press": (0, 100), "hold": (5, 60)}
USUAL = {"press": 0, "hold": bench.KEPT_HOLD_S}  # where an older address does not say


@dataclass(frozen=True, slots=True)
class Lab:
    """The bench as it was set, its run, whether that was run now, and all experiments."""

    setting: bench.Setting
    drawn: dict[str, Any]
    live: bool
    engine: bool
    experiments: tuple[LabExperiment, ...]


def ask(asked: Asked) -> Lab:
    """A run of the setting; without one, or without the engine, a kept one."""
    experiments = laboratory.experiments()
    if "angle" not in asked.query:
        setting, drawn = bench.kept(bench.Setting())
        return Lab(setting, drawn, False, True, experiments)
    setting = bench.Setting(
        _whole(asked, "angle"), _whole(asked, "hz"), _whole(asked, "fatigue") / 100,
        asked.query.get("stretch", "") == "yes", _whole(asked, "press"), _whole(asked, "hold"),
    )  # fmt: skip
    try:
        drawn = asked.work.answer(("bench", setting), "Starting the cramp", bench.live, setting)
        return Lab(setting, drawn, True, True, experiments)
    except ProtocolError as error:
        if error.code != "protocol-engine":
            raise
        nearest, drawn = bench.kept(setting)
        return Lab(nearest, drawn, False, False, experiments)


def _whole(asked: Asked, name: str) -> int:
    """A whole number of the form, within its range."""
    text, (least, most) = asked.query.get(name, str(USUAL.get(name, ""))), RANGES[name]
    if not text.lstrip("-").isdecimal() or len(text) > 4 or not least <= int(text) <= most:
        raise UsageError("usage-value", f"{text[:20]!r}; possible is {least} to {most}", name)
    return int(text)


def show(lab: Lab, asked: Asked) -> dict[str, Any]:
    """The bench, and the experiments with the misses first."""
    s, drawn = lab.setting, lab.drawn
    listed = sorted(lab.experiments, key=lambda e: (ORDER[e.verdict], -abs(e.z or 0.0)))
    judged = [e for e in listed if e.judged]
    agree = sum(len(e.met) for e in judged)
    return {
        "heading": drawn["heading"],
        "picture_shown": {"wide": Markup(drawn["wide"]), "narrow": Markup(drawn["narrow"]), "tables": [drawn["table"]]},
        "set": {
            "angle": s.angle_deg,
            "said": fig.number(s.angle_deg),
            "hz": s.stimulus_hz or RANGES["hz"][0],
            "press": s.press,
            "hold": s.hold_s,
            "done": s.done,
            "stretched": f", stretched at {s.stretch_at_s:g} s" if s.stretched else "",
            "fatigue": round(100 * s.slow_fatigue),
            "stretch": s.stretched,
        },
        "ranges": RANGES,
        "kept": not lab.live,
        "engine": lab.engine,
        "title": f"{agree} of {sum(len(e.judged) for e in judged)} published outcomes agree; the misses first",
        "heads": ["Experiment", "agree", "furthest off, z", "what it says"],
        "rows": [
            [
                f"{e.id} {fig.clean(e.title)}",
                f"{len(e.met)} of {len(e.judged)}" if e.judged else fig.NONE,
                words.value(e.z, plus=True),
                words.EXPERIMENTS[e.verdict] + (", set the model" if e.calibration else ""),
            ]
            for e in listed
        ],
    }


def tell(lab: Lab) -> dict[str, Any]:
    """As `charley lab list --json` gives it."""
    return experiments_json(lab.experiments)


PAGE = Page("/lab", "lab", ask, show, tell, tab="lab")
