"""Writes docs/evidence.md from the evidence tables: `python scripts/make_evidence_doc.py`; a test compares them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from charley.evidence import (
    claims,
    contradictions,
    experiments,
    incidence,
    priors,
    questions,
    risk_factors,
    safety,
    sources,
    standing_on,
)
from charley.evidence.studies import baseline_two_class, guidelines, interventions, kept_aside
from charley.vocabulary.evidence import GRADES, VERDICTS
from charley.vocabulary.studies import Outcome

PAGE = Path(__file__).resolve().parents[1] / "docs" / "evidence.md"


def page() -> str:
    """The whole page, one section a table."""
    parts = [
        _opening(),
        _questions(),
        _claims(),
        _contradictions(),
        _priors(),
        _baseline(),
        _experiments(),
        _risk_factors(),
        _incidence(),
        _interventions(),
        _safety(),
        _guidelines(),
        _sources(),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _table(header: str, rows: Iterable[tuple[object, ...]]) -> list[str]:
    names = [name.strip() for name in header.split("|")]
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    lines += ["| " + " | ".join(str(cell).replace("|", "/").strip() or "–" for cell in row) + " |" for row in rows]
    return lines


def _opening() -> list[str]:
    verdicts = Counter(claim.verdict for claim in claims().values())
    counted = ", ".join(f"{verdicts[v]} {v.replace('_', ' ')}" for v in VERDICTS if verdicts[v])
    return [
        "# Evidence",
        "",
        "What Charley stands on: what runners are told, what studies found, and which numbers follow from it. This",
        "page is made from the tables in `src/charley/evidence/data/`; the numbers of the models stand in",
        "[parameters](parameters.md).",
        "",
        "S0 to S4 are the five documents about calf cramps that Charley began with, in the order of their names. They",
        f"make {len(claims())} claims: {counted}.",
        "",
        "Most papers were read as abstracts, some are only recalled; each source says so. No number here has been",
        "checked by a clinician.",
        "",
        *_table("grade | meaning", GRADES.items()),
        "",
        *_table("verdict | meaning", ((v.replace("_", " "), text) for v, text in VERDICTS.items())),
    ]


def _questions() -> list[str]:
    rows = ((q.id, q.text, ", ".join(q.claim_ids)) for q in questions().values())
    return ["## What runners ask", "", *_table("id | question | claims that answer it", rows)]


def _claims() -> list[str]:
    rows = []
    for c in claims().values():
        verdict = f"**{c.verdict.replace('_', ' ')}**: {c.verdict_text}"
        rest = ", ".join(c.source_ids) if not (c.evidence_for or c.evidence_against) else ""
        stands = (", ".join(c.evidence_for) or rest, ", ".join(c.evidence_against))
        rows.append((c.id, " ".join(c.seeds), c.text, verdict, c.grade, *stands, c.used_by))
    return [
        "## Claims",
        "",
        "The grade is the strength of the verdict, not of the claim. Letters name rows below: E experiments, R risk",
        "factors, I incidence, D what people do, F red flags, G rules; an E row without a line of its own is kept",
        "aside.",
        "",
        *_table("id | told by | claim | verdict | grade | for | against | where Charley uses it", rows),
    ]


def _contradictions() -> list[str]:
    rows = []
    for x in contradictions().values():
        sides = "; ".join(f"{' '.join(side.who)}: {side.says}" for side in x.sides)
        rows.append((x.id, x.about, sides, x.finding, ", ".join((*x.claim_ids, *x.evidence))))
    return ["## Contradictions", "", *_table("id | about | who says what | what the studies say | rows", rows)]


def _priors() -> list[str]:
    rows = (
        (
            p.id,
            f"`{p.key}`",
            p.label,
            p.unit,
            f"{p.mean:g}",
            f"{p.sd:g}",
            p.role,
            p.sign,
            p.where,
            _cite(p.source_ids),
            p.grade,
            p.note,
        )
        for p in priors().values()
    )
    header = "id | key | label | per | mean | SD | role | sign | derived from | sources | grade | note"
    return [
        "## Priors of the hazard",
        "",
        "Log hazard per unit unless the unit says otherwise. Sign positive: certain; signed: the study leaves it open.",
        "",
        *_table(header, rows),
    ]


def _baseline() -> list[str]:
    rows = (
        (
            f"{b.distance_km:g}",
            _percent(b.chance_population),
            f"{_percent(b.low)} to {_percent(b.high)}",
            _percent(b.chance_not_prone),
            _percent(b.chance_prone),
            b.grade,
        )
        for b in baseline_two_class().values()
    )
    return [
        "## Chance of a cramp by distance",
        "",
        "Two classes of people, one of them prone, in an average field. Figures are in 100 runners; the range holds",
        "the middle 90 in 100.",
        "",
        *_table("km | everyone | range | not prone | prone | grade", rows),
    ]


def _experiments() -> list[str]:
    rows = []
    for e in experiments().values():
        use = "set by it" if e.calibration else "check"
        outcomes = "; ".join(_outcome(o) for o in e.outcomes)
        rows.append((e.id, e.title, e.muscle, e.n or "–", outcomes, e.target, use, _cite(e.source_ids), e.grade))
    aside = ", ".join(f"{k.id} ({_cite(k.source_ids)})" for k in kept_aside().values())
    return [
        "## Experiments that the laboratory runs again",
        "",
        "*set by it*: the model was set by this number, so agreement is no test. SE?: printed as ± without saying",
        "which.",
        "",
        *_table("id | what | muscle | n | published | asked of the model | use | source | grade", rows),
        "",
        f"Kept aside, so that something is left to test with: {aside}.",
    ]


def _outcome(o: Outcome) -> str:
    if o.mean is None:
        return f"{o.quantity}, {o.condition}: {o.note}" if o.condition != "-" else f"{o.quantity}: {o.note}"
    spread = f" ± {o.spread:g} ({o.spread_kind})" if o.spread is not None else ""
    p = f" [p {o.p}]" if o.p else ""
    return f"{o.quantity}, {o.condition}: {o.mean:g}{spread} {o.unit}{p}"


def _risk_factors() -> list[str]:
    rows = (
        (
            r.id,
            r.factor,
            r.population,
            r.n or "–",
            r.effect,
            r.measure,
            _size(r.log_effect, r.log_se),
            r.unit,
            _cite(r.source_ids),
            r.grade,
            r.why,
        )
        for r in risk_factors().values()
    )
    header = "id | factor | who | n | found | measure | log effect (SE) | per | source | grade | why"
    return ["## Risk factors", "", *_table(header, rows)]


def _incidence() -> list[str]:
    rows = []
    for i in incidence().values():
        value = "–" if i.value is None else f"{i.value:g}"
        span = "" if i.low is None else f" ({i.low:g} to {i.high:g})"
        rows.append(
            (i.id, i.what, i.population, i.n or "–", value + span, i.unit, _cite(i.source_ids), i.grade, i.note)
        )
    return [
        "## How often, where, when",
        "",
        *_table("id | what | who | n | value | unit | source | grade | note", rows),
    ]


def _interventions() -> list[str]:
    rows = (
        (
            d.id,
            d.kind,
            d.name,
            d.population,
            d.n or "–",
            d.effect,
            _size(d.size, d.se),
            d.verdict,
            _cite(d.source_ids),
            d.grade,
        )
        for d in interventions().values()
    )
    header = "id | when | what | who | n | found | log size (SE) | verdict | source | grade"
    return ["## What people do about cramps", "", *_table(header, rows)]


def _safety() -> list[str]:
    rows = (
        (f.id, f.condition, f.urgency_text, f.signs, f.criteria, _cite(f.source_ids), f.grade)
        for f in safety().values()
    )
    return [
        "## Red flags",
        "",
        "What is not a plain cramp. Charley sends people to care with these; it never says that all is well.",
        "",
        *_table("id | what it may be | how fast | signs | what doctors go by | source | grade", rows),
    ]


def _guidelines() -> list[str]:
    rows = ((g.id, g.when, g.rule, _cite(g.source_ids), g.where, g.grade) for g in guidelines().values())
    return ["## Rules on drinking and eating", "", *_table("id | when | rule | source | read | grade", rows)]


def _sources() -> list[str]:
    rows = (
        (s.id, s.citation, s.year or "–", s.reference, s.seen, s.finding, s.interest or "–")
        for s in sorted(sources().values(), key=lambda s: s.id)
    )
    return ["## Sources", "", *_table("id | publication | year | reference | read as | what it found | interest", rows)]


def _cite(ids: Iterable[str]) -> str:
    return ", ".join(source.id for source in standing_on(ids))


def _size(size: float | None, se: float | None) -> str:
    if size is None:
        return "–"
    return f"{size:g}" + (f" ({se:g})" if se is not None else "")


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
