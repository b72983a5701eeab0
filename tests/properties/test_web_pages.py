"""What every page of the app must hold, whatever is on it: the verb's own answer, and nothing from elsewhere."""

from __future__ import annotations

import json
import re
import tomllib
import zlib
from datetime import date, timedelta
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from career_world import fill
from charley.activities.demo_run import demo_fit
from charley.answers import trials
from charley.api import advice, history
from charley.api import journal as journals
from charley.faces.cli.main import cli
from charley.faces.report.pictures import ask_steps
from charley.faces.report.race.words import CONDITIONS
from charley.faces.web import next_steps, progress, static, vendors
from charley.faces.web.app import PAGES
from charley.faces.web.pages import untyped
from charley.faces.web.views import home, race, trying
from charley.faces.web.work import Task, Waiting, Work
from charley.journal import runs
from charley.vocabulary.errors import UsageError, registry
from charley.vocabulary.over_journal import Proposed
from web_world import AtOnce, Site

STATIC = files("charley.faces.web") / "static"
MOST_PAGE_BYTES, MOST_SCRIPT_BYTES = 100_000, 40_000  # gzipped: the app's own limits


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return Site(fill(tmp_path_factory.mktemp("pages") / "journal.sqlite", 24, cramped=(8, 17)))


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return Site(tmp_path_factory.mktemp("none") / "journal.sqlite")


def paths(site):
    rows = journals.list_runs(site.journal)
    run = rows[0].run_id[:16] if rows else "last"
    return [page.path.replace("{run}", run) for page in PAGES]


@pytest.mark.parametrize("which", range(len(PAGES)))
def test_a_page_is_small_and_holds_nothing_from_elsewhere(site, which):
    got = site.ask("GET", paths(site)[which])
    assert got.status == 200, got.text
    assert len(zlib.compress(got.body, 6)) <= MOST_PAGE_BYTES
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", got.text)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", got.text)
    assert got.text.count("<h1") == 1


@pytest.mark.parametrize("which", range(len(PAGES)))
def test_without_a_run_a_page_says_what_belongs_there(empty, which):
    got = empty.ask("GET", paths(empty)[which])
    assert got.status == 200
    assert "<h1" in got.text
    assert "Traceback" not in got.text
    assert not empty.journal.exists()


class NotYet(AtOnce):
    """What is worked out elsewhere is not there yet."""

    def answer(self, key, what, call, *args, progress=False):
        raise Waiting(Task(key, what, call, args, progress))


@pytest.mark.parametrize(("path", "query"), [("/race", ""), ("/try", "change=salt"), ("/profile", ""), ("/plan", "")])
def test_what_is_being_filled_in_is_not_taken_away_by_a_page_that_asks_again(site, path, query):
    """While something is worked out a page asks for a part of itself; a form that is typed into is in none of these."""
    page = Site(site.journal, work=NotYet()).ask("GET", path, query=query).text
    assert re.search(r'<input (?![^>]*type="hidden")', page)
    assert "main" not in re.findall(r'hx-trigger="every [^>]*hx-target="#(\w+)"', page)


