"""The runner's day: a run's start in the zone in which it was run, the same for every list, question and answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from charley.journal import readable

RUNNER = "runner"  # who said the date
# the day of a row, where ? is one; the machine's own zone where nothing says another
ON_DAY = (
    "CASE WHEN json_valid(details) AND json_extract(details, '$.zone.utc_offset_s') IS NOT NULL "
    "THEN date(started_unix_s + json_extract(details, '$.zone.utc_offset_s'), 'unixepoch') "
    "ELSE date(started_unix_s, 'unixepoch', 'localtime') END = ?"
)


def zone_of(started_at: datetime, zone_from: str) -> dict[str, Any] | None:
    """What is kept of the zone of an aware start; None where it is the machine's, which may be another one day."""
    offset = started_at.utcoffset()
    if zone_from in ("", "machine") or offset is None:
        return None
    return {"utc_offset_s": offset.total_seconds(), "from": zone_from}


def moment(unix_s: float, details: Mapping[str, Any]) -> datetime:
    """A start in the zone that is kept with it. Raises one of ``readable.UNREADABLE`` for what is none."""
    zone = details.get("zone")
    if zone is None:
        return readable.when(unix_s).astimezone()
    return readable.when(unix_s).astimezone(timezone(timedelta(seconds=zone["utc_offset_s"])))


def zone_from(details: Mapping[str, Any]) -> str:
    """Where the zone is from: as in ``Run``, or "runner" where the runner said the date."""
    return "machine" if (zone := details.get("zone")) is None else str(zone["from"])
