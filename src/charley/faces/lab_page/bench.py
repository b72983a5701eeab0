"""The cramp bench as a picture: run live where the engine is there, else one of the runs that were kept."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from charley.api import laboratory
from charley.faces.lab_page import page, picture

KEPT = "bench_kept.zip"  # made by scripts/make_bench.py
DURATION_S, STRETCH_AT_S, DRIVE_S = 30.0, 12.0, 3.0
STRETCH_AFTER_S, WATCHED_S = 15.0, 30.0  # after an effort was let go
KEPT_ANGLES_DEG, KEPT_HZ, KEPT_FATIGUE = (-30, 0), (14, 18, 24), 0.2
KEPT_PRESS, KEPT_HOLD_S = 100, 45


@dataclass(frozen=True, slots=True)
class Setting:
    """What the reader sets: the joint (negative shortens the calf), pulses to the nerve, fatigue, and a stretch; or, in
    place of the pulses, how hard to press (in 100) and for how long."""

    angle_deg: int = -30
    stimulus_hz: int = 18
    slow_fatigue: float = KEPT_FATIGUE
    stretched: bool = True
    press: int = 0
    hold_s: int = KEPT_HOLD_S

    @property
    def stretch_at_s(self) -> float:
        """When it is stretched, if it is."""
        return self.hold_s + STRETCH_AFTER_S if self.press else STRETCH_AT_S

    @property
    def done(self) -> str:
        """What is done to the muscle, in words."""
        if self.press:
            return f"pressed at {self.press} in 100 for {self.hold_s} s"
        return f"{self.stimulus_hz} pulses a second for {DRIVE_S:g} s"

    @property
    def name(self) -> str:
        """The name under which a run of it is kept."""
        what = f"press{self.press}" if self.press else f"{self.stimulus_hz}"
        return f"{self.angle_deg}_{what}_{'stretch' if self.stretched else 'alone'}.json"


KEPT_SETTINGS = tuple(
    Setting(angle, hz, KEPT_FATIGUE, stretched)
    for angle in KEPT_ANGLES_DEG
    for hz in KEPT_HZ
    for stretched in (True, False)
) + tuple(
    Setting(angle, 0, KEPT_FATIGUE, stretched, KEPT_PRESS) for angle in KEPT_ANGLES_DEG for stretched in (True, False)
)


def live(setting: Setting) -> dict[str, Any]:
    """Run it now, and draw it at both widths. Raises ProtocolError where the engine is missing."""
    trace = laboratory.bench(
        setting.angle_deg, setting.press / 100, setting.slow_fatigue, 0.0,
        setting.stretch_at_s if setting.stretched else None,
        stimulus_hz=0 if setting.press else setting.stimulus_hz,
        drive_s=setting.hold_s if setting.press else DRIVE_S,
        duration_s=setting.hold_s + WATCHED_S if setting.press else DURATION_S,
    )  # fmt: skip
    heading = page.finding(trace).removeprefix("Bench: ")
    told = f"{heading}. Ankle {setting.angle_deg} degrees, {setting.done}."
    return {
        "heading": heading[:1].upper() + heading[1:],
        "wide": picture.draw(trace, 0, True).svg(heading, told, "wide"),
        "narrow": picture.draw(trace, 0, False).svg(heading, told, "narrow"),
        "table": page.table(trace),
    }


def kept(setting: Setting) -> tuple[Setting, dict[str, Any]]:
    """The kept run that is nearest to a setting, and which setting it is of."""
    nearest = min(
        KEPT_SETTINGS,
        key=lambda s: (
            s.stretched != setting.stretched,
            bool(s.press) != bool(setting.press),
            abs(s.angle_deg - setting.angle_deg) / 30 + abs(s.stimulus_hz - setting.stimulus_hz) / 10,
        ),
    )
    with (files(__package__) / KEPT).open("rb") as file, zipfile.ZipFile(file) as archive:
        return nearest, json.loads(archive.read(nearest.name))


def make_kept(to: Path) -> None:
    """Run all settings that are kept, and write them to a file."""
    with zipfile.ZipFile(to, "w") as archive:
        for setting in KEPT_SETTINGS:
            content = json.dumps(live(setting), ensure_ascii=False, allow_nan=False).encode()
            archive.writestr(zipfile.ZipInfo(setting.name), content, zipfile.ZIP_DEFLATED, 9)