@pytest.mark.parametrize(
    ("path", "typed", "kept"),
    [
        ("/profile/keep", {"mass": "70kg", "height": "ten feet", "sex": "female"}, ["70kg", "ten feet", "female"]),
        ("/run/{run}/about", {"temp": "18C", "drank": "a lot", "effort": "race"}, ["18C", "a lot", "race"]),
        ("/run/{run}/tell", {"kind": "cramp", "at": "33 parsecs", "side": "left"}, ["33 parsecs", "left"]),
        ("/data/forget", {"what": "run", "run": "2024-03-01", "sure": "yes"}, ["2024-03-01", "yes", "run"]),
        ("/plan/raised", {"distance": "half", "date": "{ahead}", "sets": "3", "reps": "many"}, ["3", "many"]),
        (
            "/race",
            {"distance": "half", "goal": "1:30", "temp": "hot", "name": "By the <sea>"},
            ["1:30", "hot", "By the <sea>"],
        ),
        ("/plan", {"distance": "half", "date": "2020-01-01", "years": "6"}, ["2020-01-01", "6", "half"]),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_with_what_was_typed_and_says_why(site, path, typed, kept):
    """With scripts off too, and no page that asks again by itself takes it away."""
    run, before = journals.list_runs(site.journal)[2].run_id[:16], journals.data_sha256(site.journal)
    path, ahead = path.replace("{run}", run), f"{date.today() + timedelta(days=90)}"
    typed = {name: value.replace("{ahead}", ahead) for name, value in typed.items()}
    got = site.ask("GET", path, query=urlencode(typed)) if path in ("/race", "/plan") else site.post(path, **typed)
    assert got.status == 400
    assert "Nothing was changed." in got.text
    assert 'http-equiv="refresh"' not in got.text
    filled = re.findall(r'<input (?![^>]*type="hidden")[^>]*value="([^"]+)"', got.text)
    chosen = re.findall(r"<option(?: value=\"([^\"]*)\")? selected>([^<]*)", got.text)
    assert {escape(value) for value in kept} <= {*filled, *(value for pair in chosen for value in pair)}
    assert journals.data_sha256(site.journal) == before


def test_a_leg_named_on_the_page_for_a_cramp_is_chosen_on_the_run_that_it_leads_to(site):
    there = site.post("/cramp-now/log", side="left").headers["location"]
    path, _, query = there.partition("#")[0].partition("?")
    assert "<option selected>left</option>" in site.ask("GET", path, query=query).text


def test_what_was_said_of_a_runner_stands_in_the_form_until_something_else_is_said(tmp_path):
    site = Site(fill(tmp_path / "journal.sqlite", 3))
    said = {"cramps": "1-2", "mass": "70kg", "height": "1.75m", "born": "1980", "sex": "female"}
    assert site.post("/profile/keep", **said).status == 303
    page = site.ask("GET", "/profile").text
    for value in ("70kg", "1.75m", "1980"):
        assert f'value="{value}"' in page
    assert "<option selected>1-2</option>" in page
    assert "<option selected>female</option>" in page


def test_a_race_over_a_journal_says_how_far_it_is_and_does_not_read_it_beside_why(site):
    """The runs are read once: a race asked for while they are read for why waits for that, and says so."""
    told = []
    race.forecast(site.journal, {"distance": ("half",)}, tell=lambda now: told.append((now.share, progress.said(now))))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert "answer" in told[-1][1]

    busy = Site(site.journal, work=Work(workers=0))
    try:
        assert busy.ask("GET", "/race", query="distance=half").status == 202
        race_alone = [t.what for t in busy.work._queue]
        assert busy.ask("GET", "/why").status == 202
        page = busy.ask("GET", "/race", query="distance=10k").text
        assert "Reading what your 24 runs say" in page
        assert [t.what for t in busy.work._queue] == [*race_alone, "Reading what your 24 runs say"]
        for back in ("//evil.example/", "/\\evil.example", "http://evil.example/", "evil"):
            (task,) = {t.number for t in busy.work._queue if t.what.startswith("Reading")}
            assert busy.post("/waiting/go-on", task=str(task), back=back).headers["location"] == "/"
        here = "/race?distance=10k"
        assert busy.post("/waiting/stop", task=str(task), back=here).headers["location"] == here
        stopped = busy.ask("GET", "/race", query="distance=10k").text
        assert "You stopped this." in stopped
        assert f'name="task" value="{task}"' in stopped
        busy.post("/waiting/go-on", task=str(task), back=here)
        assert "Running your race" in busy.ask("GET", "/race", query="distance=10k").text
    finally:
        busy.work.close()


def test_a_run_shows_what_the_watch_measured_until_the_rest_is_worked_out(site):
    """Every run of the journal has a speed: its picture has a table, whose ends are the run's own."""
    row = journals.list_runs(site.journal)[0]
    page = Site(site.journal, work=NotYet()).ask("GET", f"/run/{row.run_id[:16]}").text
    figure = page.partition("How fast you ran</h2>")[2].partition("</figure>")[0]
    assert figure.count("<svg") == 2
    cells = re.findall(r'<th scope="row">([\d.]+)</th><td>([^<]*)</td>', figure)
    assert float(cells[-1][0]) == pytest.approx(row.distance_m / 1000, abs=0.06)
    assert all(re.fullmatch(r"\d+:\d\d a km", pace) for _, pace in cells)


def test_a_list_builds_the_rows_that_it_shows_and_no_others(site, monkeypatch):
    """Also right after an answer was given; of 24 runs, Home shows five. `benchmarks/web.py` has the milliseconds."""
    busy = Site(site.journal, work=NotYet())
    built, whole = [], runs.built
    monkeypatch.setattr(runs, "built", lambda values: built.append(values[0]) or whole(values))
    for path, most in (("/", home.SHOWN), ("/data", 2), ("/runs", 24), ("/race", 0), ("/bring", 0)):
        journals.log_event(site.journal, "skip", run=journals.list_runs(site.journal)[3].run_id)
        built.clear()
        assert busy.ask("GET", path).status == 200
        assert len(built) <= most, path


def test_the_bench_runs_what_is_set_and_without_the_engine_replays_the_nearest(site, monkeypatch):
    """With the extra a setting is run; without it a kept run is shown, says which it is, and how to get live ones."""
    from charley.api import laboratory
    from charley.faces.lab_page import bench
    from charley.vocabulary.errors import ProtocolError

    def missing(*_, **__):
        raise ProtocolError("protocol-engine", "running experiments needs Numba, which is not installed")

    monkeypatch.setattr(laboratory, "bench", missing)
    got = site.ask("GET", "/lab", query="angle=-25&hz=20&fatigue=20&stretch=yes")
    assert got.status == 200
    assert "A kept run: ankle −30°, 18 pulses a second for 3 s, stretched at 12 s" in got.text
    assert "install the extra" in got.text
    assert all(bench.kept(setting)[0] == setting for setting in bench.KEPT_SETTINGS)
    assert len(bench.KEPT_SETTINGS) == 16
    assert site.ask("GET", "/lab", query="angle=-99&hz=20&fatigue=20").status == 400


def verb(site, *words):
    done = CliRunner().invoke(cli, ["--journal", str(site.journal), *words, "--json"], catch_exceptions=False)
    return json.loads(done.output)


def same(one, other):
    """Equal but for when they were made."""
    for thing in (one, other):
        thing["meta"].pop("generated_at", None)
        thing["meta"].pop("seconds", None)
        thing.get("plan", {}).pop("made_at", None)
    assert one == other


def test_the_json_of_a_page_is_that_of_the_verb(site):
    run = journals.list_runs(site.journal)[0].run_id
    for path, words in (
        ("/runs.json", ("runs", "--all")),
        (f"/run/{run[:16]}.json", ("runs", "show", run)),
        ("/why.json", ("why",)),
        ("/home.json", ("data", "status")),
        ("/lab.json", ("lab", "list")),
    ):
        same(json.loads(site.ask("GET", path).body), verb(site, *words))
    same(json.loads(site.ask("GET", "/ask.json", query="q=does+salt+help").body), verb(site, "ask", "does salt help"))


def test_what_a_form_says_is_kept_as_the_verb_keeps_it(site):
    row = journals.list_runs(site.journal)[1]
    assert site.post(f"/run/{row.run_id[:16]}/tell", kind="cramp", at="50%", side="left").status == 303
    cramp = next(e for e in journals.get_report(site.journal, row.run_id).events if e.kind == "cramp")
    assert (cramp.side, cramp.source) == ("left", "tap")
    assert cramp.at_s == pytest.approx(row.elapsed_s / 2, abs=2)
    assert site.post(f"/run/{row.run_id[:16]}/undo", answer=str(cramp.id)).status == 303
    assert not [e for e in journals.get_report(site.journal, row.run_id).events if e.kind == "cramp"]


def test_a_likely_stop_is_offered_on_its_run_until_it_is_answered(tmp_path):
    """The demonstration run stands for 70 s at 33.4 km out of full stride."""
    (tmp_path / "run.fit").write_bytes(demo_fit())
    here = Site(tmp_path / "journal.sqlite")
    journals.import_files(here.journal, [tmp_path / "run.fit"])
    run = journals.list_runs(here.journal)[0].run_id
    assert 'href="/stops"' in Site(here.journal, work=NotYet()).ask("GET", "/").text
    page = here.ask("GET", "/stops").text
    assert page.count('<svg class="wide"') == page.count('name="stop_s"') == 1
    assert "33.4 km" in page
    same(json.loads(here.ask("GET", "/stops.json").body), verb(here, "log", "--suggested"))
    at_s = re.search(r'name="stop_s" value="(\d+)"', page)[1]
    answered = here.post(f"/run/{run[:16]}/tell", kind="cramp", stop_s=at_s, back="/stops")
    assert (answered.status, answered.headers["location"]) == (303, "/stops")
    assert journals.get_report(here.journal, run).cramps[0].at_s == float(at_s)
    assert "That’s all of them" in here.ask("GET", "/stops").text
    assert json.loads(here.ask("GET", "/stops.json").body)["suggested"] == []
    assert here.post(f"/run/{run[:16]}/tell", kind="none", back="//elsewhere").headers["location"].startswith("/run/")


def test_weeks_to_a_race_are_those_of_the_verb_and_go_on_from_what_is_logged(site):
    from datetime import date, timedelta

    day = (date.today() + timedelta(weeks=12)).isoformat()
    query = f"distance=half&date={day}&years=8months"
    words = ("plan", "--distance", "half", "--date", day, "--years", "8months")
    same(json.loads(site.ask("GET", "/plan.json", query=query).body), verb(site, *words))
    page = site.ask("GET", "/plan", query=query)
    assert page.status == 200
    assert page.text.count('class="wide"') == page.text.count("Show as table") == 1
    for claim in re.findall(r"/ask\?q=(K[0-9]+)", page.text):
        assert site.ask("GET", "/ask", query=f"q={claim}").text.count(claim)
    calendar = site.ask("GET", "/plan/plan.ics", query=query)
    assert calendar.body.startswith(b"BEGIN:VCALENDAR")
    assert site.post("/plan/raised", sets="3", reps="12", load="5kg", distance="half", date=day).status == 303
    assert journals.strength_sessions(site.journal)[-1].load_kg == 5.0
    for wrong in ({"sets": "three", "reps": "12"}, {"sets": "3", "reps": "999"}, {}):
        assert site.post("/plan/raised", **wrong).status == 400
    assert site.ask("GET", "/plan", query="distance=half&date=yesterday").status == 400


@pytest.mark.parametrize(("runs_to_tell", "telling"), [(24, "Pace and effort"), (None, None)])
def test_what_a_lifetime_of_runs_would_not_show_is_not_said_to_tell_most(runs_to_tell, telling):
    proposed = Proposed("pace", "Pace and effort", True, 0.02, 0.27, 0.28, runs_to_tell)
    known = trying.Trying((proposed,), UsageError("trial-unknown", "none yet"), (), None, runs=40)
    shown = trying.show(known, None)
    assert shown["telling"] == telling
    assert shown["rows"][0][2] == ("24" if telling else "more than 60")


def test_where_no_trial_was_begun_none_is_counted(site):
    """Counting it ended in a refusal, which is tried again when it is asked again: every second look worked anew."""
    busy = Site(site.journal, work=Work(workers=0))
    try:
        assert busy.ask("GET", "/try").status == 200
        assert [t.what for t in busy.work._queue] == ["Working out which run would tell most"]
    finally:
        busy.work.close()


def test_a_trial_is_looked_at_started_once_and_ended_as_the_verb_does_it(site, monkeypatch):
    monkeypatch.setattr(
        history, "propose_runs", lambda _, tell: ()
    )  # what the page shows below, and not looked at here
    assert site.ask("GET", "/try.json", query="change=salt").status == 400  # health is asked first
    assert "Before it is planned" in site.ask("GET", "/try", query="change=salt").text
    assert site.post("/try/health", change="salt").status == 400  # nothing was ticked
    same(json.loads(site.ask("GET", "/try.json", query="change=slower-start").body), verb(site, "try", "slower-start"))
    assert "Start this trial" in site.ask("GET", "/try", query="change=slower-start").text
    assert journals.latest_trial(site.journal) is None
    assert site.post("/try/start", change="slower-start").status == 303
    made = journals.latest_trial(site.journal)
    assert (made.change, made.ended_at) == ("slower-start", None)
    assert "End this trial" in site.ask("GET", "/try").text
    assert site.post("/try/start", change="shoes").status == 400  # one at a time
    assert site.post("/try/health", change="salt", has="kidney").status == 303
    assert "matter for whoever treats you" in site.ask("GET", "/try", query="change=salt").text
    assert site.post("/try/start", change="salt").status == 400
    assert site.post("/try/end").status == 303
    assert journals.latest_trial(site.journal).ended_at is not None
    assert site.post("/try/end").status == 400
    assert site.ask("GET", "/try", query="change=quinine").status == 400


@pytest.mark.parametrize(
    "fields", [{"kind": "maybe"}, {"kind": "cramp", "at": "33 parsecs"}, {}, {"kind": "cramp", "side": "up"}]
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_kept(site, fields):
    run, before = journals.list_runs(site.journal)[2].run_id[:16], journals.data_sha256(site.journal)
    got = site.post(f"/run/{run}/tell", **fields)
    assert got.status == 400
    assert "Nothing was changed" in got.text
    assert journals.data_sha256(site.journal) == before


def test_what_to_do_next_in_the_browser_is_for_errors_that_there_are_and_links_lead_to_pages(site):
    for code, (advice_, address, name) in next_steps.NEXT.items():
        assert code in registry()
        assert "charley " not in advice_
        assert bool(address) == bool(name)
        assert not address or address in [page.path for page in PAGES]
    got = site.ask("GET", "/plan", query="distance=half&date=2020-01-01")
    assert got.status == 400
    assert "Choose a day that is still to come." in got.text
    missing = site.ask("GET", "/run/0000000000000000")
    assert "There is no run" in missing.text
    assert str(site.journal) not in missing.text
    assert "--" not in re.sub(r"<[^>]*>", "", got.text)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("What to try next, one change at a time: charley try", "What to try next, one change at a time."),
        ("That would tell a lot. charley log baseline --cramps 1-2", "That would tell a lot."),
        ("Say what was done: charley log change. Both are shown.", "Say what was done. Both are shown."),
        ("Silence isn’t “no”. To record one: charley log none", "Silence isn’t “no”."),
        ("No single change stands out yet.", "No single change stands out yet."),
        ("Ask charley about it, then run.", "Ask charley about it, then run."),
    ],
)
def test_a_command_at_the_end_of_a_sentence_gives_way_to_a_link(said, shown):
    assert untyped(said) == shown


def test_each_maker_whose_archive_is_read_has_its_steps_in_pictures(empty):
    """The makers of the table in docs/reading.md; no words leave their frame, at twelve pixels."""
    table = (Path(__file__).parents[2] / "docs" / "reading.md").read_text(encoding="utf-8").partition("| from | how")[2]
    makers = re.findall(r"^\| ([A-Z][\w ]+?) \|", table.partition("\n\n")[0], flags=re.M)
    assert len(makers) >= 12
    page = empty.ask("GET", "/bring").text
    told = {vendor.name.split()[0]: vendor for vendor in vendors.VENDORS}
    for maker in makers:
        vendor = told[maker.split()[0]]
        assert len(vendor.steps) >= 3
        assert vendor.steps[-1].where == "here"
        assert f"<summary>{vendor.name}<span>" in page
    for vendor in vendors.VENDORS:
        for step in vendor.steps:
            boxes = ask_steps.draw("v", step.where, step.label).boxes
            assert " ".join(box.text for box in boxes) == step.label
            assert all(box.x0 >= 12 and box.x1 <= ask_steps.WIDTH - 12 for box in boxes), step


def test_what_others_wrote_is_as_they_wrote_it():
    """Each file has the hash that its row says, a licence beside it, and no row is without a file."""
    listed = tomllib.loads((STATIC / "VENDORED.toml").read_text(encoding="utf-8"))["file"]
    others = {f.name for f in STATIC.iterdir() if ".min." in f.name}
    assert {row["name"] for row in listed} == others
    for row in listed:
        assert sha256((STATIC / row["name"]).read_bytes()).hexdigest() == row["sha256"]
        assert (STATIC / row["licence_file"]).is_file()


def test_the_page_for_a_cramp_is_small_as_it_is_sent(site):
    """Without packing too: a phone at the roadside has to have it at once. All signs are on it."""
    got = site.ask("GET", "/cramp-now")
    assert len(got.body) <= 30_000
    assert all(escape(sign.text, quote=True) in got.text for sign in advice.cramp_card().signs)
    search = site.ask("GET", static.address("cramp_now.js"))
    assert got.text.count(static.address("cramp_now.js")) == search.text.count("dataset.words = ") == 1


def test_all_script_together_is_small():
    scripts = [static.content(name) for name in static.names() if name.endswith(".js")]
    assert sum(len(zlib.compress(s, 9)) for s in scripts) <= MOST_SCRIPT_BYTES


def test_styles_take_their_colours_from_the_tokens():
    for name in ("page.css", "pictures.css", "answer.css"):
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl", static.content(name).decode())


def test_a_sign_stands_alone_before_the_answer_and_its_words_stand_once(empty):
    """What is dangerous is the page; the answer to what was asked is folded away below it."""
    got = empty.ask("GET", "/ask", query="q=my+calf+is+swollen+and+hot+after+a+flight").text
    before, _, folded = got.partition("Deal with this first.")
    assert before.count("<h1") == got.count("<h1") == 1
    call = re.search(r"<h1[^>]*>([^<]+)\.</h1>", before)[1]
    assert before.count(call) == 1
    assert 'id="verdict"' in folded


def test_no_flag_of_the_command_line_stands_on_a_page(tmp_path):
    (tmp_path / "run.fit").write_bytes(demo_fit())
    here = Site(tmp_path / "journal.sqlite")
    journals.import_files(here.journal, [tmp_path / "run.fit"])
    run = journals.list_runs(here.journal)[0].run_id[:16]
    for path, query in ((f"/run/{run}", ""), ("/race", "distance=marathon&goal=3:30"), ("/runs", ""), ("/", "")):
        shown = re.sub(r"<[^>]*>", " ", here.ask("GET", path, query=query).text)
        assert not re.search(r"\s\(?--[a-z]{2}", shown), path
    assert "1 runs" not in shown


@pytest.mark.parametrize("path", ["/", "/why", "/run/last", "/try", "/data", "/profile", "/stops", "/same-stretch"])
def test_no_page_asks_for_a_command(site, path):
    """A link or a form stands for each; what only a command does is not promised by a page."""
    shown = re.sub(r"<[^>]*>", " ", site.ask("GET", path).text)
    assert not re.search(r"charley (?:why|log|try|race|runs|data|import|ask|plan)\b", shown)


def test_every_question_of_health_before_a_trial_is_in_words():
    """Those that any of the changes asks; a name of the code is no question."""
    asked = {name for change in trials.CHANGES.values() for name in change.refused_with}
    assert asked <= set(CONDITIONS)
    assert not any("_" in words for words in CONDITIONS.values())
