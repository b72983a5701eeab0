"""Every published value that the body models are held against, and the call of ours that gives the same quantity.

The rows stand in ``body_checks.toml``. No entry of the registry may return its expected value: each computes from the
models or reads the table of parameters that the models use.
"""

from __future__ import annotations

import ast
import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import charley.body
from body_check_runs import (
    HALF_M,
    HOUR_S,
    MARATHON_M,
    OTTAWA_KG,
    STILL_M_S,
    _aberdeen,
    _acclimated_body,
    _achilles_peak,
    _at,
    _boston,
    _calf_after_two_hours,
    _cooler,
    _cost,
    _fall,
    _fast_fatigue_left,
    _field_percent_of_critical_speed,
    _fine_and_coarse,
    _finishers,
    _fit_recovery,
    _forefoot_impulse,
    _hew_butler,
    _holmes,
    _jenkins,
    _marathon_spread_min,
    _more_sweat,
    _noakes,
    _ottawa,
    _oxygen_rise_percent,
    _percent_of_critical_speed,
    _phs_agreement,
    _plasma_after,
    _pugh,
    _pugh_winner,
    _ridden_c,
    _ride,
    _slower_in_damp_air,
    _sodium_gap,
    _sodium_left,
    _stride_average_error,
    _sweat_less_drinks_l,
    _threshold_left,
    _tropical,
    _vickers_half_140,
    _vo2_13kmh,
)
from charley.body import (
    acclimation,
    cost,
    fatigue,
    fuel,
    readiness,
    sodium,
    sweat,
    water,
)
from charley.evidence import sources
from charley.evidence.numbers.body import BODY
from charley.vocabulary.units import (
    CALCIUM_G_PER_MOL,
    METRES_PER_MILE,
    POTASSIUM_G_PER_MOL,
    SODIUM_G_PER_MOL,
    litres_from_us_fluid_ounces,
    mmol_l_from_ug_ml,
    sodium_mg_from_salt_g,
)

ROWS = {row["id"]: row for row in tomllib.loads((Path(__file__).parent / "body_checks.toml").read_text())["check"]}
PAGE = Path(__file__).resolve().parents[2] / "docs" / "validation-body.md"


@dataclass(frozen=True)
class Check:
    ours: Callable[[], float]


