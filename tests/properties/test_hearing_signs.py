"""What must always hold of signs that are heard, for every phrase of every sign."""

from __future__ import annotations

import itertools
import random

import pytest

from charley.advice.ask import ask
from charley.advice.emergency import emergency_numbers, in_language
from charley.advice.hearing import find, hear
from charley.advice.hearing.compile import LANGUAGES
from charley.advice.tables import load
from charley.advice.triage import URGENCIES, flags, triage

SIGNS = load("hearing/signs")["sign"]
HEARD = {sign: [phrase for phrase in row.get("say", ()) if sign in hear(phrase).signs] for sign, row in SIGNS.items()}
EVERY = [(sign, phrase) for sign, phrases in HEARD.items() for phrase in phrases if "<" not in phrase]
SOME = random.Random(7).sample(EVERY, 300)  # of about 1600; the others differ in words alone


def rank(signs) -> int:
    return URGENCIES.index(triage(signs).urgency)


def test_nearly_every_phrase_is_heard_as_its_sign_by_itself():
    """A phrase may be general when it stands alone, or be held back by a figure of speech of its sign."""
    lost = {
        sign: [p for p in row.get("say", ()) if p not in HEARD[sign] and "<" not in p] for sign, row in SIGNS.items()
    }
    assert sum(map(len, lost.values())) <= 8, lost
    assert all(HEARD.values()), [sign for sign, phrases in HEARD.items() if not phrases]


def test_one_more_sign_never_lowers_the_urgency_for_any_pair():
    alone = {flag: rank((flag,)) for flag in flags()}
    for one, other in itertools.permutations(flags(), 2):
        assert rank((one, other)) >= max(alone[one], alone[other]), (one, other)
        assert triage((one, other)).urgency == triage((other, one)).urgency


@pytest.mark.parametrize("before", ["my friend: ", "well, you know, basically ", "help please! "])
def test_a_friend_filler_words_and_capitals_keep_the_sign(before):
    lost = [(sign, p) for sign, p in SOME if sign not in hear(f"{before}{p}").signs]
    assert lost == []
    assert [(sign, p) for sign, p in SOME if sign not in hear(p.upper()).signs] == []


def test_more_text_never_removes_a_sign():
    after = ". I ran a half marathon on Sunday and my calf cramped at 15 km. Does magnesium help?"
    lost = [(sign, p) for sign, p in SOME if sign not in hear(p + after).signs]
    assert lost == []
    lost = [(sign, p) for sign, p in SOME if sign not in hear(after[2:] + " " + p).signs]
    assert lost == []


def test_a_denial_never_raises_the_urgency():
    raised = []
    for sign, phrase in SOME:
        denied = hear(f"there is no {phrase}").signs
        if rank(denied) > rank(hear(phrase).signs):
            raised.append((sign, phrase, denied))
    assert raised == []


def test_no_before_a_plain_name_of_a_sign_takes_it_away():
    plain = [
        "chest pain", "fever", "swelling", "bruise", "vomiting", "palpitations", "seizure",
        "confusion", "rash all over my face", "dark urine", "tingling", "blood in my stool", "concussion", "chills",
    ]  # fmt: skip
    for name in plain:
        assert hear(f"I have {name}").signs, name
        assert hear(f"I have no {name}, only a calf cramp").signs == (), name
        assert hear(f"no {name} at all, it only cramped").signs == (), name


def test_what_comes_after_but_is_heard_whatever_was_denied_before():
    """One may be asked about instead: "until I knew what day it was" is told of harmless things too."""
    heard = [(sign, p, hear(f"no fever and no bruise but {p}")) for sign, p in SOME]
    unnamed = [(sign, p, of.screen) for sign, p, of in heard if sign not in of.signs]
    assert len(unnamed) <= 1, unnamed
    assert all(asked for _, _, asked in unnamed), unnamed


