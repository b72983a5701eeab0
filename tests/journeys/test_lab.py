"""A scientist's way through the laboratory: list, run, write down an experiment of one's own, look at its page."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from charley.api import laboratory
from charley.evidence import experiments
from charley.faces.cli.main import run as charley
from charley.faces.lab_page import page, render
from charley.lab.oxygen import oxygen_course
from charley.vocabulary.errors import ProtocolError, SimulationError

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="the laboratory runs with Numba, the extra lab")

MINE = """
title = "A stretch, a shock and a sip against a calf cramp"
muscle = "calf"
group = "prone"
subjects = 2
follow_s = 15
train = { frequency_hz = 40, for_s = 2, at_s = 1 }
[conditions.stretched]
stretch = { after_onset_s = 3, to_deg = 15, in_s = 1 }
[conditions.shocked]
tendon_shock = { after_onset_s = 3, times = 3, every_s = 0.5 }
[conditions.sipped]
sip = { of = "pickle juice", after_onset_s = 2 }
"""


def shown(capsys, *words):
    """Exit code, standard output and standard error of a command."""
    code = charley(list(words))
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.fixture
def mine(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(MINE, encoding="utf-8")
    return file


# ---- list ----


def test_the_list_names_every_experiment_and_what_was_published(capsys):
    code, out, _ = shown(capsys, "lab", "list")
    assert code == 0
    for key, study in experiments().items():
        assert key in out
        assert study.title in out
    code, out, _ = shown(capsys, "lab", "list", "--json")
    listed = json.loads(out)
    assert listed["meta"]["tool"] == "charley"
    assert [e["id"] for e in listed["experiments"]] == list(experiments())
    found = {e["id"]: e for e in listed["experiments"]}
    for key, study in experiments().items():
        assert set(found[key]) >= {"id", "title", "published", "simulated", "z", "verdict"}
        assert set(found[key]["published"]) == {o.key for o in study.outcomes}
    assert found["E02"]["published"]["threshold_intact"]["mean"] == 13.0
    assert found["E28"]["verdict"] == "cannot"
    assert "place in the muscle" in found["E28"]["cannot"]


# ---- run ----


@needs_numba
def test_a_published_experiment_is_run_and_compared(capsys):
    code, out, _ = shown(capsys, "lab", "run", "e02", "--subjects", "2", "--json")
    assert code == 0
    (found,) = json.loads(out)["experiments"]
    assert found["id"] == "E02"
    assert found["calibration"] is True
    assert "volley_strength" in found["set_by_it"]
    for row in found["outcomes"]:
        published, simulated = found["published"][row["key"]], found["simulated"].get(row["key"])
        if row["z"] is not None:
            assert row["z"] == pytest.approx((simulated["mean"] - published["mean"]) / published["se"])
            assert row["verdict"] == ("inside" if abs(row["z"]) <= 2 else "high" if row["z"] > 0 else "low")
    assert max(abs(r["z"]) for r in found["outcomes"] if r["z"] is not None) == abs(found["z"])
    code, text, _ = shown(capsys, "lab", "run", "E02", "--subjects", "2")
    assert code == 0
    assert "13 ± 3 SD" in text
    assert "a match is no test" in text
    assert "10.1113/jphysiol.2011.212332" in text


@needs_numba
def test_ones_own_file_is_run_and_drawn(capsys, mine, tmp_path):
    drawn = tmp_path / "mine.html"
    code, out, _ = shown(capsys, "lab", "run", str(mine), "--html", str(drawn))
    assert code == 0
    for name in ("stretched", "shocked", "sipped"):
        assert f"{name}: cramp_duration_s (s)" in out
    assert str(drawn) in out
    code, out, _ = shown(capsys, "lab", "run", str(mine), "--json")
    (found,) = json.loads(out)["experiments"]
    assert found["id"] == "mine"
    assert found["conditions"]["stretched"]["relief_s"]["of"] == 2
    again = json.loads(shown(capsys, "lab", "run", str(mine), "--json", "--workers", "2")[1])["experiments"][0]
    assert again == found


@needs_numba
def test_the_table_runs_them_all(capsys, monkeypatch):
    """All experiments take minutes, so this journey runs a table of two; the whole one is docs/validation.md."""
    from charley.lab import reading

    few = {key: reading.shipped()[key] for key in ("E28", "E32")}
    monkeypatch.setattr(reading, "shipped", lambda: few)
    code, out, _ = shown(capsys, "lab", "table", "--subjects", "1")
    assert code == 0
    assert "cannot be expressed" in out
    assert re.search(r"E32 .* [01] of 1 agree", out)
    assert "that did not: " in out
    code, out, _ = shown(capsys, "lab", "table", "--subjects", "1", "--json")
    assert [e["id"] for e in json.loads(out)["experiments"]] == ["E28", "E32"]


# ---- what goes wrong ----


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('title = "t"\nmuscle = "thigh"', ("muscle = 'thigh'", "[protocol-muscle]", "soleus")),
        ('title = "t"\nwatch_s = -3', ("watch_s = -3", "[protocol-range]", "0 to 3600")),
        ('title = "t"\nramp = { start_hz = 1e9 }', ("start_hz = 1e+09", "[protocol-range]", "0.5 to 200")),
        ('title = "t"\npain = nan', ("pain = nan", "[protocol-range]", "0 to 1")),
        ('title = "t"\nstimulus = 3', ("unknown key 'stimulus'", "[protocol-key]", "train")),
        ('title = "t"\nramp == 3\n', ("line 2", "[protocol-toml]")),
    ],
)
def test_a_bad_protocol_is_one_line_that_names_the_key_and_what_is_possible(capsys, tmp_path, text, words):
    file = tmp_path / "bad.toml"
    file.write_text(text, encoding="utf-8")
    code, out, err = shown(capsys, "lab", "run", str(file))
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    for word in ("bad.toml", *words):
        assert word in err


@pytest.mark.parametrize("what", ["E99", "nowhere.toml", "."])
def test_what_is_not_there_is_told(capsys, what):
    code, out, err = shown(capsys, "lab", "run", what)
    assert (code, out) == (2, "")
    assert "[protocol-" in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("words", [("--subjects", "0"), ("--workers", "1000"), ("--seed", "-1")])
def test_impossible_options_are_refused(capsys, words):
    code, _, err = shown(capsys, "lab", "run", "E02", *words)
    assert code == 2
    assert words[0] in err


@needs_numba
@pytest.mark.parametrize("constants", ["{ pic_conductance = 400, pic_time_ms = -5 }", "{ soma_time_constant_ms = 0 }"])
def test_a_run_that_blows_up_says_so_and_stops(capsys, tmp_path, constants):
    file = tmp_path / "wild.toml"
    file.write_text(f'title = "t"\nramp = {{}}\nconstants = {constants}', encoding="utf-8")
    code, out, err = shown(capsys, "lab", "run", str(file), "--subjects", "1")
    assert (code, out) == (1, "")
    assert "[simulation-diverged]" in err
    assert len(err.strip().splitlines()) == 1


@needs_numba
def test_a_run_that_blows_up_in_another_process_says_so_too(tmp_path):
    file = tmp_path / "wild.toml"
    file.write_text('title = "t"\nramp = {}\nconstants = { soma_time_constant_ms = 0 }', encoding="utf-8")
    with pytest.raises(SimulationError, match="no value"):
        laboratory.run(str(file), subjects=2, workers=2)


def test_without_numba_listing_works_and_running_says_what_to_install(tmp_path):
    hidden = "import sys; sys.modules['numba'] = None; from charley.faces.cli.main import run; sys.exit(run({}))"
    environment = {**os.environ, "PYTHONWARNINGS": "error"}

    def told(*words):
        code = [sys.executable, "-c", hidden.format(list(words))]
        return subprocess.run(code, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)

    listed = told("lab", "list")
    assert listed.returncode == 0
    assert "E02" in listed.stdout
    refused = told("lab", "run", "E02")
    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "[protocol-engine]" in refused.stderr
    assert "make lab" in refused.stderr


# ---- the page ----


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages of a published experiment and of one's own, as files."""
    if find_spec("numba") is None:
        pytest.skip("the laboratory runs with Numba, the extra lab")
    folder = tmp_path_factory.mktemp("lab")
    own = folder / "own.toml"
    own.write_text(MINE.replace("subjects = 2", 'subjects = 2\npicture = ["stretched", "shocked"]'), encoding="utf-8")
    found = {}
    for what in ("E02", str(own), "E28"):
        made = folder / f"{Path(what).stem}.html"
        made.write_text(render(laboratory.run(what, subjects=2, pictures=True)), encoding="utf-8")
        found[made.stem] = made
    return found


