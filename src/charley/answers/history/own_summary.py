"""A small summary of the answer over a journal, plain enough to be kept in it and read without any arithmetic.

It is the one place that knows the answer's object: whoever reads the summary knows only the keys that stand here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

from charley.evidence import priors, table
from charley.vocabulary.answer import Why
from charley.vocabulary.estimate import Estimate

# What a claim is about that is no factor: counted in the log, not attributed.
COUNTED = {
    "log_H42": "often", "trait_logHR": "often", "trait_prob": "often", "history_yes": "often", "m_short": "places",
    "m_ultra": "places", "k_marathon": "places", "k_other": "places", "post_run_share": "windows",
    "calf_share": "muscles",
}  # fmt: skip


def own_summary(answer: Why) -> dict[str, Any]:
    """What a journal says, as JSON, its keys named by ``journal.own_runs.VERSION``.

    Counts and places, and of each factor and family the share of cramps that would not have come without it (of 1:
    middle, low, high; 8 times out of 10 it lies between). Raises ValueError for an answer that is over no journal.
    """
    over = answer.journal
    if over is None:
        raise ValueError("an answer over one run leaves no summary")
    place = over.same_place
    windows = [sum(group.windows[k][1] for group in over.groups) for k in range(4)] if over.groups else [0, 0, 0, 0]
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "demo": answer.run.demo,
        "runs": answer.n_runs,
        "answered": over.n_answered,
        "cramps": answer.n_cramps,
        "cramped_runs": len({cramp.run_id for cramp in over.cramps}),
        "tells": over.ranked and answer.status == "ok",
        "families": [{"id": f.id, "label": f.label, "share": _three(f.share)} for f in over.families],
        "factors": {d.id: {"label": d.label, "family": d.family, "share": _three(d.share)} for d in answer.drivers},
        "places": None if place is None else [place.cramps, place.low_m, place.median_m, place.high_m],
        "windows": windows,
        "muscles": dict(Counter(cramp.muscle for cramp in over.cramps)),
        "claims": claims_about({d.id for d in answer.drivers}),
    }


def claims_about(factors: set[str]) -> dict[str, list[str]]:
    """Of each claim that a log can say something on: the factors, families and counts that it is about, in order."""
    about: defaultdict[str, list[str]] = defaultdict(list)
    for prior in priors().values():
        names = [COUNTED[prior.key]] if prior.key in COUNTED else [prior.key] if prior.key in factors else []
        for claim_id in prior.claim_ids:
            about[claim_id] += [name for name in names if name not in about[claim_id]]
    for family in table("families"):
        for claim_id in family["claim_ids"]:
            if not about[claim_id]:
                about[claim_id].append(f"family {family['id']}")
    return {claim_id: names for claim_id, names in about.items() if names}


def _three(share: Estimate) -> list[float]:
    return [round(v, 4) for v in (share.middle, share.low, share.high)]
