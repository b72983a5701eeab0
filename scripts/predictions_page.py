"""docs/predictions.md from the ledger, the protocols and what was read afterwards; run ``predictions.py --pages``."""

from __future__ import annotations

import math
import re
import textwrap
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from predictions import COMPARED, Filed, ledger, protocols

from charley.lab import compare
from charley.vocabulary.studies import Outcome

NONE = "–"
INTERVAL = 1.96  # normal 95 %
MINUS = re.compile(r"(?<![\w-])-(?=\d)")
COUNTED = ("agrees", "misses")

HEAD = """
What the model says of experiments that set nothing in it, written down and committed before anybody here read what came
of them. A miss stays on the page. `python scripts/predictions.py --again P03` runs an experiment again and says
whether the present model still says the same; `charley lab run docs/predictions/protocols/P03.toml` shows it in full.
"""
RULE = """
*People* is the mean over virtual people and the range from 5 to 95 % of them; it holds what differs between people and
from moment to moment, and not what is uncertain in the model's constants. *Published* is read after filing. It
**agrees** where the filed mean lies within two standard errors of the published one, the rule of
[validation.md](validation.md), and **misses** otherwise; where no spread was printed, within the 95 % range of the mean
of a group of that size; where the paper gives a direction alone, the filed mean has to lie on that side by more than
two of its own standard errors. Where the model gives no value, because no unit fires or nobody cramps, and the paper has one,
that is a miss. *Not yet compared*: the paper could not be read here. *Not comparable*: it asked something else than the
protocol. The DOIs of P05, P06 and P07 were filed from memory and could not be looked up since; a filed line is never
changed. P17 and P18 ask again what P01 and P02 asked, in per cent of force; the direction that P18 is compared with was
known when it was filed, so that it is a check and no prediction.
"""
LEDGER_RULE = """
Each line of the ledger (`docs/predictions/filed.jsonl`) carries a digest of the model that made it (version, numbers,
equations) and the hash of the line before, so that a number changed later shows. A changed model files new lines beside
the old ones.
"""


@dataclass(frozen=True, slots=True)
class Published:
    """What a paper says of an outcome: a mean, with ``se`` where a spread was printed, or a direction alone (``right``:
    above or below 0), or neither where it asked something else (``note`` says what)."""

    mean: float | None
    se: float | None
    right: str
    n: int | None
    unit: str
    note: str
    read: str


@cache
def published() -> dict[str, Published]:
    """All that was read after filing, by id of the outcome."""
    if not COMPARED.exists():
        return {}
    rows = tomllib.loads(COMPARED.read_text(encoding="utf-8")).get("outcome", {})
    return {key: _published(key, row) for key, row in rows.items()}


def _published(key: str, row: dict) -> Published:
    outcome = Outcome(
        key, key, row.get("unit", ""), "", row.get("mean"), row.get("spread"), row.get("spread_kind", "not printed"),
        row.get("n"),
    )  # fmt: skip
    se = compare.standard_error(outcome, None)
    return Published(
        row.get("mean"), se, row.get("right", ""), row.get("n"), row.get("unit", ""), row.get("note", ""), row["read"]
    )


def verdict(filed: Filed, paper: Published | None) -> tuple[str, float | None]:
    """What became of a prediction, and how far it was off in standard errors of the paper where it printed them."""
    if paper is None:
        return "not yet compared", None
    if paper.mean is None and not paper.right:
        return "not comparable", None
    if filed.mean is None:
        return "misses", None
    if paper.mean is None:
        side = filed.mean if paper.right == "above" else -filed.mean
        clear = filed.sd is not None and side > compare.WITHIN_SE * filed.sd / math.sqrt(filed.n)
        return ("agrees" if clear else "misses"), None
    off = filed.mean - paper.mean
    if paper.se is not None:
        z = off / paper.se
        return ("agrees" if abs(z) <= compare.WITHIN_SE else "misses"), z
    if filed.sd is None or not paper.n:
        return "not comparable", None
    reach = INTERVAL * filed.sd * math.sqrt(1.0 / paper.n + 1.0 / filed.n)
    return ("agrees" if abs(off) <= reach else "misses"), None


def page() -> str:
    """The whole page."""
    filed, known = ledger(), protocols()
    lines = ["# Predictions filed before the comparison", "", *_filled(HEAD), "", *_filled(RULE), ""]
    lines += [*_filled(LEDGER_RULE), "", *_summary(filed), ""]
    for name, protocol in known.items():
        rows = [f for f in filed if f.experiment == name]
        if not rows:
            continue
        lines += [f"## {name}", "", *_filled(f"**{protocol.title}.** {protocol.note}"), ""]
        lines += [_row(("outcome", "unit", "people: mean (5 to 95 %)", "filed", "model", "published", "z", "verdict"))]
        lines += ["|" + " --- |" * 8, *(_row(_cells(f)) for f in rows), ""]
        lines += [f"* {source}" for source in protocol.sources]
        notes = dict.fromkeys(f"{p.note} {p.read}".strip() for f in rows if (p := published().get(f.id)) is not None)
        lines += ["", *(line for note in notes for line in [*_filled(note), ""])] if notes else [""]
    lines += ["## What could not be asked", ""]
    lines += _filled("Sources that were to be predicted, and why the laboratory cannot express their experiment.")
    lines += ["", _row(("", "experiment", "source", "why not")), "|" + " --- |" * 4]
    lines += [_row((k, p.title, "; ".join(p.sources), p.cannot)) for k, p in known.items() if p.cannot]
    return "\n".join(lines) + "\n"


def _summary(filed: tuple[Filed, ...]) -> list[str]:
    lines = [_row(("model", "filed", "predictions", "compared", "agree", "miss")), "|" + " --- |" * 6]
    for model in dict.fromkeys(f.model for f in filed):
        own = [f for f in filed if f.model == model]
        told = [verdict(f, published().get(f.id))[0] for f in own]
        compared, agree = sum(t in COUNTED for t in told), told.count("agrees")
        lines.append(_row((f"`{model}`", own[0].date, len(own), compared, agree, compared - agree)))
    return lines


def _cells(f: Filed) -> tuple[object, ...]:
    paper = published().get(f.id)
    told, z = verdict(f, paper)
    people = f"no value in {f.asked}" if f.mean is None else f"{f.mean:.3g} ({f.low:.3g} to {f.high:.3g}), n {f.n}"
    printed = NONE
    if paper is not None and (paper.mean is not None or paper.right):
        printed = (f"{paper.right} 0" if paper.mean is None else f"{paper.mean:g}") + _spread(paper)
    return f.quantity, f.unit, people, f.date, f"`{f.model[:6]}`", printed, NONE if z is None else f"{z:+.1f}", told


def _spread(paper: Published) -> str:
    parts = [f"SE {paper.se:.2g}" if paper.se is not None else "", f"n {paper.n}" if paper.n else ""]
    return f" ({', '.join(p for p in parts if p)})" if any(parts) else ""


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(MINUS.sub("−", str(c).replace("|", "/")) for c in cells) + " |"


def _filled(text: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), 120, break_long_words=False, break_on_hyphens=False)