REGISTRY: dict[str, Check] = {
    "minetti_level": Check(lambda: _cost(0.0)),
    "minetti_up10": Check(lambda: _cost(0.10)),
    "minetti_down10": Check(lambda: _cost(-0.10)),
    "minetti_up45": Check(lambda: _cost(0.45)),
    "minetti_walk_level": Check(lambda: float(cost.walking_cost_j_kg_m(_at(0.0))[0])),
    "drag_sensitivity": Check(
        lambda: 100.0 * float(cost.drag_cost_factor(_at(0.01 * 70.0 * 9.80665), _at(70.0))[0] - 1.0)
    ),
    "vo2_13kmh": Check(_vo2_13kmh),
    "vdot_5k_20": Check(lambda: readiness.vdot_ml_kg_min(5000.0, 1200.0)),
    "cs_marathon_pct_mean": Check(_field_percent_of_critical_speed),
    "cs_marathon_pct_150": Check(lambda: float(_percent_of_critical_speed(_at(150.0 * 60.0))[0])),
    "cs_fit_recovery": Check(_fit_recovery),
    "durability_slt_90": Check(lambda: _threshold_left(90.0)),
    "durability_slt_120": Check(lambda: _threshold_left(120.0)),
    "durability_economy_90": Check(lambda: _oxygen_rise_percent(90.0)),
    "durability_economy_120": Check(lambda: _oxygen_rise_percent(120.0)),
    "swain_80": Check(lambda: BODY.heart_rate_intercept + BODY.heart_rate_slope * 0.80),
    "pugh_mean_tcore": Check(lambda: float(_pugh().core_temp_c[-1].mean())),
    "pugh_mean_loss": Check(lambda: float(-_pugh().mass_change_kg[-1].mean())),
    "pugh_winner_tcore": Check(lambda: float(_pugh_winner().core_temp_c[-1, 0])),
    "pugh_winner_loss": Check(lambda: float(-_pugh_winner().mass_change_kg[-1, 0])),
    "maughan_cool_loss": Check(lambda: float(-_aberdeen().mass_change_kg[-1, 0])),
    "maughan_cool_tcore": Check(lambda: float(_aberdeen().core_temp_c[-1, 0])),
    "mora_still_tcore": Check(lambda: _ridden_c(55.0, 0.6, 36.0, 0.29, 60.0)),
    "mora_wind_tcore": Check(lambda: _ridden_c(55.0, 0.6, 36.0, 0.29, 60.0, 2.55)),
    "mora_drink_tcore": Check(lambda: _ridden_c(55.0, 0.6, 36.0, 0.29, 60.0, 2.55, 1.2)),
    "jenkins_sweat": Check(lambda: _jenkins(lambda s: s.sweat_l[-1, 0] / (s.time_s[-1] / HOUR_S))),
    "jenkins_tcore": Check(lambda: _jenkins(lambda s: s.core_temp_c[-1, 0])),
    "ganio_loss": Check(
        lambda: float(-100.0 * _ride(60.0, 0.6, 30.0, 0.4, 120.0, mass_kg=75.0).mass_change_kg[-1, 0] / 75.0)
    ),
    "maughan12_dry_tcore": Check(lambda: _ridden_c(55.0, 0.7, 30.2, 0.24, 68.0)),
    "maughan12_damp_tcore": Check(lambda: _ridden_c(55.0, 0.7, 30.2, 0.80, 46.0)),
    "lafrenz_fall": Check(lambda: _fall(64.7, 0.592, 35.0, 0.4, 45.0, STILL_M_S, 1.2, mass_kg=75.0)),
    "wingo_fall": Check(lambda: _fall(60.0, 0.6, 35.0, 0.4, 45.0, STILL_M_S, 1.2, mass_kg=75.0)),
    "ganio_fall": Check(lambda: _fall(60.0, 0.6, 30.0, 0.4, 120.0, mass_kg=75.0)),
    "ganio_drunk_fall": Check(lambda: _fall(60.0, 0.6, 30.0, 0.4, 120.0, STILL_M_S, 1.1, mass_kg=75.0)),
    "jenkins_damp_slower": Check(_slower_in_damp_air),
    "lee_tcore": Check(lambda: float(_tropical(208.0 / 60.0, 101.5, 26.4, 0.81, 64.0, 0.6).core_temp_c[-1].mean())),
    "byrne_tcore": Check(lambda: float(_tropical(3.0, 118.0, 27.0, 0.85, 66.0, 0.6).core_temp_c[-1].mean())),
    "tan_loss": Check(lambda: _sweat_less_drinks_l(_tropical(MARATHON_M / 9120.0, 152.0, 27.9, 0.79, 57.0, 0.8))),
    "smoljanic_fit": Check(lambda: float(_ottawa(12.6).sweat_l[-1, 0])),
    "smoljanic_less_fit": Check(lambda: float(_ottawa(9.4).sweat_l[-1, 0])),
    "smoljanic_640w": Check(lambda: float(_ottawa(640.0 / OTTAWA_KG).sweat_l[-1, 0])),
    "smoljanic_rise": Check(lambda: float(_ottawa(12.6).core_temp_c[-1, 0] - BODY.core_start_c)),
    "patterson_day8": Check(lambda: _more_sweat("patterson", 6.0)),
    "patterson_day22": Check(lambda: _more_sweat("patterson", 16.0)),
    "graham_sweat": Check(lambda: _more_sweat("graham", 5.0)),
    "graham_tcore": Check(lambda: _cooler("graham", 5.0)),
    "chinevere_sweat": Check(lambda: _more_sweat("chinevere", 9.0)),
    "klous_na": Check(lambda: _sodium_left(9.0)),
    "chinevere_na": Check(lambda: _sodium_left(9.0)),
    "daanen_fortnight": Check(lambda: float(acclimation.kept(1.0, 14.0))),
    "bonner_plasma": Check(lambda: float(acclimation.plasma_gained(_acclimated_body(100.0))[0])),
    "noakes_gainers": Check(lambda: _noakes(lambda na, gained: (na[gained] >= 135.0).mean())),
    "noakes_low": Check(lambda: _noakes(lambda na, _: (na < 135.0).mean())),
    "noakes_high": Check(lambda: _noakes(lambda na, _: (na > 145.0).mean())),
    "hew_butler_change": Check(_hew_butler),
    "hew_butler_plasma": Check(lambda: float(_finishers(56_000.0, 356.0)[1].plasma_volume_change[-1].mean())),
    "baker_wbsr_mean": Check(lambda: BODY.sweat_rate_athletes_l_h),
    "phs_agreement_15_25": Check(_phs_agreement),
    "gonzalez_pw": Check(lambda: float(sweat.sweat_gonzalez_g_m2_h(_at(400.0), _at(300.0))[0])),
    "baker_na_forearm": Check(lambda: BODY.forearm_sodium_mmol_l),
    "baker_na_wb": Check(lambda: float(sodium.whole_body_sodium_mmol_l(_at(BODY.forearm_sodium_mmol_l))[0])),
    "holmes_na_ratio": Check(_holmes),
    "montain07_na": Check(lambda: mmol_l_from_ug_ml(BODY.sweat_sodium_ug_ml, SODIUM_G_PER_MOL)),
    "montain07_k": Check(lambda: mmol_l_from_ug_ml(BODY.sweat_potassium_ug_ml, POTASSIUM_G_PER_MOL)),
    "montain07_ca": Check(lambda: mmol_l_from_ug_ml(BODY.sweat_calcium_ug_ml, CALCIUM_G_PER_MOL)),
    "nk_plus1L": Check(lambda: _plasma_after(water_change_l=1.0)),
    "nk_dehydrate": Check(lambda: _plasma_after(water_change_l=-2.0, ions_change_mmol=-2.0 * 45.0)),
    "cheuvront_matched": Check(lambda: _plasma_after(ions_change_mmol=-1.5 * 45.0)),
    "boston_na_mean": Check(_boston),
    "whiting_plasma": Check(lambda: float(water.plasma_volume_change(_at(-0.05))[0])),
    "oz16": Check(lambda: 1000.0 * litres_from_us_fluid_ounces(16.0)),
    "oz24": Check(lambda: 1000.0 * litres_from_us_fluid_ounces(24.0)),
    "salt_na": Check(lambda: sodium_mg_from_salt_g(1.0)),
    "rapoport_share_75": Check(lambda: float(fuel.carbohydrate_share(_at(0.75))[0])),
    "rapoport_store_male80": Check(lambda: float(fuel.store_kcal_kg(80.0, BODY.leg_muscle_share_male))),
    "rapoport_store_male120": Check(lambda: float(fuel.store_kcal_kg(120.0, BODY.leg_muscle_share_male))),
    "rapoport_wall_80_080": Check(
        lambda: float(fuel.distance_to_empty_km(fuel.store_kcal_kg(80.0, BODY.leg_muscle_share_male), _at(0.80))[0])
    ),
    "et_general_50": Check(lambda: fatigue.endurance_time_s(0.5, "general")),
    "et_ankle_50": Check(lambda: fatigue.endurance_time_s(0.5, "ankle")),
    "et_knee_50": Check(lambda: fatigue.endurance_time_s(0.5, "knee")),
    "3cc_ankle_50_closed": Check(
        lambda: fatigue.sustained_time_s(0.5, BODY.ankle_fatigue_per_s, BODY.ankle_recovery_per_s)
    ),
    "3cc_ankle_50_vs_curve": Check(
        lambda: (
            fatigue.sustained_time_s(0.5, BODY.ankle_fatigue_per_s, BODY.ankle_recovery_per_s)
            / fatigue.endurance_time_s(0.5, "ankle")
        )
    ),
    "3cc_garbled_pair": Check(lambda: fatigue.sustained_time_s(0.5, BODY.ankle_fatigue_per_s, 0.0182)),
    "3ccr_average_error": Check(_stride_average_error),
    "rakshit_pf": Check(lambda: BODY.plantarflexor_fatigue_per_s),
    "saldanha_pf_mvc": Check(_calf_after_two_hours),
    "nicol_knee": Check(lambda: float(_fine_and_coarse()[0].quadriceps_slow_fatigue[-1, 0])),
    "stone_recovery": Check(_fast_fatigue_left),
    "at_speed_ratio": Check(lambda: _achilles_peak(4.47) / _achilles_peak(2.68)),
    "at_impulse_nrfs": Check(_forefoot_impulse),
    "vv1_half100_20": Check(_vickers_half_140),
    "vv2": Check(lambda: readiness.marathon_from_two_races_s(10_000.0, 2700.0, HALF_M, 6000.0, 30 * METRES_PER_MILE)),
    "vv_bug_guard": Check(_vickers_half_140),
    "vickers_spread": Check(_marathon_spread_min),
    "riegel": Check(lambda: readiness.riegel_time_s(HALF_M, 6000.0, MARATHON_M)),
    "tanda_50_330": Check(lambda: readiness.marathon_from_training_s(50_000.0, 0.330)),
    "tanda_rmse": Check(lambda: BODY.tanda_rmse_min),
    "buist_10pct": Check(lambda: BODY.ten_percent_rule_effect),
    "taper_volume": Check(lambda: BODY.taper_volume_cut_percent),
    "mass_balance_na": Check(_sodium_gap),
    "dt_error_tcore": Check(
        lambda: abs(float(_fine_and_coarse()[0].core_temp_c[-1, 0] - _fine_and_coarse()[1].core_temp_c[-1, 0]))
    ),
    "dt_error_gly": Check(
        lambda: abs(float(_fine_and_coarse()[0].leg_glycogen_g[-1, 0] - _fine_and_coarse()[1].leg_glycogen_g[-1, 0]))
    ),
}


