"""The numbers of the evidence tables are those of the reference tables they were taken from.

Expected values: `science/evidence.toml` of the reference data (the reviewed extraction from the papers), and the
arithmetic that the papers' own numbers allow, which needs no reference data.
"""

from __future__ import annotations

import math
import tomllib

import pytest

from charley.evidence import claims, contradictions, experiments, incidence, priors, risk_factors, safety
from charley.evidence.studies import baseline_two_class, interventions, kept_aside

# The experiments that the reference names for calibration (evidence.md, part g); all others stay checks.
CALIBRATION = {"E01", "E02", "E03", "E06", "E08", "E10", "E14", "E15", "E18", "E19", "E22", "E23", "E25", "E27", "E33"}


@pytest.fixture(scope="module")
def reference(shared_data):
    """The reference tables."""
    path = shared_data / "science" / "evidence.toml"
    if not path.is_file():
        pytest.skip("the reference tables are not in the shared folder")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def rows(reference, name):
    return {row["id"]: row for row in reference[name]}


# Priors that the reference table sets by what is kept aside for testing: no larger an effect here, and no surer one.
SET_ANEW = {"P21", "P33", "P36", "P43"}


def test_priors(reference):
    ours = {p.id: p for p in priors().values()}
    theirs = rows(reference, "priors")
    assert set(theirs) == {i for i in ours if i.startswith("P")}
    for i, row in theirs.items():
        p = ours[i]
        assert p.key == row["name"], i
        if i in SET_ANEW:
            assert abs(p.mean) <= abs(row["mean"]), i
            assert abs(p.mean) < p.sd, i
            assert p.sd >= row["sd"], i
            assert p.grade >= row["grade"], i
        else:
            assert (p.mean, p.sd, p.grade) == (row["mean"], row["sd"], row["grade"]), i
        assert row["role"].startswith(p.role) or p.role == "alternative", i


def test_the_two_priors_without_a_source_are_centred_on_nothing():
    # hazard.md, table of factors: N(0, 0.3), grade D, no sourced prior exists
    for key in ("surge", "slow_calf_fatigue"):
        p = priors()[key]
        assert (p.mean, p.sd, p.grade, p.source_ids, p.sign) == (0.0, 0.3, "D", ("assumption",), "signed")


def test_experiments(reference):
    theirs = rows(reference, "experiments")
    assert set(theirs) == set(experiments())
    for i, row in theirs.items():
        ours = experiments()[i]
        assert (ours.n, ours.grade, ours.calibration) == (row.get("n"), row["grade"], i in CALIBRATION), i
        assert len(ours.outcomes) == len(row["outcomes"]), i
        for o, published in zip(ours.outcomes, row["outcomes"], strict=True):
            found = (o.mean, o.spread, o.n, o.p)
            assert found == (published.get("mean"), published.get("spread"), published.get("n"), published.get("p", ""))
            if o.spread is not None:
                assert o.spread_kind == published["spread_kind"], (i, o.key)


def test_experiments_kept_aside_carry_their_source_and_no_number(reference):
    assert set(kept_aside()) == set(rows(reference, "kept_aside"))
    assert not set(kept_aside()) & set(experiments())


def test_risk_factors(reference):
    theirs = rows(reference, "risk_factors")
    assert set(theirs) == set(risk_factors())
    for i, row in theirs.items():
        ours = risk_factors()[i]
        found = (ours.log_effect, ours.log_se, ours.n, ours.grade)
        assert found == (row.get("log_effect"), row.get("log_se"), row.get("n"), row["grade"]), i
        assert ours.direction == row["direction"].replace("-", "other"), i


def test_incidence(reference):
    theirs = rows(reference, "incidence")
    assert set(theirs) == set(incidence())
    for i, row in theirs.items():
        ours = incidence()[i]
        found = (ours.value, ours.low, ours.high, ours.n, ours.grade)
        assert found == (row.get("value"), row.get("lo"), row.get("hi"), row.get("n"), row["grade"]), i


