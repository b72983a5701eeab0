"""The open log of cramps: out of one journal and into another, everything once, and one line for a bad file."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charley.api import journal as journals
from charley.faces.cli.main import run as charley
from charley.journal import answers, cramp_log
from charley.journal.store import open_store
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import InputError
from charley.vocabulary.journal import EFFORTS, MUSCLES, PHASES, SIDES, UNUSUAL, About, Baseline, Event
from journal_world import START, made_run

RUNS = 3


def with_runs(path: Path) -> Path:
    """A journal with three runs and nothing told."""
    for number in range(RUNS):
        run = replace(made_run(seconds=4000, number=number), started_at=START + timedelta(days=number))
        journals.add_run(path, run, read_by="test")
    return path


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Path:
    """A journal with an answer of every kind, some of which took the place of others."""
    path = with_runs(tmp_path_factory.mktemp("told") / "journal.sqlite")
    ids = [row.run_id for row in reversed(journals.list_runs(path))]
    now = START + timedelta(days=40)
    say: Any = {"now": now}
    first = journals.log_event(path, "cramp", run=ids[0], place=Cramp(3000.5, 3000.5, 3000.5), side="left", severity=3,
                               helped="stretching", note="„hart“ \u2028", **say)  # fmt: skip
    journals.log_event(path, "twitch", run=ids[0], place=Cramp(None, 1000.0, 2000.0), muscle="hamstring", **say)
    journals.log_event(path, "none", run=ids[1], **say)
    journals.log_event(path, "cramp", run=ids[1], phase="after_1_6h", side="both", **say)
    journals.log_event(path, "cramp", run=None, phase="night", happened_at=START + timedelta(days=20), **say)
    journals.log_event(path, "cramp", run=ids[0], place=Cramp(3100.0, 3100.0, 3100.0), replaces=first.id, **say)
    journals.log_weight(path, 70.25, run=ids[0], when="before", **say)
    journals.log_weight(path, 69.1, run=ids[0], when="after", **say)
    journals.log_drink(path, 0.35, run=ids[0], at_s=600.0, sodium_mmol_l=20.0, **say)
    journals.log_sodium(path, 17.1, run=ids[0], when="before", **say)
    journals.log_shoes(path, "old ones", run=ids[0], drop_m=0.008, new=True, **say)
    journals.log_about(path, run=ids[0], effort="race", air_temp_c=18.5, unusual=("ill", "travel"), change="salt",
                       change_done=True, **say)  # fmt: skip
    journals.log_sweat_test(path, sweat_rate_l_h=1.1, method="patch", **say)
    journals.log_strength(path, "calf raise", sets=3, repetitions=12, load_kg=10.0, **say)
    journals.log_health(path, "condition", "kidney", False, **say)
    journals.log_baseline(path, cramped_of_ten="3-5", body_mass_kg=70.0, sex="other", **say)
    return path


def everything(path: Path) -> list[tuple[Any, ...]]:
    """All that holds in a journal but for the numbers of the rows."""
    found = []
    with open_store(path) as store:
        for kind in answers.KINDS:
            for one in answers.current(store, kind):
                left_out = {"id", "replaces", "prompt_id"}
                found.append((kind.__name__, *(getattr(one, f.name) for f in fields(one) if f.name not in left_out)))
    return sorted(found, key=repr)


def bring(journal: Path, *paths: Path) -> int:
    return charley(["--journal", str(journal), "import", "--workers", "1", "--json", *map(str, paths)])


def test_everything_told_comes_back_equal_and_once(told, tmp_path, capsys) -> None:
    journals.export_all(told, tmp_path / "out")
    log = tmp_path / "out" / "cramp-log.json"
    other = with_runs(tmp_path / "other.sqlite")
    assert bring(other, log) == 0
    said = json.loads(capsys.readouterr().out)
    assert everything(other) == everything(told)
    assert said["logged"] == len(json.loads(log.read_text())["entries"]) == len(everything(told)) == 15
    assert bring(other, tmp_path / "out") == 0  # the whole folder, once more
    again = json.loads(capsys.readouterr().out)
    assert (again["logged"], again["logged_before"]) == (0, 15)
    assert everything(other) == everything(told)


def test_the_file_is_valid_by_an_outside_check_of_the_schema(told, tmp_path) -> None:
    """`jsonschema` knows the published rules of JSON Schema; our own check only a part of them."""
    journals.export_all(told, tmp_path / "out")
    log = json.loads((tmp_path / "out" / "cramp-log.json").read_text())
    jsonschema.Draft202012Validator.check_schema(cramp_log.schema())
    jsonschema.validate(log, cramp_log.schema())


def test_the_schema_says_what_the_journal_takes() -> None:
    of = cramp_log.schema()["$defs"]
    event, about = of["event"]["properties"], of["about_run"]["properties"]
    assert event["muscle"]["enum"] == [*MUSCLES, None]
    assert event["side"]["enum"] == [*SIDES, None]
    assert event["phase"]["enum"] == list(PHASES)
    assert about["effort"]["enum"] == [*EFFORTS, None]
    assert about["unusual"]["items"]["enum"] == list(UNUSUAL)
    assert set(of) == {"run", "event", *cramp_log.OTHERS}
    assert event["what"]["enum"] == list(cramp_log.EVENTS)
    assert {f.name for f in fields(Event)} - {f.name for f in fields(About)} <= {*event, "kind"}
    assert {f.name for f in fields(Baseline)} <= set(of["runner"]["properties"])


RUN = {"id": "mine", "started_at": "2026-03-01T10:00:00+01:00", "elapsed_s": 4000}


def log_of(*entries: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"format": "cramp-log", "version": 1, "runs": [RUN], "entries": entries, **more}).encode()


def entry(**values: Any) -> dict[str, Any]:
    return {"what": "cramp", "happened_at": "2026-03-01T11:00:00+01:00", "run": "mine"} | values


def test_another_program_names_runs_as_it_likes_and_foreign_fields_are_named(tmp_path, capsys) -> None:
    journal, file = with_runs(tmp_path / "journal.sqlite"), tmp_path / "log.json"
    start = journals.list_runs(journal)[-1].started_at
    run = RUN | {"started_at": start.isoformat(), "elapsed_s": 3999}
    far = RUN | {"id": "far", "started_at": "2020-01-01T00:00:00Z"}
    file.write_bytes(log_of(entry(at_s=600, mood="bad"), entry(run="far"), runs=[run, far], weather={}))
    assert bring(journal, file) == 4
    said = json.loads(capsys.readouterr().out)
    assert said["logged"] == 1
    codes = {s["code"]: s["text"] for s in said["skipped"]}
    assert set(codes) == {"cramp-log-no-run", "cramp-log-foreign"}
    assert codes["cramp-log-foreign"].startswith("mood, weather: ")
    event = journals.get_report(journal, journals.list_runs(journal)[-1].run_id).events[0]
    assert (event.at_s, event.muscle, event.source) == (600.0, "calf", "import")


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'{"format": "cramp-log", ', "no JSON"),
        (b'{"format": "cramp-log", "version": 2, "entries": []}', "version"),
        (log_of(entry(what="sneeze")), "entries/0/what"),
        (log_of(entry(severity=9)), "entries/0/severity"),
        (log_of(entry(side="front")), "entries/0/side"),
        (log_of(entry(at_s=99_999)), "entries/0"),
        (log_of(entry(at_s=10, from_s=20, to_s=30)), "entries/0"),
        (log_of(entry(), entry(happened_at="2026-03-01T11:00:00")), "entries/1/happened_at"),
        (log_of(entry(happened_at="2126-03-01T11:00:00Z")), "entries/0/happened_at"),
        (log_of(entry(run="else")), "entries/0/run"),
        (log_of(entry(what="none", severity=2, run=None, phase="x")), "entries/0/phase"),
        (log_of(entry(what="drink")), "volume_l is missing"),
        (log_of(entry(note="\ud800")), "entries/0/note"),
        (b'{"format": "cramp-log", "version": 1, "entries": [NaN]}', "NaN"),
        (b'{"format": "cramp-log", "version": 1, "entries": ' + b"[" * 9000 + b"]" * 9000 + b"}", "entries"),
    ],
)
def test_a_bad_file_gets_one_line_and_nothing_of_it_is_taken(tmp_path, capsys, data, place) -> None:
    journal, file = with_runs(tmp_path / "journal.sqlite"), tmp_path / "log.json"
    start = journals.list_runs(journal)[-1].started_at.isoformat().encode()
    file.write_bytes(data.replace(RUN["started_at"].encode(), start))
    assert bring(journal, file) == 3
    (skipped,) = json.loads(capsys.readouterr().out)["skipped"]
    assert skipped["code"] == "cramp-log-form"
    assert place in skipped["text"] or "too deep" in skipped["text"]
    assert everything(journal) == []


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["cramp", "calf"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["what", "happened_at", "run", "at_s", "side", "severity", "x"]), anything))
@settings(max_examples=150)
def test_any_entry_is_read_or_refused_with_its_code(values) -> None:
    try:
        log = cramp_log.parsed(log_of(entry() | values), "a")
    except InputError as error:
        log, code = None, error.code
    if log is None:
        assert code == "cramp-log-form"
    else:
        jsonschema.validate({"format": "cramp-log", "version": 1, "entries": list(log.entries)}, cramp_log.schema())
