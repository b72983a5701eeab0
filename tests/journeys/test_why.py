"""A stranger's first minutes: one file, one question, an honest answer; and everything that can be typed wrongly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from charley.api import one_run
from charley.evidence import sources
from charley.faces.cli.main import run

FAST = ["--draws", "60"]


@pytest.fixture(scope="module")
def demo_file(tmp_path_factory) -> Path:
    return one_run.write_demo(tmp_path_factory.mktemp("demo"))


def charley(capsys, *arguments: str | Path) -> tuple[int, str, str]:
    code = run([str(a) for a in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def answer(capsys, *arguments: str | Path) -> dict:
    code, out, err = charley(capsys, "why", *arguments, *FAST, "--json")
    assert code == 0, err
    return json.loads(out)


def test_the_json_keeps_its_contract(capsys, demo_file):
    a = answer(capsys, demo_file, "--at", "33km")
    assert a["meta"]["tool"] == "charley"
    assert {"version", "generated_at", "status"} <= set(a["meta"])
    assert a["run"]["distance_m"] == pytest.approx(42_400, rel=0.01)  # what the made-up runner's file says
    assert {"elapsed_s", "records", "started_at"} <= set(a["run"])
    assert a["cramp"]["at_m"] == pytest.approx(33_000, abs=20)
    assert 0 < a["chance"]["low"] < a["chance"]["mean"] < a["chance"]["high"] < 1
    assert a["calf_share_estimate"]["low"] < a["calf_share"] < a["calf_share_estimate"]["high"]
    n = len(a["hazard"]["time_s"])
    assert n > 100
    assert all(len(a["hazard"][k]) == n for k in ("rate_per_h", "low", "high"))
    states = a["states"]
    assert all(len(v) == len(states["time_s"]) for k, v in states.items() if isinstance(v, list))
    ids = [d["id"] for d in a["drivers"]]
    assert "unexplained" in ids
    assert "pace_excess" in ids
    for d in a["drivers"]:
        assert {"id", "label", "share", "evidence_grade", "source_ids"} <= set(d)
        assert d["share"]["low"] <= d["share"]["mean"] <= d["share"]["high"]
    assert a["prior_share"] == 1.0  # no log: all of it is from studies
    assert {w["code"] for w in a["warnings"]} >= {"studies-only"}


def test_the_text_ranks_nothing_and_says_whose_numbers_these_are(capsys, demo_file):
    code, out, _ = charley(capsys, "why", demo_file, "--at", "33km", "--full", *FAST)
    assert code == 0
    assert "DEMO" in out
    assert "published studies" in out
    assert "nothing is ranked" in out or "one run can't rank it" in out
    assert "get medical care now" in out


@pytest.mark.parametrize(
    ("at", "metres"),
    [("33km", 33_000), ("2:42:33", 33_400), ("78%", None), ("20.5mi", 32_991), ("33,4km", 33_400)],
)
def test_places_can_be_written_in_many_ways(capsys, demo_file, at, metres):
    a = answer(capsys, demo_file, "--at", at)
    if metres is None:  # 78 % of the elapsed time
        assert a["cramp"]["at_s"] == pytest.approx(0.78 * a["run"]["elapsed_s"], abs=1.5)
    else:
        assert a["cramp"]["at_m"] == pytest.approx(metres, abs=25)


def test_somewhere_after_is_a_range_with_and_without_quotes(capsys, demo_file):
    quoted = answer(capsys, demo_file, "--at", "somewhere-after 30km")
    bare = answer(capsys, demo_file, "--at", "somewhere-after", "30km")
    assert quoted["cramp"] == bare["cramp"]
    assert quoted["cramp"]["at_s"] is None


def test_the_same_question_and_seed_give_the_same_figures(capsys, demo_file):
    first, second = (answer(capsys, demo_file, "--at", "33km", "--seed", "7") for _ in range(2))
    for a in (first, second):
        del a["meta"]["generated_at"]
    assert first == second


def test_the_figures_do_not_hang_on_the_order_in_which_python_takes_a_set(demo_file):
    """Python shuffles sets of words anew in each process; sums over them must not follow."""
    said = set()
    for shuffled in ("0", "1"):  # of two causes of one family, these take the one before the other and the other way
        done = subprocess.run(
            [sys.executable, "-m", "charley", "why", str(demo_file), "--draws", "20", "--json"],
            env={**os.environ, "PYTHONHASHSEED": shuffled}, capture_output=True, check=True, text=True,
        )  # fmt: skip
        told = json.loads(done.stdout)
        said.add(json.dumps([told["chance"], told["drivers"]]))
    assert len(said) == 1


def test_what_is_told_narrows_and_moves_the_answer(capsys, demo_file):
    plain = answer(capsys, demo_file, "--at", "33km")
    prone = answer(capsys, demo_file, "--at", "33km", "--history", "8/10")
    clean = answer(capsys, demo_file, "--at", "33km", "--history", "0/10")
    assert clean["chance"]["mean"] < plain["chance"]["mean"] < prone["chance"]["mean"]
    hot = answer(capsys, demo_file, "--at", "33km", "--temp", "32", "--rh", "70", "--drank", "1l")
    cool = answer(capsys, demo_file, "--at", "33km", "--temp", "8", "--rh", "50", "--drank", "1l")
    water = [s["states"]["body_water_change_fraction"][-1] for s in (hot, cool)]
    assert water[0] < water[1] < 0.01


def test_an_answer_about_the_run_moves_the_chance_and_is_shown_among_the_drivers(capsys, demo_file):
    """The prior P16 points down; what was told stands among the drivers, and only then."""
    told = {word: answer(capsys, demo_file, "--about", f"strength_training={word}") for word in ("no", "yes")}
    assert told["yes"]["chance"]["mean"] < told["no"]["chance"]["mean"]
    shown = {d["id"] for d in told["no"]["drivers"]} - {d["id"] for d in answer(capsys, demo_file)["drivers"]}
    assert shown == {"strength_training"}


def test_an_easy_run_and_a_race_are_not_the_same_thing(capsys, demo_file):
    level = ("--best", "half=1:20:00")  # far above the demo's pace
    easy = answer(capsys, demo_file, *level, "--training")
    raced = answer(capsys, demo_file, *level, "--race", "yes")
    assert easy["chance"]["mean"] < raced["chance"]["mean"] / 5


def test_sources_prints_what_the_answer_stands_on(capsys, demo_file):
    code, out, _ = charley(capsys, "why", demo_file, "--at", "33km", "--sources", *FAST)
    assert code == 0
    a = answer(capsys, demo_file, "--at", "33km")
    cited = {i for d in a["drivers"] for i in d["source_ids"]} - {"assumption", "own-simulation"}
    assert cited
    printed = " ".join(out.split())
    for source_id in cited:
        assert sources()[source_id].citation[:25] in printed, source_id


def test_the_page_is_written_whole_and_stands_alone(capsys, demo_file, tmp_path):
    page = tmp_path / "why.html"
    code, _, _ = charley(capsys, "why", demo_file, "--at", "33km", "--html", page, *FAST)
    assert code == 0
    text = page.read_text(encoding="utf-8")
    assert len(text.encode()) <= 300_000
    assert "DEMO" in text
    assert "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert list(tmp_path.iterdir()) == [page]


BAD = [
    (["why"], 2, "usage-one-file"),
    (["why", "{demo}", "{demo}"], 2, "usage-one-file"),
    (["why", "{folder}"], 2, "usage-one-file"),
    (["why", "{demo}", "--bogus"], 2, "usage-flag"),
    (["fly"], 2, "usage-flag"),
    (["why", "{demo}", "--mass", "7kg"], 2, "usage-value"),
    (["why", "{demo}", "--temp", "50C"], 2, "usage-value"),
    (["why", "{demo}", "--temp", "warm"], 2, "usage-value"),
    (["why", "{demo}", "--rh", "140%"], 2, "usage-value"),
    (["why", "{demo}", "--height", "175"], 2, "usage-value"),
    (["why", "{demo}", "--age", "nan"], 2, "usage-value"),
    (["why", "{demo}", "--best", "10k=4:00"], 2, "usage-value"),
    (["why", "{demo}", "--best", "10k"], 2, "usage-value"),
    (["why", "{demo}", "--history", "5/3"], 2, "usage-value"),
    (["why", "{demo}", "--about", "moonphase=yes"], 2, "usage-value"),
    (["why", "{demo}", "--about", "pace_excess=9"], 2, "usage-value"),
    (["why", "{demo}", "--about", "statin=yes", "--about", "statin=no"], 2, "usage-value"),
    (["profile", "--about", "moonphase=yes"], 2, "usage-value"),
    (["profile", "--about", "forefoot=yes"], 2, "usage-value"),
    (["why", "{demo}", "--race", "yes", "--training"], 2, "usage-flag"),
    (["why", "{demo}", "--draws", "1"], 2, "usage-value"),
    (["why", "{demo}", "--at", "50km"], 2, "at-outside"),
    (["why", "{demo}", "--at", "9:00:00"], 2, "at-outside"),
    (["why", "{demo}", "--at", "120%"], 2, "at-outside"),
    (["why", "{demo}", "--at", "the hill"], 2, "at-form"),
    (["why", "{demo}", "--at", "35km-30km"], 2, "at-form"),
    (["why", "{demo}", "--at", "33km", "--html", "{folder}/no/such/page.html"], 2, "write-failed"),
]


@pytest.mark.parametrize(("words", "exit_code", "code"), BAD, ids=[" ".join(b[0]) for b in BAD])
def test_bad_input_is_one_coded_line(capsys, demo_file, tmp_path, words, exit_code, code):
    before = demo_file.read_bytes()
    said = [w.format(demo=demo_file, folder=tmp_path) for w in words]
    left, out, err = charley(capsys, *said)
    assert left == exit_code, err
    assert out == ""
    assert err.count("\n") == 1, err
    assert err.startswith("charley: ")
    assert f"[{code}]" in err
    assert "Traceback" not in err
    assert demo_file.read_bytes() == before


def test_a_file_that_is_no_run_leaves_with_3(capsys, tmp_path):
    page = tmp_path / "login.fit"
    page.write_text("<!doctype html><html><body>Please log in</body></html>")
    left, _, err = charley(capsys, "why", page)
    assert left == 3
    assert err.count("\n") == 1
    missing = tmp_path / "not-there.fit"
    left, _, err = charley(capsys, "why", missing)
    assert left in (2, 3)
    assert err.count("\n") == 1


def test_a_whole_process_says_hello_and_a_reader_that_goes_away_is_no_error(demo_file):
    hello = subprocess.run([sys.executable, "-m", "charley"], capture_output=True, text=True, check=True)
    assert "charley demo" in hello.stdout
    piped = subprocess.run(
        f"{sys.executable} -m charley why {demo_file} --draws 30 | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert piped.stderr == ""


def test_an_answer_in_the_terminal_loads_no_more_than_it_needs(demo_file):
    """What costs tenths of a second at the start: the page, the journal, and packages for sums that are not done."""
    heavy = ("scipy", "jinja2", "numpy.polynomial", "numba", "charley.vocabulary.over_journal", "charley.faces.web")
    code = (
        "import contextlib, io, sys; from charley.faces.cli.main import run\n"
        f"with contextlib.redirect_stdout(io.StringIO()): code = run(['why', {str(demo_file)!r}, '--at', '33km'])\n"
        f"print(code, [name for name in {heavy} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "0 []\n"
