"""A run made ready for the journal, where there is a processor to spare: in the process that read its file."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields

from charley.journal import days, streams
from charley.vocabulary.run import Press, Run, Streams


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run made ready for the journal: all that needs the processor is done, so that a worker can do it."""

    run_id: str
    started_unix_s: float
    elapsed_s: float
    timer_s: float
    distance_m: float
    records: int
    file_name: str
    file_format: str
    device: str
    sport: str
    title: str
    demo: bool
    samples: int
    channels: str
    details: str
    streams_content: bytes
    presses: tuple[Press, ...] = ()  # answers that came with the file


def prepare(run: Run, title: str = "") -> Prepared:
    """Encode and compress a run. Raises ValueError for totals that are no finite numbers."""
    totals = (run.elapsed_s, run.timer_s, run.distance_m, run.started_at.timestamp())
    if not all(math.isfinite(x) for x in totals):
        raise ValueError("the totals of a run are finite numbers")
    details = {
        "intervals": [asdict(i) for i in run.intervals],
        "changes": [asdict(c) for c in run.changes],
        "warnings": [asdict(w) for w in run.warnings],
        "other_legs": [asdict(leg) for leg in run.other_legs],
        "zone": days.zone_of(run.started_at, run.zone_from),
    }
    has = [f.name for f in fields(Streams) if f.name != "time_s" and run.streams.has(f.name)]
    return Prepared(
        run.run_id, run.started_at.timestamp(), run.elapsed_s, run.timer_s, run.distance_m, run.records,
        run.file_name, run.file_format, run.device, run.sport, title, run.demo, len(run.streams),
        json.dumps(has), json.dumps(details, ensure_ascii=False, sort_keys=True), streams.encode(run),
        run.presses,
    )  # fmt: skip
