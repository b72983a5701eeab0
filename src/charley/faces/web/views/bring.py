"""Add runs: files, folders and whole archives, with counts while they are read; what was skipped, and why."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from charley.faces.cli.import_runs import import_json
from charley.faces.report.wording import figures as fig
from charley.faces.web import journals as kept
from charley.faces.web import vendors
from charley.faces.web.forms import Form
from charley.faces.web.pages import Act, Asked, Page, Upload
from charley.faces.web.uploads import MOST_BYTES, Sent
from charley.faces.web.work import Task
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import ImportProgress, ImportSummary, Skipped

MOST_NAMED = 12  # files of each reason


@dataclass(frozen=True, slots=True)
class Bringing:
    """The import that is going on or was the last, and how many runs there are."""

    task: Task[ImportSummary] | None
    runs: int


def ask(asked: Asked) -> Bringing:
    """Where the import is."""
    return Bringing(asked.shelf.incoming(asked.work).go_on(), len(kept.glances(asked.journal)))


def show(now: Bringing, asked: Asked) -> dict[str, Any]:
    """Counts, and what was skipped."""
    task, shown = (
        now.task,
        {
            "vendors": vendors.shown(),
            "most_bytes": MOST_BYTES,
            "runs": now.runs,
            "going": None,
            "done": None,
            "problem": "",
        },
    )
    if task is None:
        return shown
    if not task.ended.is_set():
        news = task.news if isinstance(task.news, ImportProgress) else ImportProgress(0.0, 0, 0, 0, "")
        counts = {
            "percent": round(100 * min(news.share, 1.0)),
            "imported": news.imported, "known": news.duplicates, "skipped": news.skipped,
        }  # fmt: skip
        return shown | {"going": counts | {"seconds": int(task.seconds)}}
    if task.error is not None:
        return shown | {"problem": str(task.error)}
    return shown | {"done": None if task.result is None else _summary(task.result)}


def _summary(done: ImportSummary) -> dict[str, Any]:
    reasons: defaultdict[str, list[Skipped]] = defaultdict(list)
    for skipped in (*done.skipped, *done.same_runs):
        reasons[skipped.code].append(skipped)
    return {
        "runs": done.imported - done.others,
        "others": done.others,
        "known": done.duplicates,
        "refreshed": done.refreshed,
        "skipped": len(done.skipped),
        "seconds": f"{done.seconds:.0f}",
        "undated": len(done.undated),
        "reasons": [
            {
                "text": re.sub(r"; docs/\S+ says [^.]*", "", fig.clean(files[0].text)),
                "code": code,
                "count": fig.count(len(files), "file"),
                "files": [fig.clean(_own_name(f.file)) for f in files[:MOST_NAMED]],
                "more": max(0, len(files) - MOST_NAMED),
            }
            for code, files in sorted(reasons.items(), key=lambda item: (item[1][0].harmless, item[0]))
        ],
    }


def _own_name(file: str) -> str:
    """A file as it was called where it came from: without the folders in which it waited."""
    return file.partition(".incoming/")[2].split("/", 2)[-1] or file


def tell(now: Bringing) -> dict[str, Any]:
    """While it goes on, how far it is; then as `charley import --json` gives it."""
    if now.task is None or now.task.result is None:
        done = None if now.task is None else now.task.done
        return {"meta": {"status": "working" if now.task else "nothing"}, "done": done, "runs": now.runs}
    return import_json(now.task.result)


def take(sent: Sent, asked: Asked) -> str:
    """Files that came: bring them in."""
    if not sent.files:
        raise UsageError("usage-one-file", "no file was chosen")
    asked.shelf.incoming(asked.work).go_on()
    return "/bring"


def stop(form: Form, asked: Asked) -> str:
    """Stop an import."""
    asked.shelf.incoming(asked.work).stop()
    return "/bring"


PAGE = Page("/bring", "bring", ask, show, tell)
UPLOAD = Upload("/bring", take, MOST_BYTES)
ACTS = (Act("/bring/stop", stop),)