def test_the_page_stands_alone(pages):
    for file in pages.values():
        text = file.read_text(encoding="utf-8")
        assert "<script" not in text
        assert not re.search(r"(src|href)=\"?https?:", text)
        assert "url(http" not in text
        assert "Content-Security-Policy" in text
        assert "None" not in re.sub(r"<style>.*?</style>", "", text, flags=re.S)
        assert "nan" not in re.findall(r"[a-z]+", re.sub(r"<[^>]*>", " ", text))


def test_each_picture_is_told_in_words_and_in_figures(pages):
    text = pages["E02"].read_text(encoding="utf-8")
    pictures = re.findall(r'<svg class="(wide|narrow)" role="img" aria-labelledby="([^"]+)"', text)
    assert [p[0] for p in pictures] == ["wide", "narrow", "wide", "narrow"]
    for _, names in pictures:
        for name in names.split():
            assert re.search(rf'id="{name}">[^<]+<', text)
    assert text.count("Show as table") == 2
    assert "13 ± 3 SD" in text
    for row in (
        "Motor units",
        "Inward current",
        "Spindle, Ia and II",
        "Tendon organ, Ib",
        "Renshaw cells",
        "Force",
        "EMG",
    ):
        assert f">{row}<" in text
    assert len(set(re.findall(r'\bid="([^"]+)"', text))) == len(re.findall(r'\bid="([^"]+)"', text))


