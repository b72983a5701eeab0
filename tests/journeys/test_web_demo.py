"""What `make demo` shows: the made-up runner's two years, answered in one screen, left as pages, and it returns."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from charley.activities import demo_career
from charley.api import demo, history, training
from charley.api import journal as journals
from charley.faces.cli.main import cli


def test_the_demo_answers_leaves_its_pages_names_the_app_and_returns(tmp_path, monkeypatch):
    worked_out = []
    monkeypatch.setattr(history.JournalCache, "keep_rows", lambda _, contents: worked_out.extend(contents))
    monkeypatch.setattr(history.JournalCache, "keep_states", lambda _, contents: worked_out.extend(contents))
    done = CliRunner().invoke(cli, ["demo", "--folder", str(tmp_path / "there")], catch_exceptions=False)
    assert done.exit_code == 0
    assert re.search(r"\b8 \w+ (?:cramps|runs) (?:in|of) 240", done.output)
    assert "charley serve --demo" in done.output
    assert len(done.output.splitlines()) <= 40
    for page in ("why.html", "run.html"):
        text = (tmp_path / "there" / page).read_text(encoding="utf-8")
        assert 'class="demo"' in text
    assert {p.name for p in (tmp_path / "there").iterdir()} == {"why.html", "run.html", "charley-demo-marathon.fit"}
    if worked_out:  # slower, and right all the same
        pytest.skip("what was learnt from the made-up runner is of an older version: python scripts/make_demo.py")


def test_the_made_up_runner_has_the_story_that_is_told_of_them(tmp_path):
    journal = tmp_path / "journal.sqlite"
    demo.fill(journal, learned=False)
    rows, status = journals.list_runs(journal), journals.journal_status(journal)
    assert (status.runs, status.demo_runs, status.cramps) == (240, 240, 8)
    assert status.weighings >= 8
    reports = journals.reports(journal)
    by_day = {row.started_at.date(): row for row in rows}
    for hard in demo_career.HARD_DAYS:
        row = by_day[hard.day]
        assert reports[row.run_id].state() == (hard.said or "not asked")
        assert abs(row.distance_m - hard.distance_m) <= 30
        if hard.cramp_m is not None:
            (event,) = reports[row.run_id].cramps
            run = journals.get_run(journal, row.run_id)
            at_s = int(event.at_s)
            assert abs(run.streams.distance_m[at_s] - hard.cramp_m) <= 25
            # the runner stood there: within ten seconds of the moment, for a minute
            assert run.streams.speed_m_s[at_s + 10 : at_s + 60].max() < 0.5
    cramped = [h.start for h in demo_career.HARD_DAYS if h.said == "cramp"]
    even = [h.start for h in demo_career.HARD_DAYS if h.said == "none"]
    assert (len(cramped), len(even)) == (8, 8)
    assert min(cramped) > max(even)
    plan = training.training_plan(journal, 42_195.0, date.today() + timedelta(weeks=16))
    assert plan.trained.longest_m > 20_000, "their years end on a day of the past, and they had trained until then"
