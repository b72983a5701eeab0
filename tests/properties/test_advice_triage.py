"""What must hold for any set of warning signs, and for any text that is asked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charley.advice.ask import ask
from charley.advice.cramp_card import cramp_card
from charley.advice.help_me import help_me
from charley.advice.relief import hold_timer, muscles, places, relief
from charley.advice.return_to_run import return_to_run
from charley.advice.triage import NOT_SCREENED, URGENCIES, flags, read_flags, screen, triage
from charley.evidence import sources
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import MUSCLES as LOGGED

STEADY = settings(deadline=None)  # the first call reads the tables, on a machine that others use too
FLAGS = st.frozensets(st.sampled_from(sorted(flags())), max_size=8)
MUSCLES = st.sampled_from(sorted(muscles()))
PLACES = st.sampled_from(sorted(places()))
STRETCH = re.compile(r"pull the toes|straighten the knee|heel to the buttock|hold until|hold for 30", re.IGNORECASE)
NEVER = re.compile(
    r"ibuprofen|nsaid|aspirin|paracetamol|quinine|tonic|magnesium tablet|\bmg\b|stop (taking )?your (statin|medicine)"
    r"|\bwells\b|you are (fine|ok|well)|nothing to worry",
    re.IGNORECASE,
)


@STEADY
@given(FLAGS, st.sampled_from(sorted(flags())))
def test_one_more_sign_never_lowers_the_urgency_nor_lifts_a_prohibition(present: frozenset[str], more: str) -> None:
    before, after = triage(present), triage(present | {more})
    assert URGENCIES.index(after.urgency) >= URGENCIES.index(before.urgency)
    assert after.forbids >= before.forbids
    assert {r.id for r in after.rules} >= {r.id for r in before.rules}


@STEADY
@given(FLAGS)
def test_the_order_in_which_signs_are_named_does_not_matter(present: frozenset[str]) -> None:
    one, other = triage(sorted(present)), triage(sorted(present, reverse=True))
    assert (one.urgency, [r.id for r in one.rules]) == (other.urgency, [r.id for r in other.rules])


@STEADY
@given(FLAGS, MUSCLES, PLACES)
def test_nothing_that_is_forbidden_is_offered(present: frozenset[str], muscle: str, place: str) -> None:
    answer = help_me(present, muscle, place)
    forbidden = triage(present).forbids
    assert not [step for step in answer.steps if step.uses in forbidden]
    if "stretch" in forbidden:
        assert not [step for step in answer.steps if STRETCH.search(step.text)]
    if answer.urgency in ("urgent", "emergency"):
        assert not [step for step in answer.steps if step.uses in ("stretch", "massage", "jog", "heat", "pickle")]
    assert answer.steps
    assert answer.changes, "each outcome says what would change it"


@STEADY
@given(st.none() | FLAGS, MUSCLES, PLACES)
def test_nothing_is_ever_promised_or_prescribed(present: frozenset[str] | None, muscle: str, place: str) -> None:
    answer = help_me(present, muscle, place)
    said = [
        answer.headline,
        *answer.do_not,
        *answer.tell,
        *answer.why,
        *answer.changes,
        *(s.text for s in answer.steps),
    ]
    assert not [text for text in said if NEVER.search(text)]


@STEADY
@given(MUSCLES, PLACES)
def test_without_answers_it_is_never_self_care_and_the_screen_comes_before_any_stretch(muscle: str, place: str) -> None:
    answer = help_me(None, muscle, place)
    assert answer.urgency == NOT_SCREENED
    assert answer.flags is None
    uses = [step.uses for step in answer.steps]
    assert uses.index("screen") < uses.index("stretch")
    assert uses.index("stop") == 0, "float, get off the road or stop before anything else"


def test_asked_and_none_present_is_self_care_that_says_what_it_is_not() -> None:
    answer = help_me(())
    assert answer.urgency == "self_care"
    assert "rules nothing out" in answer.headline
    order = [step.id for step in answer.steps]
    assert order == [
        "first",
        "lengthen",
        "hold",
        "massage",
        "pickle",
        "walk",
        "jog",
        "slower",
        "comfort",
        "drink",
        "log",
        "early",
    ]


@pytest.mark.parametrize("sign", ["pop", "gap", "bruise", "swelling"])
def test_a_pop_a_gap_a_bruise_or_swelling_forbid_what_would_tear_further(sign: str) -> None:
    answer = help_me((sign,))
    said = " ".join(answer.do_not)
    for word in ("stretching", "rubbing", "sleeve", "heat", "jogging"):
        assert word in said, word


@pytest.mark.parametrize("sign", ["confused", "vomiting", "seizure", "very_hot"])
def test_a_sick_brain_gets_nothing_by_mouth(sign: str) -> None:
    answer = help_me((sign,))
    assert answer.urgency == "emergency"
    assert answer.do_not[0].startswith("Nothing by mouth")


def test_weak_legs_early_in_a_hard_effort_are_an_emergency_and_name_the_trait() -> None:
    answer = help_me(("legs_give_way",))
    assert answer.urgency == "emergency"
    assert any("sickle cell trait" in step.text for step in answer.steps)


@pytest.mark.parametrize(("place", "first"), [("water", "Float"), ("road", "Get off the road"), ("bed", "Breathe")])
@pytest.mark.parametrize("present", [None, (), ("pop",)])
def test_the_place_comes_first(place: str, first: str, present: tuple[str, ...] | None) -> None:
    answer = help_me(present, place=place)
    if place != "bed" or not present:
        assert answer.steps[0].text.startswith(first)


def test_under_18_gets_triage_and_no_more() -> None:
    answer = help_me(("under_18",))
    assert {step.uses for step in answer.steps} == {"care"}


def test_diabetes_means_no_heat_and_no_ice_and_confusion_may_be_low_sugar() -> None:
    assert {"No heat.", "No ice."} <= set(help_me(("diabetes",)).do_not)
    assert not [step for step in help_me(("diabetes",)).steps if step.id == "comfort"]
    assert any("diabetes" in step.text.lower() for step in help_me(("diabetes", "confused")).steps)


def test_salt_is_not_offered_to_those_whom_it_may_harm() -> None:
    assert not [step for step in help_me(("heart_kidney",)).steps if step.id == "pickle"]


@pytest.mark.parametrize("text", ["none", "None", " none "])
def test_none_means_asked_and_absent(text: str) -> None:
    assert read_flags(text) == ()


def test_flags_are_read_in_many_spellings() -> None:
    assert read_flags("Chest-Pain, swollen , dent") == ("chest_pain", "swelling", "gap")
    assert read_flags("pop,pop,snap") == ("pop",)


@pytest.mark.parametrize(("text", "code"), [("", "flags-empty"), (",,", "flags-empty"), ("none,pop", "flags-none")])
def test_a_list_that_cannot_be_is_refused(text: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_flags(text)
    assert refused.value.code == code


@STEADY
@given(st.text(min_size=1, max_size=200))
def test_any_word_is_either_a_sign_or_refused_in_one_line(text: str) -> None:
    found, refusal = (), ""
    try:
        found = read_flags(text)
    except UsageError as refused:
        refusal = str(refused)
    assert set(found) <= set(flags())
    assert len(refusal.splitlines()) <= 1
    assert len(refusal) < 3000


def test_words_in_which_no_sign_is_heard_are_refused_in_one_short_line() -> None:
    with pytest.raises(UsageError) as refused:
        read_flags("headcold")
    assert "headcold" in str(refused.value)
    assert len(str(refused.value)) < 160


def test_signs_are_taken_in_plain_words_too() -> None:
    assert read_flags("my chest hurts") == ("chest_pain",)
    assert set(read_flags("pop, and my foot is numb")) == {"pop", "numb_or_weak_foot"}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gets_an_answer_or_is_refused(text: str) -> None:
    if not any(letter.isalpha() for letter in text.lower()):
        with pytest.raises(UsageError, match="ask-empty"):
            ask(text)
        return
    asked = ask(text)
    assert (asked.status == "ok") == bool(asked.answers)


@STEADY
@given(
    st.sampled_from(["chest pain", "pain in my chest", "CHEST  PAIN!!", "I can't breathe", "he is confused"]),
    st.text(max_size=60),
)
def test_words_of_danger_are_heard_in_any_company(danger: str, rest: str) -> None:
    asked = ask(f"{rest} . {danger} . {rest}")
    assert asked.danger is not None
    assert asked.danger.urgency == "emergency"


@STEADY
@given(st.integers(1, 40))
def test_the_timer_counts_whole_rounds_and_gives_up_after_ten_minutes(rounds: int) -> None:
    waited: list[int] = []
    asked = iter(range(1, 1000))
    counted = list(hold_timer(lambda: next(asked) >= rounds, waited.append))
    seconds = next(step.seconds for step in relief() if step.id == "hold")
    assert seconds is not None
    assert counted[:3] == [seconds, seconds - 1, seconds - 2]
    assert len(counted) == sum(waited) == min(rounds * seconds, 600)


def test_every_step_and_stage_has_its_source() -> None:
    steps = [step for muscle in muscles() for place in places() for step in relief(muscle, place)]
    rows = [*(s for s in steps if s.why), *return_to_run("cramp"), *return_to_run("strain")]
    for row in rows:
        assert row.source_ids, row.id
        assert set(row.source_ids) <= set(sources()), row.id
    assert {"pickle"} == {s.id for s in steps if "georgieva-2021" in s.source_ids}, "pickle juice shows both trials"


def test_the_line_for_the_log_is_one_that_the_log_takes() -> None:
    for muscle in muscles().values():
        assert muscle.logged_as in LOGGED
    assert "--after night" in relief(place="bed")[-1].text
    assert "--at 33km" in next(step.text for step in relief() if step.id == "log")


def test_the_way_back_says_when_to_stop() -> None:
    for after in ("cramp", "strain"):
        assert return_to_run(after)[-1].id == "stop"
    with pytest.raises(UsageError):
        return_to_run("holiday")


def test_each_line_of_the_screen_leads_to_an_instruction_that_holds_its_prohibitions() -> None:
    words = {
        "stretch": "stretching",
        "massage": "rubbing",
        "compression": "sleeve",
        "heat": "heat",
        "jog": "jog",
        "mouth": "mouth",
    }
    by_row = {row.id: row for row in screen()}
    for stop in cramp_card().screens:
        said = f"{stop.headline} {' '.join(stop.lines)}".lower()
        shared = frozenset.intersection(*(triage((flag,)).forbids for flag in by_row[stop.id].flags))
        if stop.id == "water":
            continue  # there the water comes first; what follows is on the next screen
        for token in shared - {"ice"}:
            assert words[token] in said, (stop.id, token)
        if stop.urgency == "emergency":
            assert "emergency number" in said, stop.id
        assert re.search(r"today|now", said), stop.id