def verdict(row, ours):
    """True where ours lies within the tolerance of the published value."""
    if row["tol_kind"] == "isnan":
        return math.isnan(ours)
    allowed = row["tol"] * (abs(row["expected"]) if row["tol_kind"] == "rel" else 1.0)
    return abs(ours - row["expected"]) <= allowed


def test_every_row_has_a_call_and_every_call_a_row():
    assert set(REGISTRY) == set(ROWS)


ROLES = {"test", "numerics", "arithmetic", "set", "beside", "table"}


@cache
def unused_functions():
    """Public functions of the body that nothing in Charley calls: name -> (module, first line of what it does).

    What ``charley.body`` itself exports serves tests and scripts (a middle body, the balances) and is not meant.
    """
    package = Path(charley.body.__file__).parents[1]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in package.rglob("*.py")}
    used = {n.id for tree in trees.values() for n in ast.walk(tree) if isinstance(n, ast.Name)}
    used |= {n.attr for tree in trees.values() for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    return {
        node.name: (path.stem, " ".join(ast.get_docstring(node).split("\n\n")[0].split()))
        for path, tree in trees.items()
        if path.parent.name == "body"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name not in used
        and node.name not in charley.body.__all__
    }  # fmt: skip


def _called(check_id):
    """Names that a check reads, through the helpers of this module and of ``body_check_runs``."""
    seen, waiting = set(), [REGISTRY[check_id].ours]
    while waiting:
        function = waiting.pop()
        function = getattr(function, "__wrapped__", function)  # as it stands below @cache
        code = [function.__code__]
        while code:
            one = code.pop()
            code += [c for c in one.co_consts if isinstance(c, type(one))]
            for name in set(one.co_names) - seen:
                seen.add(name)
                helper = function.__globals__.get(name) if name.startswith("_") else None
                if callable(helper):
                    waiting.append(helper)
    return seen


def test_the_page_counts_as_tests_only_what_asks_a_model_that_answers_stand_on():
    for check_id, row in ROWS.items():
        assert row["role"] in ROLES, check_id
        assert ("set_by" in row) == (row["role"] == "set"), check_id
        called = _called(check_id)
        assert (row["role"] == "beside") == bool(called & set(unused_functions())), check_id
        asks_no_model = called <= {"BODY", *BODY._fields}
        assert (row["role"] == "table") == asks_no_model, check_id
    page = PAGE.read_text(encoding="utf-8")
    for name in unused_functions():
        assert f"* `{name}` (" in page, "run scripts/make_validation_body.py"
    counted = [row for row in ROWS.values() if row["role"] in ("test", "numerics")]
    within = sum("known_miss" not in row for row in counted)
    assert page.splitlines()[2].startswith(f"**{len(counted)} tests of the body models: {within} within.**")


@cache
def _shown():
    """Our value of each check as docs/validation-body.md shows it."""
    cells = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return {row[0].removeprefix("| "): row[3] for row in cells if len(row) == 7}


@pytest.mark.parametrize("check_id", sorted(ROWS))
def test_check(check_id):
    row, ours = ROWS[check_id], REGISTRY[check_id].ours()
    shown = float(_shown()[check_id].replace("none", "nan"))
    close = math.isnan(shown) if math.isnan(ours) else abs(ours - shown) <= 2e-3 * abs(ours) + 1e-6
    assert close, f"docs/validation-body.md shows {shown:g}, ours is {ours:g}: run scripts/make_validation_body.py"
    assert row["source_id"] in sources()
    if "known_miss" in row:
        # Stands in docs/validation-body.md as a miss; a model that no longer misses must say so there.
        assert not verdict(row, ours), f"no longer a miss: {ours:g}"
    else:
        assert verdict(row, ours), f"{row['what']}: {ours:g} {row['unit']} against {row['expected']} +- {row['tol']}"


def test_rows_are_those_of_the_reference_data(shared_data):
    reference = tomllib.loads((shared_data / "science" / "body_checks.toml").read_text())["check"]
    ours = {check_id: row for check_id, row in ROWS.items() if row.get("shared", True)}
    assert set(ours) == {row["id"] for row in reference}
    for row in reference:
        for key in ("expected", "tol", "tol_kind", "unit", "block", "provenance"):
            same = ours[row["id"]][key] == row[key] or (row[key] != row[key])  # NaN is not equal to itself
            assert same, f"{row['id']}: {key}"
