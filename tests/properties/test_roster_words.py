"""A squad's sentences for any runners: signs first, one verdict, every step a question, nothing that draws on a page.

Oracle: the order of the page, the counts that went in, the steps that a journal can take.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from charley.faces.report.roster import json, page, text, words
from charley.faces.report.wording import asked
from charley.vocabulary.answer import WouldTell
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.roster import LastCramp, OneRunner, Roster, RosterRow, Shared, SharedFactor

STEPS = [k for k in (*asked._STEPS, asked.LESS) if asked.in_a_journal([WouldTell(k, 1.0, "Pace")])]
SHARES = st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5).map(sorted)
COUNTS = st.integers(0, 400)
WHEN = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@st.composite
def found(draw) -> OneRunner:
    low, low50, mean, high50, high = draw(SHARES)
    distance_m = draw(st.floats(500.0, 300_000.0))
    at_m = draw(st.none() | st.floats(0.0, distance_m))
    last = LastCramp(draw(WHEN), at_m, 0.0 if at_m is None else at_m, at_m or distance_m, distance_m)
    keys = draw(st.lists(st.sampled_from(STEPS), unique=True))
    return OneRunner(
        n_runs=draw(st.integers(1, 4000)), n_cramps=draw(COUNTS), n_answered=draw(COUNTS),
        verdict=draw(st.sampled_from(["cannot_tell", "named", "most_likely"])), ranked=draw(st.booleans()),
        together=draw(st.booleans()), leading=tuple(draw(st.lists(st.sampled_from(["Pace", "Heat"]), unique=True))),
        chance=Estimate(mean, low, high, low50, high50), distance_m=distance_m,
        last_cramp=draw(st.none() | st.just(last)),
        would_tell=tuple(WouldTell(k, draw(st.floats(0.0, 2.0)), "Pace") for k in keys),
        silent=draw(COUNTS), latest_silent=draw(st.none() | WHEN), after_runs=draw(COUNTS), early=draw(COUNTS),
        demo=draw(st.booleans()),
    )  # fmt: skip


CHANCES = st.none() | SHARES.map(lambda s: Estimate(s[2], s[0], s[4], s[1], s[3]))
ROWS = st.builds(RosterRow, st.text(min_size=1, max_size=40), found(), st.just(""), st.just(""), CHANCES) | st.builds(
    RosterRow, st.text(min_size=1, max_size=40), st.none(), st.just("journal-no-runs"), st.just("the journal is empty")
)
FACTORS = st.lists(st.builds(SharedFactor, st.just("Heat"), st.floats(-3.0, 3.0)), max_size=5).map(tuple)
SHARED = st.none() | st.builds(Shared, st.integers(10, 900), COUNTS, st.floats(1.0, 2.0), st.booleans(), FACTORS)
SQUADS = st.builds(
    Roster, st.lists(ROWS, min_size=1, max_size=5).map(tuple), st.just(0), st.just("processes"), st.just(2), SHARED
)


@settings(max_examples=60)
@given(SQUADS, st.sampled_from(["metric", "imperial"]))
def test_any_squad_reads_signs_then_verdict_then_each_runner(squad: Roster, units: str) -> None:
    html, said = page.render(squad, units), text.render(squad, units)
    body = unescape(html[html.index("<main>") :])
    assert body.index("get medical care now") < body.index(words.title(squad)) < body.index(words.lede(squad))
    for flag in words.flags(squad):
        assert body.index(flag) < body.index(words.title(squad))
    assert html.count("<h2") == sum(r.found is not None for r in squad.rows) + any(not r.found for r in squad.rows) + (
        squad.shared is not None
    )
    if squad.shared is not None and not squad.shared.settled:
        assert "It is not used." in body
        assert "matter" not in " ".join(words.shared(squad))
    assert said.startswith("First, for every runner:")
    assert max(len(line) for line in said.splitlines()) <= 80 or any(len(r.name) > 20 for r in squad.rows)
    assert all(r["name"] == row.name for r, row in zip(json.render(squad)["runners"], squad.rows, strict=True))
    assert "nan" not in said.lower() or any("nan" in r.name.lower() for r in squad.rows)


@given(SQUADS)
def test_the_verdict_counts_the_logs_that_point_to_a_cause(squad: Roster) -> None:
    answered = [r.found for r in squad.rows if r.found]
    named = sum(bool(f.leading) for f in answered)
    said = words.title(squad)
    if 0 < named < len(answered):
        assert said.startswith(f"{named} of {len(answered)} logs")
    else:
        assert ("points to" in said) == (bool(answered) and named == len(answered))


def test_every_step_of_a_journal_is_a_question_with_a_command() -> None:
    for key in STEPS:
        step = WouldTell(key, 1.0, "Pace")
        assert words.question(step)[0].isupper()
        assert asked.log_command(step)
