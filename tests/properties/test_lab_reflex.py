"""The M wave grows with the current, the H wave comes back from the cord and meets what the motor axons send."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from charley.lab import examination, measures
from charley.lab.protocol import Reflex, Setup

pytest.importorskip("numba", reason="the laboratory runs with Numba, the extra lab")

TEST = Reflex(from_pct=50.0, to_pct=190.0, step_pct=20.0, each=2, every_s=1.0)


@cache
def waves(block=()):
    """The waves of a calf that lies at rest."""
    setup = Setup(group="prone", ankle_deg=0.0, reflex=TEST, block=block, watch_s=0.2)
    tested = examination.examine(setup, 1, 0)
    assert not np.isnan(measures.MEASURES["m_max_uv"].value(tested))
    return tested.waves


def test_the_direct_wave_grows_with_the_current():
    assert np.all(np.diff(waves().m_uv) > 0.0)
    assert waves().m_max_uv == waves().m_uv[-1]


def test_the_reflex_wave_rises_and_is_gone_when_every_motor_axon_answers():
    h = waves().h_uv
    assert 0 < int(np.argmax(h)) < len(h) - 1
    assert h[-1] < 0.1 * h.max()
    assert 0.0 < waves().h_max() < 1.0
    assert 0.0 < waves().h_units.max() <= 1.0


def test_a_blocked_nerve_leaves_the_direct_wave_alone():
    blocked = waves(("nerve",))
    assert blocked.m_uv == pytest.approx(waves().m_uv, rel=0.02)
    assert blocked.h_uv.max() == 0.0


def test_the_reflex_at_an_m_wave_lies_between_its_neighbours():
    found = waves()
    m_shares = found.m_uv / found.m_max_uv
    for k in range(1, len(m_shares)):
        middle = found.h_at(0.5 * (m_shares[k - 1] + m_shares[k])) * found.m_max_uv
        assert min(found.h_uv[k - 1 : k + 1]) - 1e-9 <= middle <= max(found.h_uv[k - 1 : k + 1]) + 1e-9
    assert np.isnan(found.h_at(0.5 * m_shares[0]))


def test_without_a_test_there_are_no_waves():
    tested = examination.examine(Setup(ankle_deg=0.0, watch_s=0.2), 1, 0)
    assert all(np.isnan(measures.MEASURES[name].value(tested)) for name in ("m_max_uv", "h_max_pct", "h_at_m_pct"))