def test_what_cannot_be_expressed_has_a_page_that_says_why(pages):
    assert "no place in the muscle" in pages["E28"].read_text(encoding="utf-8")


@needs_numba
def test_a_raster_dash_is_a_stretch_without_a_long_silence():
    from charley.faces.lab_page.picture import HOLE_S, dashes

    trace = laboratory.bench(stimulus_hz=30.0, drive_s=1.0, duration_s=3.0)
    start, end, unit = dashes(trace)
    assert (end >= start).all()
    for u in sorted(set(trace.spike_unit.tolist()))[:5]:
        times = sorted(trace.spike_s[trace.spike_unit == u])
        spans = sorted(zip(start[unit == u], end[unit == u], strict=True))
        assert sum(any(a <= t <= b for a, b in spans) for t in times) == len(times)
        for (_, left), (right, _) in pairwise(spans):
            assert right - left > HOLE_S


def test_a_headline_is_told_only_where_it_came_true():
    import dataclasses

    from charley.vocabulary.laboratory import LabExperiment, LabOutcome, Simulated

    met = LabOutcome(
        "a", "threshold", "Hz", "x", "inside", 13.0, 3.0, "SD", 1.0, simulated=Simulated(12.0, 1.0, 3, 3), z=-1.0
    )
    one = LabExperiment("E", "A title", "calf", "", "met", (met,), headline="It is *{a} Hz* here.")
    assert page.title(one) == {"before": "It is", "cramp": "12\u00a0Hz", "after": "here."}
    missed = dataclasses.replace(one, outcomes=(dataclasses.replace(met, verdict="low", z=-9.0),), verdict="missed")
    assert page.title(missed)["cramp"] == "no outcome agrees"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 360])