def test_one_slip_keeps_most_signs():
    """A letter left out in the longest word; short words and words that turn into others may be lost."""
    kept = total = 0
    for sign, phrase in SOME:
        longest = max(phrase.split(), key=len)
        if len(longest) < 6:
            continue
        total += 1
        kept += sign in hear(phrase.replace(longest, longest[:3] + longest[4:])).signs
    assert total > 150
    assert kept / total >= 0.8, (kept, total)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("my chest is tight", "it is so tight in my chest"),
        ("there was blood when I coughed", "I coughed and there was blood"),
        ("her face is drooping", "drooping on one side, her face"),
        ("my urine is brown", "brown urine"),
        ("the left calf is swollen", "swollen, the left calf"),
    ],
)
def test_both_orders_of_words_agree(one, other):
    assert set(hear(one).signs) & set(hear(other).signs)


@pytest.mark.parametrize(
    "text",
    [
        "hit the wall at 32 km",
        "lost my head at the start and went off too fast",
        "killer hills and killer heat",
        "can dehydration make you faint?",
        "what are the signs of heat stroke?",
        "no tingling, it only cramped",
        "nothing snapped",
        "last year I fainted at a race, fine since",
        "my chest strap keeps slipping",
        "I was out of breath on the hill like always",
    ],
)
def test_figures_of_speech_general_questions_and_denials_raise_no_alarm(text):
    assert rank(hear(text).signs) < 2


def test_a_denied_sign_is_said_and_the_question_is_answered():
    asked = ask("no tingling, it only cramped. does magnesium help?")
    assert asked.denied == ("tingling",)
    assert asked.danger is None
    assert asked.answers[0].claim_id == "K57"


@pytest.mark.parametrize("text", ["she is in a bad way", "he looks awful, what do I do", "I feel so ill after the run"])
def test_somebody_who_may_be_ill_leads_to_the_screen_questions(text):
    assert hear(text).screen
    assert len(ask(text).screen) == 6


@pytest.mark.parametrize(
    "text", ["how do I stop a cramp in the front of my shin", "shin cramp now help", "my shins cramp"]
)
def test_a_cramp_in_front_of_the_shin_never_gets_the_stretch_that_shortens_it(text):
    asked = ask(text)
    assert find(text).muscle == "shin"
    said = [lead.text for lead in asked.leads] + [answer.told for answer in asked.answers]
    assert not [t for t in said if "toes to" in t or "toes towards" in t or "Straighten the knee" in t]
    assert "K76" in [answer.claim_id for answer in asked.answers]


EMERGENCIES = [
    "chest_pain", "breathless", "fainted", "confused", "seizure", "very_hot", "vomiting", "stroke", "arm_jaw",
    "allergy", "gut_bleed", "worst_headache", "too_cold", "self_harm", "sinking", "legs_give_way", "cold_pale_foot",
    "tense_rising_pain", "saddle_numbness",
]  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_emergency_sign_is_heard_in_every_language_and_answered_with_its_numbers(code):
    table = load(f"hearing/languages/{code}")
    assert set(EMERGENCIES) <= set(table["sign"])
    assert {sign for sign in flags() if rank((sign,)) == 3} == set(EMERGENCIES)
    said = in_language(code)
    assert said.numbers
    assert all((said.call, said.stay, said.unchecked, said.only_english))


@pytest.mark.parametrize(
    ("text", "code", "sign", "country", "number"),
    [
        ("Mir ist schwindlig und die Brust drückt", "de", "chest_pain", "Österreich", "144 / 112"),
        ("mal à la poitrine depuis la course", "fr", "chest_pain", "France", "15 / 112"),
        ("dolor en el pecho", "es", "chest_pain", "España", "112"),
        ("dor no peito", "pt", "chest_pain", "Brasil", "192"),
        ("ho un forte dolore al petto e il crampo", "it", "chest_pain", "Italia", "112 / 118"),
        ("ik heb pijn op de borst", "nl", "chest_pain", "Nederland", "112"),
        ("mam ból w klatce po biegu", "pl", "chest_pain", "Polska", "112 / 999"),
        ("走った後に胸が痛いです", "ja", "chest_pain", "日本", "119"),
        ("боль в груди после бега", "ru", "chest_pain", "Россия", "103 / 112"),
        ("跑完步胸口很痛", "zh", "chest_pain", "台灣", "119"),
    ],
)
def test_danger_in_another_language_is_answered_in_it(text, code, sign, country, number):
    asked = ask(text)
    assert sign in asked.heard.signs
    assert asked.other_language is not None
    assert asked.other_language.code == code
    assert (country, number) in asked.other_language.numbers


