"""Stories of calf trouble, written by us from the sources of the rules, against the table of triage."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from charley import evidence
from charley.advice.ask import ask
from charley.advice.triage import URGENCIES, flags, rules, screen, triage
from charley.evidence import sources
from charley.vocabulary.evidence import GRADES

HERE = Path(__file__).parent
VIGNETTES: list[dict[str, Any]] = tomllib.loads((HERE / "advice_vignettes.toml").read_text(encoding="utf-8"))[
    "vignette"
]
BY_ID = pytest.mark.parametrize("vignette", VIGNETTES, ids=[v["id"] for v in VIGNETTES])


@BY_ID
def test_the_urgency_is_what_the_sources_of_the_rules_ask_for(vignette: dict[str, Any]) -> None:
    outcome = triage(vignette["flags"])
    assert outcome.urgency == vignette["urgency"]
    asked = vignette.get("source_urgency", vignette["urgency"])
    assert URGENCIES.index(outcome.urgency) >= URGENCIES.index(asked), "never below what the source asks for"


@BY_ID
def test_exactly_the_rules_it_is_written_for_fire(vignette: dict[str, Any]) -> None:
    fired = {rule.id for rule in triage(vignette["flags"]).rules}
    assert fired == set(vignette["rules"])
    assert not fired & set(vignette["near"])


def test_coverage_goes_both_ways() -> None:
    known = {rule.id for rule in rules()}
    named = {r for v in VIGNETTES for r in (*v["rules"], *v["near"])}
    assert named <= known, "a vignette names a rule that is not there"
    hits = Counter(r for v in VIGNETTES for r in v["rules"])
    near = Counter(r for v in VIGNETTES for r in v["near"])
    assert [r for r in sorted(known) if hits[r] < 2] == [], "rules with fewer than two vignettes"
    assert [r for r in sorted(known) if near[r] < 1] == [], "rules without a near miss"
    used = {f for v in VIGNETTES for f in v["flags"]}
    assert sorted(set(flags()) - used) == [], "signs that no vignette shows"
    assert sorted(used - set(flags())) == []
    assert len(VIGNETTES) >= 120
    assert len({v["story"] for v in VIGNETTES}) == len(VIGNETTES)


def test_a_story_in_plain_words_reaches_the_same_help_through_a_question() -> None:
    """The list of danger words was made with these stories at hand: a guard against loss, no measure of skill."""
    missed, raised = [], []
    for vignette in VIGNETTES:
        danger = ask(vignette["story"]).danger
        heard = "self_care" if danger is None else danger.urgency
        if URGENCIES.index(vignette["urgency"]) >= 2 and URGENCIES.index(heard) < URGENCIES.index(vignette["urgency"]):
            missed.append(vignette["id"])
        if URGENCIES.index(vignette["urgency"]) < 2 <= URGENCIES.index(heard):
            raised.append(vignette["id"])
    assert missed == []
    assert len(raised) <= 4, raised  # "no bruise" is heard as a bruise: told too often rather than not at all


def test_every_rule_and_flag_says_where_it_comes_from() -> None:
    for rule in rules():
        assert rule.source_ids, rule.id
        assert set(rule.source_ids) <= set(sources()), rule.id
        assert rule.where, rule.id
        assert rule.grade in GRADES, rule.id
        assert rule.urgency in URGENCIES, rule.id
        assert rule.do, rule.id
        assert rule.why, rule.id
        assert rule.changes, rule.id
        assert {f for group in rule.needs for f in group} <= set(flags()), rule.id
    spellings = [name for flag in flags().values() for name in (flag.id, *flag.also)]
    assert len(spellings) == len(set(spellings)), "one spelling for two signs"


def test_the_first_screen_holds_every_sign_that_is_an_emergency_or_urgent_by_itself() -> None:
    on_screen = {flag for row in screen() for flag in row.flags}
    grave = {flag for flag in flags() if URGENCIES.index(triage((flag,)).urgency) >= 2}
    # asked when it is seen later, or known beforehand, and not in the first ten seconds
    later = {"saddle_numbness", "not_easing", "sickle_trait", "self_harm"}
    assert grave - on_screen == later
    assert {f for f in on_screen if triage((f,)).urgency == "self_care"} == set()


def test_the_evidence_names_no_danger_that_triage_does_not_know() -> None:
    """Every row of the safety table of the evidence is met by a rule of at least its urgency (F01 to F14)."""
    met = {
        "F01": ("heat-stroke", "emergency"),
        "F02": ("water-poisoning", "emergency"),
        "F03": ("muscle-breakdown", "urgent"),
        "F04": ("compartment-acute", "emergency"),
        "F05": ("compartment-exertional", "see_someone"),
        "F06": ("clot", "urgent"),
        "F07": ("tear", "urgent"),
        "F08": ("strain", "see_someone"),
        "F09": ("medicine", "see_someone"),
        "F10": ("narrow-artery", "see_someone"),
        "F11": ("night", "see_someone"),
        "F12": ("nerve-or-salt-disease", "see_someone"),
        "F13": ("whole-body-cramp", "urgent"),
        "F14": ("chest", "emergency"),
    }
    by_id = {rule.id: rule for rule in rules()}
    rows = {row["id"]: row for row in evidence.table("safety")}
    assert set(rows) == set(met)
    for row_id, (rule_id, urgency) in met.items():
        assert by_id[rule_id].urgency == urgency, row_id


def lower_bound(found: int, all_of_them: int) -> float:
    """Exact lower limit of the two-sided 95 % interval when all were found: 0.025^(1/n) (Clopper and Pearson 1934)."""
    assert found == all_of_them
    return float(0.025 ** (1 / all_of_them))


def test_the_page_on_safety_states_the_counts_as_they_are() -> None:
    page = (HERE.parents[1] / "docs" / "safety.md").read_text(encoding="utf-8")
    by_urgency = Counter(v["urgency"] for v in VIGNETTES)
    emergencies = [v for v in VIGNETTES if v["urgency"] == "emergency"]
    found = sum(triage(v["flags"]).urgency == "emergency" for v in emergencies)
    over = sum("source_urgency" in v for v in VIGNETTES)
    stated = {
        "vignettes": len(VIGNETTES),
        "rules": len(rules()),
        "signs": len(flags()),
        **{f"vignettes_{urgency}": by_urgency[urgency] for urgency in URGENCIES},
        "emergencies_found": found,
        "lower_bound": round(100 * lower_bound(found, len(emergencies))),
        "over_triage": over,
        "over_triage_in_100": round(100 * over / len(VIGNETTES)),
    }
    on_page = {key: int(value) for key, value in re.findall(r"^\| `(\w+)` \| (\d+) \|", page, re.MULTILINE)}
    assert on_page == stated
    assert "no clinician has checked" in page.lower()
