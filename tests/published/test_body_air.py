"""The air and the body's surface against values that stand in tables."""

from __future__ import annotations

import numpy as np
import pytest

from charley.body import wet_bulb_globe_temp_c
from charley.body.heat import body_surface_m2, convection_w_m2_k, saturation_pressure_kpa
from charley.body.sweat import evaporation_w_m2


@pytest.mark.parametrize(("temp_c", "kpa"), [(0.0, 0.6112), (20.0, 2.3388), (37.0, 6.2795), (50.0, 12.345)])
def test_saturation_pressure_is_that_of_steam_tables(temp_c, kpa):
    # Saturation pressure over water, IAPWS tables; the Magnus form claims 0.4 %.
    assert saturation_pressure_kpa(np.array([temp_c]))[0] == pytest.approx(kpa, rel=0.004)


def test_du_bois_surface():
    # Du Bois and Du Bois 1916: 70 kg and 1.70 m have 1.81 m2 (their nomogram).
    assert body_surface_m2(np.array([70.0]), np.array([1.70]))[0] == pytest.approx(1.81, abs=0.01)


def test_convection_lies_among_the_published_fits():
    # At 3 m/s: 8.3 v^0.6 (ASHRAE) gives 16.0, 8.7 v^0.6 (ISO 7933) 16.8, 10.4 v^0.56 (de Dear 1997) 19.2 W/m2/K.
    assert 16.0 <= convection_w_m2_k(np.array([3.0]))[0] <= 19.3


def test_wbgt_of_a_summer_day_by_the_printed_equation():
    # Ono and Tonouchi 2014 worked out by hand for 30 C, 60 %, 800 W/m2, 1 m/s.
    by_hand = 0.735 * 30 + 0.0374 * 60 + 0.00292 * 30 * 60 + 7.619 * 0.8 - 4.557 * 0.8**2 - 0.0572 * 1.0 - 4.064
    ours = wet_bulb_globe_temp_c(np.array([30.0]), np.array([0.6]), np.array([800.0]), np.array([1.0]))[0]
    assert ours == pytest.approx(by_hand)
    assert by_hand == pytest.approx(28.6, abs=0.1)


@pytest.mark.parametrize("offered", [0.01, 0.3, 0.8, 1.5, 10.0])
def test_evaporation_solves_the_efficiency_of_iso_7933(offered):
    # With wettedness w of what is possible, the efficiency is 1 - w^2/2: w = offered (1 - w^2/2), at most 1.
    wet = evaporation_w_m2(np.array([offered]), np.array([1.0]))[0]
    assert wet == pytest.approx(min(offered * (1.0 - wet**2 / 2.0), 1.0), rel=1e-9) or wet == 1.0
    assert wet <= offered
