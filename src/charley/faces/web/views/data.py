"""Settings and data: what is here, a copy, an export, a backup put back, and forgetting; units."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from charley.api import journal as journals
from charley.faces.cli.data import FORGET_LIMITS, status_json
from charley.faces.report.wording import figures as fig
from charley.faces.web import journals as kept
from charley.faces.web.forms import Form, one
from charley.faces.web.pages import UNITS, Act, Asked, File, Page, Upload
from charley.faces.web.uploads import MOST_BACKUP_BYTES, Sent
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import JournalStatus

FORGETTING = (("run", "one run"), ("health", "what I said of health"), ("everything", "everything"))


@dataclass(frozen=True, slots=True)
class Kept:
    """The journal in figures, and what it knows."""

    status: JournalStatus
    knows: tuple[tuple[str, str], ...]


def ask(asked: Asked) -> Kept:
    """Figures and disclosure."""
    status = kept.status(asked.journal)
    return Kept(status, kept.unchanged(asked.journal, "knows", journals.disclose).lines if status.exists else ())


def show(kept: Kept, asked: Asked) -> dict[str, Any]:
    """For the template."""
    now = kept.status
    return {
        "exists": now.exists,
        "counts": [
            ("runs", fig.number(now.runs)),
            ("your answers", fig.number(now.answers)),
            ("cramps", fig.number(now.cramps)),
            ("runs without a cramp", fig.number(now.cramp_free)),
            ("weighings", fig.number(now.weighings)),
            ("on the disk", f"{now.bytes_on_disk / 1e6:.1f} MB"),
        ],
        "path": "" if asked.demo else str(now.path),
        "knows": kept.knows,
        "backups": len(now.backups),
        "choices": FORGETTING,
        "limits": FORGET_LIMITS,
        "units_known": UNITS,
    }


def tell(kept: Kept) -> dict[str, Any]:
    """As `charley data status --json` gives it."""
    return status_json(kept.status)


def backup(asked: Asked) -> tuple[bytes, str, str]:
    """One file with everything in it, read back before it counts."""
    with tempfile.TemporaryDirectory() as there:
        made = journals.make_backup(asked.journal, Path(there) / _named("charley-backup"))
        return made.path.read_bytes(), made.path.name, "application/octet-stream"


def export(asked: Asked) -> tuple[bytes, str, str]:
    """Everything in open formats, as a zip: the files of `charley data export`."""
    import io
    import zipfile

    with tempfile.TemporaryDirectory() as there:
        folder = journals.export_all(asked.journal, Path(there) / "charley-export").path
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                entry = zipfile.ZipInfo(f"charley-export/{file.relative_to(folder)}")
                archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
        return packed.getvalue(), _named("zip"), "application/zip"


def _named(kind: str) -> str:
    return f"{datetime.now():%Y-%m-%d}_journal.{kind}"


def restore(sent: Sent, asked: Asked) -> str:
    """Put a backup in the place of the journal; the one before it is kept beside it."""
    if len(sent.files) != 1:
        raise UsageError("usage-one-file", "choose one backup file")
    journals.restore_backup(asked.journal, sent.files[0])
    return "/data"


def forget(form: Form, asked: Asked) -> str:
    """Remove for good what was named, if the word for it was typed."""
    what = one(form, "what")
    if what not in dict(FORGETTING):
        raise UsageError("forget-what", "you named nothing")
    if one(form, "sure").lower() != "forget":
        raise UsageError("forget-what", "not confirmed; nothing was changed")
    if what == "run":
        run = one(form, "run")
        if not run:
            raise UsageError("forget-what", "you named no run")
        journals.forget_run(asked.journal, run)
    elif what == "health":
        journals.forget_health(asked.journal)
    else:
        journals.forget_all(asked.journal)
        return "/"
    return "/data"


PAGE = Page("/data", "data", ask, show, tell, tab="data")
UPLOAD = Upload("/data/restore", restore, MOST_BACKUP_BYTES)
FILES = (File("/data/backup", backup), File("/data/export", export))
ACTS = (Act("/data/forget", forget, PAGE),)
