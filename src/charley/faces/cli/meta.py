"""The meta block that every object of JSON carries."""

from __future__ import annotations

from datetime import UTC, datetime

from charley.vocabulary.version import __version__


def meta(status: str = "ok") -> dict[str, str]:
    """Tool, version, time of making (UTC), and "ok" or "cannot_tell"."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"tool": "charley", "version": __version__, "generated_at": now, "status": status}
