"""The personal profile as text and as JSON: two renderings of one object."""

from __future__ import annotations

import textwrap
from typing import Any

from charley.vocabulary.estimate import Estimate
from charley.vocabulary.units import METRES_PER_KM, METRES_PER_MILE
from charley.vocabulary.words import words

WIDTH = 80


def render_profile_text(profile: Any, units: str = "metric") -> str:
    """The profile for a terminal of 80 columns."""
    miles = profile.distance_km * METRES_PER_KM / METRES_PER_MILE
    distance = f"{miles:.1f} mi" if units == "imperial" else f"{profile.distance_km:.1f} km"
    lines = [
        words("profile.chance", distance=distance, chance=_in_100(profile.chance), base=_in_100(profile.base)),
        words("profile.prone", prone=_in_100(profile.prone)),
        "",
    ]
    for factor in profile.factors:
        said = factor.said or words("profile.not_said")
        lines.append(f"{factor.label}: {said}")
        moved = words("profile.moves" if factor.said else "profile.would_move", between=factor.between)
        lines += _wrapped(f"{moved} {_points(factor.moves)}. [{factor.grade}]", "    ")
        lines += _wrapped(f"{words('profile.published')} {'; '.join(factor.published)}.", "    ")
    lines += ["", *_wrapped(words("profile.note"), "")]
    return "\n".join(line for first in lines for line in (_wrapped(first, "") if len(first) > WIDTH else [first]))


def render_profile_json(profile: Any) -> dict[str, Any]:
    """The profile as plain values; chances of 1."""
    return {
        "distance_km": profile.distance_km,
        "chance": _plain(profile.chance),
        "base": _plain(profile.base),
        "prone": _plain(profile.prone),
        "draws": profile.draws,
        "factors": [
            {
                "key": factor.key,
                "label": factor.label,
                "said": factor.said,
                "between": factor.between,
                "moves": _plain(factor.moves),
                "can_change": factor.can_change,
                "published": list(factor.published),
                "grade": factor.grade,
                "claim_ids": list(factor.claim_ids),
                "source_ids": list(factor.source_ids),
            }
            for factor in profile.factors
        ],
    }


def _plain(estimate: Estimate) -> dict[str, float]:
    return {"mean": estimate.mean, "low": estimate.low, "high": estimate.high}


def _in_100(estimate: Estimate) -> str:
    return f"{100 * estimate.middle:.0f} in 100 ({100 * estimate.low:.0f} to {100 * estimate.high:.0f})"


def _points(estimate: Estimate) -> str:
    """A difference of chances, with true signs."""
    mean, low, high = (f"{100 * x:+.1f}".replace("-", "−") for x in (estimate.middle, estimate.low, estimate.high))
    return f"{mean} in 100 ({low} to {high})"


def _wrapped(text: str, lead: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=lead, subsequent_indent=lead, break_on_hyphens=False)