@pytest.mark.parametrize(
    "text",
    [
        "ich habe keine Schmerzen in der Brust, nur einen Krampf in der Wade",
        "no tengo dolor en el pecho, solo un calambre",
        "je n'ai pas mal à la poitrine, seulement une crampe au mollet",
        "胸は痛くないです。ふくらはぎがつっただけです",
        "没有胸痛，只是小腿抽筋",
    ],
)
def test_a_denial_in_another_language_raises_no_alarm(text):
    assert rank(hear(text).signs) < 2


def test_a_country_narrows_the_numbers():
    assert ask("chest pain", country="gb").call == "Call 999 or 112 now (United Kingdom)."
    assert [name for name, _ in ask("dor no peito", country="BR").other_language.numbers] == ["Brasil"]
    assert {row.seen for row in emergency_numbers().values()} == {"secondary", "recalled"}


def test_a_second_sign_in_the_text_never_lowers_what_is_heard_in_either_order():
    """One phrase of each sign beside one of each other: both orders are at least as urgent as either by itself."""
    one_each = {sign: min(phrases, key=len) for sign, phrases in HEARD.items()}
    alone = {sign: rank(hear(f"{phrase}.").signs) for sign, phrase in one_each.items()}
    lower = []
    for one, other in itertools.permutations(one_each, 2):
        together = rank(hear(f"{one_each[one]}. {one_each[other]}.").signs)
        if together < max(alone[one], alone[other]):
            lower.append((one, other))
    assert lower == []


def test_a_denied_sign_beside_another_never_raises_the_urgency():
    plain = ["fever", "swelling", "chest pain", "tingling", "headache", "rash", "bruise", "numbness"]
    raised = []
    for sign, phrase in SOME[:100]:
        for name in plain:
            said = hear(f"{phrase}. There is no {name}.").signs
            if rank(said) > rank(hear(f"{phrase}.").signs):
                raised.append((sign, phrase, name, said))
    assert raised == []


def test_hardly_any_way_to_ask_a_question_sounds_like_danger():
    """The phrases of the claims as harmless texts; a few do speak of danger ("was I silly to think of clots")."""
    asked = [
        phrase for target, row in load("hearing/phrases").items() if target != "outside" for phrase in row["phrases"]
    ]
    assert len(asked) > 3000
    heard = [(phrase, hear(phrase)) for phrase in asked[::4]]
    assert len([phrase for phrase, of in heard if rank(of.signs) >= 2]) <= 0.01 * len(heard)
    assert len([phrase for phrase, of in heard if of.screen]) <= 0.07 * len(heard)


@pytest.mark.parametrize("name", ["breathing", "chest", "heart", "foot", "urine", "head", "speech"])
@pytest.mark.parametrize("said", ["is fine", "was perfectly normal", "feels ok", "looked all right, good"])
def test_what_is_said_to_be_in_order_raises_no_alarm(name, said):
    heard = hear(f"my {name} {said}, only the calf cramped")
    assert rank(heard.signs) < 2
    assert not heard.screen


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("the cramp has not let go for twenty five minutes", "not_easing"),
        ("we did a marathon and I am three kilos heavier", "bloated"),
        ("his temperature is forty", "very_hot"),
    ],
)
def test_numbers_in_words_are_heard(text, sign):
    assert sign in hear(text).signs


@pytest.mark.parametrize(
    "text",
    ["a funny thing in my lungs since the flight", "his tongue looks odd", "she has a glazed look", "I feel giddy"],
)
def test_words_hardly_used_of_a_cramp_lead_to_the_screen_questions(text):
    heard = hear(text)
    assert heard.screen or rank(heard.signs) >= 2


def test_a_figure_that_is_no_number_is_read_over():
    """A digit in a circle counts as a digit and not as a number; met by the fuzzer."""
    assert hear("60%. чZᑰᖈV\\ ੴrpsʢ4ாᯬ@ៅ⓷⏘").signs == ()
