"""The answer as an object of plain values: scalars unrounded, arrays at six significant digits, NaN as None."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from charley import __version__
from charley.faces.report.plain_values import array, estimate, plain, scalar
from charley.faces.report.wording import asked, definitions, journal_sections, notes, words
from charley.vocabulary.answer import Assumed, Detected, Driver, Missing, SuggestedStop, Track, Why
from charley.vocabulary.note import Note
from charley.vocabulary.over_journal import Family

METRIC = "metric"  # JSON is in SI, and its sentences are too
_UNITS = {"%": "percent", "/": "_", "·": "_"}


def render(answer: Why, generated_at: datetime | None = None) -> dict[str, Any]:
    """All that the answer holds, under the names of the contract; further keys beside them."""
    run = answer.run
    cramp = answer.cramp
    return {
        "meta": {
            "tool": "charley",
            "version": __version__,
            "generated_at": (generated_at or datetime.now(UTC)).isoformat(timespec="seconds"),
            "status": answer.status,
            "demo": run.demo,
        },
        "run": {
            "distance_m": scalar(run.distance_m),
            "elapsed_s": scalar(run.elapsed_s),
            "timer_s": scalar(run.timer_s),
            "records": run.records,
            "started_at": run.started_at.isoformat(),
            "zone_from": run.zone_from,
            "file": run.file_name,
            "format": run.file_format,
            "device": run.device,
            "demo": run.demo,
        },
        "cramp": None
        if cramp is None
        else {
            "at_s": scalar(cramp.at_s),
            "at_m": scalar(answer.cramp_at_m),
            "from_s": scalar(cramp.from_s),
            "to_s": scalar(cramp.to_s),
            "exact": cramp.exact,
            "muscle": cramp.muscle,
            "side": cramp.side,
            "severity": cramp.severity,
        },
        "chance": estimate(answer.chance),
        "chance_of_people": None
        if answer.chance_of_people is None
        else dict(zip(("two_of_ten_below", "two_of_ten_above"), map(scalar, answer.chance_of_people), strict=True)),
        "chance_by_class": [
            {"class": name, "probability": scalar(probability), "chance": estimate(chance)}
            for name, probability, chance in answer.chance_by_class
        ],
        "chance_after": [{"window": window, "chance": estimate(chance)} for window, chance in answer.chance_after],
        "base_rate": {**estimate(answer.base_rate), "label": words.base_heading(answer, METRIC)},
        "base_rate_studies": estimate(answer.base_rate_studies),
        "calf_share": answer.calf_share.mean,
        "calf_share_estimate": estimate(answer.calf_share),
        "hazard": {
            "time_s": array(answer.hazard.time_s),
            "distance_m": array(answer.hazard.distance_m),
            "rate_per_h": array(answer.hazard.rate_per_h),
            "low": array(answer.hazard.low),
            "high": array(answer.hazard.high),
            "low50": array(answer.hazard.low50),
            "high50": array(answer.hazard.high50),
        },
        "states": None if answer.journal is not None and cramp is None else _states(answer),
        "drivers": [*(_driver(d) for d in answer.drivers), _unexplained(answer)],
        "prior_share": scalar(answer.prior_share),
        "n_cramps": answer.n_cramps,
        "n_runs": answer.n_runs,
        "next_best": [
            {
                "what": asked.step(w),
                "command": asked.command(w, answer),
                "expected_information_bits": scalar(w.expected_information_bits),
            }
            for w in asked.steps(answer)
        ],
        "detected": [_detected(d) for d in answer.detected],
        "stops": [stop(s) for s in answer.stops],
        "decline": None
        if answer.decline is None
        else {
            "slowed_fraction": scalar(answer.decline.slowed_fraction),
            "water_loss": estimate(answer.decline.water_loss),
            "expected_share": estimate(answer.decline.expected_share),
            "claim_id": answer.decline.claim_id,
            "source_ids": list(answer.decline.source_ids),
        },
        "breaks": [{"from_s": scalar(a), "to_s": scalar(b), "kind": kind} for a, b, kind in answer.strip.breaks],
        "missing": [m.key for m in answer.missing],
        "missing_detail": [_missing(m) for m in answer.missing],
        "assumed": [_assumed(a) for a in answer.assumed],
        "warnings": [*(asdict(w) for w in answer.warnings), *(_note(n) for n in answer.notes)],
        "sources": [asdict(s) for s in answer.sources],
        "draws": answer.draws,
        "seed": answer.seed,
        **({} if answer.journal is None else over_journal(answer)),
    }


def state_name(track: Track) -> str:
    """Key and unit as one name: "water_percent_of_body_mass"."""
    unit = track.unit.lower()
    for sign, word in _UNITS.items():
        unit = unit.replace(sign, f" {word} ")
    return re.sub(r"[^a-z0-9]+", "_", f"{track.key} {unit}".lower()).strip("_")


def _states(answer: Why) -> dict[str, list[float | None]]:
    """What the model works out along the run, with its bands."""
    states = {"time_s": array(answer.strip.time_s), "distance_m": array(answer.strip.distance_m)}
    for track in answer.strip.tracks:
        if track.kind != "model":
            continue
        name = track.state or state_name(track)
        for end, values in (("", track.mean), ("_low", track.low), ("_high", track.high)):
            if values is not None:
                states[name + end] = array(values)
    return states


def _driver(driver: Driver) -> dict[str, Any]:
    return {
        "id": driver.id,
        "label": driver.label,
        "family": driver.family,
        "share": estimate(driver.share),
        "before": estimate(driver.before),
        "share_reference": estimate(driver.reference),
        "studies": estimate(driver.before),  # for readers of earlier versions
        "evidence_grade": driver.evidence_grade,
        "source_ids": list(driver.source_ids),
        "seen": asked.seen(driver.seen, METRIC),
    }


def _unexplained(answer: Why) -> dict[str, Any]:
    """What none of the drivers explains, as an entry of its own."""
    return {
        "id": "unexplained",
        "label": "Unexplained",
        "family": None,
        "share": estimate(answer.unexplained),
        "before": None,
        "share_reference": None,
        "studies": None,
        "evidence_grade": None,
        "source_ids": [],
        "seen": "",
    }


def _detected(item: Detected) -> dict[str, Any]:
    known = definitions.DEFINITIONS[item.id]
    return {**plain(asdict(item)), "label": known.label, "definition": definitions.asks(item, METRIC)}


def stop(item: SuggestedStop) -> dict[str, Any]:
    """A stop as plain values. ``formerly``: the name under which earlier versions told a sudden stop."""
    why = notes.sentence(item.why, METRIC)
    return {**plain(asdict(item)), "why": why} | ({"formerly": "seizure"} if item.kind == "sudden_stop" else {})


def _missing(item: Missing) -> dict[str, Any]:
    channel = asked.CHANNELS[item.key]
    adds = asked.adds(item)
    return {**plain(asdict(item)), "label": channel.label, "adds": adds, "command": channel.how}


def _assumed(item: Assumed) -> dict[str, Any]:
    told = None if item.estimate is None else estimate(item.estimate)
    text = asked.reason(item, METRIC)
    return {"key": item.key, "label": asked.ASSUMED[item.key], "text": text, "estimate": told, "unit": item.unit}


def _note(item: Note) -> dict[str, Any]:
    return {"code": item.warning, "text": notes.sentence(item, METRIC)}


def over_journal(answer: Why) -> dict[str, Any]:
    """The same as plain values, beside the keys of an answer from one file."""
    over = journal_sections.of(answer)
    families = [_family(f) for f in over.families]
    return {"journal": {**plain(asdict(over)), "families": families}, "families": families}


def _family(family: Family) -> dict[str, Any]:
    return {
        "id": family.id,
        "label": family.label,
        "named": family.named,
        "share": estimate(family.share),
        "before": estimate(family.before),
        "share_reference": estimate(family.reference),
        "share_left_open": estimate(family.open),
        "evidence": scalar(family.evidence),
        "always_there": family.always_there,
    }
