"""A cohort's counts as a table, CSV or Parquet: a row a kilometre, then a row a quarter of an hour."""

from __future__ import annotations

import csv
import io
from importlib.util import find_spec

from charley.vocabulary.cohort import CohortAnswer, Spread
from charley.vocabulary.errors import UsageError
from charley.vocabulary.version import __version__

HEADS = ("by", "from", "counted", "per_race", "studies_low", "studies_high", "luck_low", "luck_high")
Row = tuple[str, float, int, float, float, float, float, float]


def rows(a: CohortAnswer) -> list[Row]:
    """By "km" from that kilometre on, or by "clock" from that hour of the day on; figures per race."""
    found: list[Row] = [("km", float(k.km), k.counted, *_figures(k.cramps)) for k in a.by_km]
    return found + [("clock", s.start_s / 3600.0, s.counted, *_figures(s.cramps)) for s in a.by_slot]


def provenance(a: CohortAnswer) -> dict[str, str]:
    """Where the table comes from."""
    return {
        "charley": __version__,
        "field": a.field.name,
        "runners": str(a.runners),
        "seed": str(a.seed),
        "parameters_sha256": a.parameters_sha256,
        "digest": a.digest,
        "complete": str(a.complete).lower(),
        "note": "a model, not a count",
    }


def as_csv(a: CohortAnswer) -> bytes:
    """The table, with provenance in lines that begin with #."""
    out = io.StringIO()
    for name, value in provenance(a).items():
        out.write(f"# {name}: {' '.join(value.split())}\n")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEADS)
    table.writerows([(*row[:3], *(f"{v:.2f}" for v in row[3:])) for row in rows(a)])
    return out.getvalue().encode()


def check_parquet() -> None:
    """Say before minutes of work that no Parquet can be written. Raises UsageError (cluster-extra)."""
    if find_spec("pyarrow") is None:
        raise UsageError("cluster-extra", "Parquet needs the package pyarrow", "--parquet")


def as_parquet(a: CohortAnswer) -> bytes:
    """The table with its schema, provenance in the schema's metadata. Raises UsageError (cluster-extra)."""
    check_parquet()
    import pyarrow as pa
    from pyarrow import parquet

    types = [pa.string(), pa.float64(), pa.int64(), *[pa.float64()] * 5]
    schema = pa.schema(
        [pa.field(name, kind, nullable=False) for name, kind in zip(HEADS, types, strict=True)],
        metadata={f"charley.{name}": value for name, value in provenance(a).items()},
    )
    columns = list(zip(*rows(a), strict=True))
    table = pa.table([pa.array(c, kind) for c, kind in zip(columns, types, strict=True)], schema=schema)
    out = io.BytesIO()
    parquet.write_table(table, out)
    return out.getvalue()


def _figures(s: Spread) -> tuple[float, float, float, float, float]:
    e = s.parameters
    return e.mean, e.low, e.high, s.people_low, s.people_high