def test_the_page_fits_the_screen_by_day_and_night(pages, browser, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    opened = context.new_page()
    asked = []
    opened.on("request", lambda request: asked.append(request.url))
    for file in pages.values():
        opened.goto(file.as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        visible = opened.evaluate(
            "[...document.querySelectorAll('figure')].map(f => [...f.querySelectorAll('svg')]"
            ".filter(s => s.getBoundingClientRect().width > 0).length)"
        )
        assert all(count == 1 for count in visible), "one drawing of each picture is shown"
        cut = opened.evaluate(
            "[...document.querySelectorAll('figure svg')].filter(s => s.getBoundingClientRect().width > 0)"
            ".flatMap(s => [...s.querySelectorAll('text')].filter(t => t.getBoundingClientRect().right >"
            " document.documentElement.clientWidth + 1).map(t => t.textContent))"
        )
        assert cut == [], "labels run out of the screen"
    assert all(url.startswith("file:") for url in asked)
    context.close()


# ---- the bench ----


@needs_numba
def test_the_bench_is_ten_seconds_in_which_things_happen():
    held = laboratory.bench(angle_deg=-30.0, drive=1.0, drive_s=3.0)
    assert held.time_s[-1] == pytest.approx(10.0, abs=0.011)
    assert {"rate_hz", "pic", "ia_hz", "ib_hz", "renshaw_hz", "force", "flow"} <= set(held.series)
    assert held.series["force"].max() > 0.05
    still = laboratory.bench()
    assert not still.kinds("cramp")
    assert len(still.spike_s) < 50
    stretched = laboratory.bench(stimulus_hz=40.0, stretch_at_s=4.0)
    assert stretched.series["angle_deg"][-1] == 15.0
    assert (laboratory.bench(stimulus_hz=40.0).spike_s == laboratory.bench(stimulus_hz=40.0).spike_s).all()
    with pytest.raises(ProtocolError, match="drive"):
        laboratory.bench(drive=2.0)
    with pytest.raises(ProtocolError, match="muscle"):
        laboratory.bench(muscle="thigh")


@needs_numba
def test_on_the_bench_a_cramp_takes_the_muscles_oxygen_and_ends_by_the_tendon_organ():
    """The stretch makes the tendon organ fire more; a strong effort of a longer calf chokes its flow (Sadamoto et al.
    1983: none is left at 50 to 64 in 100 of force)."""
    lit = laboratory.bench(stimulus_hz=24.0, drive_s=3.0, duration_s=25.0, stretch_at_s=20.0)
    (cramp,) = lit.kinds("cramp")
    assert 20.0 < cramp.end_s < 25.0
    before = int(np.searchsorted(lit.time_s, 19.0))
    stretching = (lit.time_s >= 20.0) & (lit.time_s < 21.0)
    assert lit.series["ib_hz"][stretching].max() > lit.series["ib_hz"][before]
    assert lit.series["oxygen"][0] == pytest.approx(1.0, abs=0.01)
    assert lit.series["oxygen"][before] < 0.9
    longer = laboratory.bench(angle_deg=0.0, drive=1.0, drive_s=10.0, duration_s=12.0)
    assert longer.series["flow"].min() < 0.4


def test_oxygen_falls_with_work_the_more_without_flow_and_comes_back_with_it():
    """Assumed constants (table): empty to a tenth within 25 s of full work without flow, back to half within 30 s."""
    work, none, free = np.ones(250), np.zeros(250), np.ones(250)
    choked, open_ = oxygen_course(work, none, 0.1), oxygen_course(work, free, 0.1)
    assert choked[-1] < 0.1 < open_[-1] < 0.5
    assert (np.diff(choked) < 0.0).all()
    back = oxygen_course(np.concatenate([work, np.zeros(300)]), np.concatenate([none, np.ones(300)]), 0.1)
    assert back[-1] > 0.5


@needs_numba
def test_the_command_tells_a_cramp_that_a_stretch_ends_and_gives_its_series(capsys):
    code, out, _ = shown(capsys, "lab", "bench", "--pulses", "24", "--stretch", "8", "--seconds", "12")
    assert code == 0
    assert "after a stretch" in out.splitlines()[0]
    assert "oxygen, %" in out
    code, out, _ = shown(capsys, "lab", "bench", "--press", "0.5", "--seconds", "5", "--json")
    told = json.loads(out)
    assert code == 0
    assert len(told["time_s"]) == len(told["series"]["oxygen"]) > 40
    code, _, err = shown(capsys, "lab", "bench", "--press", "7")
    assert code != 0
    assert "drive" in err