def test_interventions(reference):
    theirs = rows(reference, "interventions")
    assert set(theirs) == set(interventions())
    for i, row in theirs.items():
        ours = interventions()[i]
        sizes = [v for k, v in row.items() if k.startswith("log_") and not k.endswith("_se")]
        errors = [v for k, v in row.items() if k.endswith("_se")]
        assert ([ours.size] if ours.measure else []) == sizes, i
        assert ([ours.se] if ours.se is not None else []) == errors, i
        assert (ours.kind, ours.n, ours.grade) == (row["kind"], row.get("n"), row["grade"]), i


def test_baseline(reference):
    theirs = reference["baseline_two_class"]
    assert len(theirs["table"]) == len(baseline_two_class())
    for row in theirs["table"]:
        ours = baseline_two_class()[row["distance_km"]]
        found = (ours.chance_population, ours.hazard_not_prone, ours.log_hazard_not_prone, ours.chance_not_prone)
        assert found == (row["p_population"], row["H_other"], row["log_H_other"], row["p_other"])
        assert (ours.chance_prone, ours.low, ours.high) == (row["p_prone"], row["p05"], row["p95"])
    assert (theirs["prob_prone"], theirs["log_hr"]) == (priors()["trait_prob"].mean, priors()["trait_logHR"].mean)


def test_claims_are_all_there_with_their_grade_and_documents(reference):
    theirs = rows(reference, "claims")
    assert set(theirs) == set(claims())
    for i, row in theirs.items():
        ours = claims()[i]
        assert ours.grade == row["grade"], i
        assert {f"S{int(name[:3])}" for name in row["seeds"]} <= set(ours.seeds), i


def test_contradictions_and_red_flags_are_all_there(reference):
    assert set(rows(reference, "contradictions")) == set(contradictions())
    theirs = rows(reference, "safety")
    assert set(theirs) == set(safety())
    for i, row in theirs.items():
        assert safety()[i].grade == row["grade"], i
        if row["urgency"].startswith("EMERGENCY"):
            assert safety()[i].urgency == "emergency", i


@pytest.mark.parametrize("distance_km", [5.0, 10.0, 21.1, 42.2, 56.0])
def test_population_chance_follows_from_the_priors(distance_km):
    # P01, P02: chance = 1 - exp(-H42 (D / 42.2)^m); the printed row is rounded to four digits
    cumulative = math.exp(priors()["log_H42"].mean) * (distance_km / 42.2) ** priors()["m_short"].mean
    assert 1 - math.exp(-cumulative) == pytest.approx(baseline_two_class()[distance_km].chance_population, abs=2e-3)


def test_pooled_marathon_incidence():
    # I01: 15 of 82, I02: 20 of 83, so I03 = 35 of 165
    pooled = incidence()["I03"]
    assert pooled.n == incidence()["I01"].n + incidence()["I02"].n
    assert pooled.value == pytest.approx(100 * 35 / 165, abs=0.05)


def test_log_odds_of_the_published_ratios():
    # printed ratios: R04 odds ratio 2.40 (1.91 to 3.03), R10 1.94 (1.68 to 2.23), R38 1.63 (1.49 to 1.78)
    for i, ratio, low, high in [("R04", 2.40, 1.91, 3.03), ("R10", 1.94, 1.68, 2.23), ("R38", 1.63, 1.49, 1.78)]:
        row = risk_factors()[i]
        assert row.log_effect == pytest.approx(math.log(ratio), abs=5e-3)
        assert row.log_se == pytest.approx(math.log(high / low) / (2 * 1.96), abs=2e-3)


def test_history_odds_ratio_with_half_added_to_each_cell():
    # R01: 20 of 20 against 14 of 29 with a history
    cells = [20.5, 0.5, 14.5, 15.5]
    log_or = math.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    row = risk_factors()["R01"]
    assert row.log_effect == pytest.approx(log_or, abs=0.01)
    assert row.log_se == pytest.approx(math.sqrt(sum(1 / c for c in cells)), abs=0.01)
