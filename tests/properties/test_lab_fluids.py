"""Sweat and drink: what must hold whatever the constants are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley.evidence.numbers.body import BODY
from charley.lab.fluids import absorbed_share, fluid_state
from charley.lab.protocol import Fluid
from charley.neuromuscular import constants, ion_shift_mv

P = constants()
LONG = 1440.0  # minutes: all that was drunk is absorbed
fluids = st.builds(
    Fluid,
    lost_pct=st.floats(0, 6),
    sweat_sodium_mmol_l=st.floats(10, 90),
    mass_kg=st.floats(45, 110),
    drink=st.sampled_from(["none", "water", "ors", "sports drink"]),
    drunk_share=st.floats(0, 1.2),
    when=st.sampled_from(["after", "during"]),
    minutes_after=st.floats(0, 600),
)


@given(fluids)
def test_the_shift_follows_from_sodium_and_volume(fluid):
    found = fluid_state(fluid, P)
    assert found.shift_mv == pytest.approx(
        float(ion_shift_mv(P, found.sodium_change_mmol_l, found.extracellular_change)), abs=1e-12
    )
    assert found.sodium_mmol_l == pytest.approx(fluid.sodium_before_mmol_l + found.sodium_change_mmol_l)


@given(fluids)
def test_nothing_lost_is_nothing_changed(fluid):
    found = fluid_state(replace(fluid, lost_pct=0.0), P)
    assert found.sodium_change_mmol_l == pytest.approx(0.0, abs=1e-9)
    assert found.extracellular_change == pytest.approx(0.0, abs=1e-9)


@given(st.floats(0.5, 6), st.floats(15, 90))
def test_drinking_the_sweat_back_restores_everything(lost, sodium):
    """What was sweated, drunk in the same amount and with the same salts, leaves the body as it was."""
    fluid = Fluid(
        lost_pct=lost,
        sweat_sodium_mmol_l=sodium,
        drink="water",
        drink_sodium_mmol_l=sodium,
        drink_potassium_mmol_l=BODY.sweat_potassium_mmol_l,
        minutes_after=LONG,
    )
    found = fluid_state(fluid, P)
    assert found.sodium_change_mmol_l == pytest.approx(0.0, abs=1e-6)
    assert found.extracellular_change == pytest.approx(0.0, abs=1e-6)


@given(st.floats(0.5, 6), st.floats(15, 90))
def test_sweat_concentrates_and_shrinks_and_water_dilutes(lost, sodium):
    dry = fluid_state(Fluid(lost_pct=lost, sweat_sodium_mmol_l=sodium), P)
    assert dry.sodium_change_mmol_l > 0 > dry.extracellular_change
    watered = fluid_state(Fluid(lost_pct=lost, sweat_sodium_mmol_l=sodium, drink="water", minutes_after=LONG), P)
    assert watered.sodium_change_mmol_l < 0 > watered.extracellular_change
    assert watered.extracellular_change > dry.extracellular_change


@given(fluids, st.floats(1, 200))
def test_more_time_is_more_absorbed(fluid, minutes):
    early, late = absorbed_share(fluid), absorbed_share(replace(fluid, minutes_after=fluid.minutes_after + minutes))
    assert 0.0 <= early <= late <= 1.0


@given(st.floats(0.5, 4), st.floats(5, 80))
def test_salt_in_the_drink_keeps_sodium_and_volume_up(lost, more):
    plain = Fluid(lost_pct=lost, drink="water", drink_sodium_mmol_l=0.0, minutes_after=60)
    salted = fluid_state(replace(plain, drink_sodium_mmol_l=more), P)
    assert salted.sodium_mmol_l > fluid_state(plain, P).sodium_mmol_l
    assert salted.extracellular_change > fluid_state(plain, P).extracellular_change
