"""The H reflex changes as people's does: with the ankle's angle, in an effort, and after one. Signs alone.

What does not: at rest the largest H wave of soleus is 1 to 5 % of the largest M wave where people's is tens of per
cent, it takes a higher current than the M wave to see it, it is larger in gastrocnemius than in soleus, vibration does
not lessen it, and a stretch leaves no trace.
"""

from __future__ import annotations

from functools import cache

import pytest

from charley.lab import examination, measures
from charley.lab.protocol import Before, Effort, Reflex, Setup

pytest.importorskip("numba", reason="the laboratory runs with Numba, the extra lab")

PEOPLE = 2


@cache
def h_max_pct(ankle_deg=0.0, effort=None, before=()):
    """Mean largest H wave of soleus, per cent of the largest M wave."""
    test = Reflex(from_pct=70.0, to_pct=150.0, step_pct=20.0, every_s=1.0, at_s=1.5)
    setup = Setup(muscle="soleus", ankle_deg=ankle_deg, reflex=test, effort=effort, before=before, watch_s=0.2)
    found = [measures.MEASURES["h_max_pct"].value(examination.examine(setup, 1, index)) for index in range(PEOPLE)]
    return sum(found) / PEOPLE


@pytest.mark.parametrize(("longer", "shorter"), [(15.0, 0.0), (0.0, -30.0)])
def test_the_reflex_is_smaller_in_a_longer_calf(longer, shorter):
    """Ten people, lying: larger with the ankle pointed, smaller with it bent (BMC Neurol 2011, 11:65,
    doi:10.1186/1471-2377-11-65; abstract)."""
    assert h_max_pct(longer) < h_max_pct(shorter)


def test_the_reflex_is_larger_in_a_weak_effort():
    """It rises with the muscle's own activity (Fumoto et al. 2002, J Electromyogr Kinesiol 12:367; abstract)."""
    assert h_max_pct(effort=Effort(force=0.1, for_s=12.0, stop_at_cramp=False)) > 2.0 * h_max_pct()


def test_the_reflex_is_smaller_after_an_effort():
    """A brief contraction depresses it for more than 8 s (Crone and Nielsen 1989, Exp Brain Res 78:28; abstract).

    There by the Ia terminals, here by the motor neurons' own adaptation: terminals do not tire in the model.
    """
    assert h_max_pct(before=(Before(effort=1.0, for_s=5.0),)) < 0.7 * h_max_pct()
