"""How many of somebody else's files come out right: docs/outside-files.md.

    python scripts/score_outside_files.py FOLDER             the open half
    python scripts/score_outside_files.py FOLDER --half X    another one

FOLDER holds the files and ``expected.toml``, a table of right values. Each entry is imported alone into an empty journal.
An entry that is right by its note alone (another answer that the table calls as good) is listed, for a reader to judge.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from charley.api import journal as journals

SLACK_S = 5.0  # of times; twice that where there are several sports, and a step of the file more
SLACK_MEAN = 1.5


def main() -> None:
    """Print what is wrong with each entry, and the count of each kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", default="open")
    given = parser.parse_args()
    entries = tomllib.loads((given.folder / "expected.toml").read_text(encoding="utf-8"))["file"]
    right: Counter[int] = Counter()
    of: Counter[int] = Counter()
    for entry in entries:
        if entry["half"] != given.half:
            continue
        of[entry["kind"]] += 1
        wrong = list(_wrong(entry, given.folder / entry["file"].rstrip("/")))
        right[entry["kind"]] += not wrong
        if wrong:
            print(f"{entry['number']} {entry['file']}: {'; '.join(wrong)}. Note: {entry.get('note', '-')}")
    for kind in sorted(of):
        print(f"| {kind} | {right[kind]} of {of[kind]} |")
    print(f"| all | {sum(right.values())} of {sum(of.values())} |")


def _wrong(entry: dict[str, Any], path: Path) -> list[str]:
    """What an import makes of an entry that is not what the table says."""
    with tempfile.TemporaryDirectory() as there:
        journal = Path(there) / "journal.sqlite"
        journals.import_files(journal, [path], workers=0)
        runs = [journals.get_run(journal, row.run_id) for row in journals.list_runs(journal)]
        others = list(journals.list_others(journal))
    by_hand = [o for o in others if o.sport == "running"]
    wrong = []
    count = len(runs) + len(by_hand)
    if (entry.get("not_a_run") or entry.get("refused")) and count:
        wrong.append("a run was stored")
    if count != entry.get("n_runs", count):
        wrong.append(f"{count} runs, not {entry['n_runs']}")
    if len(others) - len(by_hand) != entry.get("n_other", len(others) - len(by_hand)):
        wrong.append(f"{len(others) - len(by_hand)} others, not {entry['n_other']}")
    km = (sum(r.distance_m for r in runs) + sum(o.distance_m or 0.0 for o in by_hand)) / 1000
    if "running_km" in entry and abs(km - entry["running_km"]) > entry["tolerance_km"] + 1e-9:
        wrong.append(f"{km:.2f} km, not {entry['running_km']}")
    every = re.search(r"every (\d+) s", entry["what"])
    slack = SLACK_S * (2 if entry["kind"] == 3 else 1) + (int(every.group(1)) if every else 0)
    hand_s = sum(o.elapsed_s for o in by_hand)
    seconds = {
        "elapsed_s": sum(r.elapsed_s for r in runs) + hand_s,
        "timer_s": sum(r.timer_s for r in runs) + hand_s,
        "pause_s": sum(r.elapsed_s - r.timer_s for r in runs),
    }
    wrong += [
        f"{k} {v:.0f}, not {entry[k]:.0f}" for k, v in seconds.items() if k in entry and abs(v - entry[k]) > slack
    ]
    days = [r.started_at.date().isoformat() for r in runs]
    if "day" in entry and entry["day"] not in days:
        wrong.append(f"days {days}, not {entry['day']}")
    for key, channel in (("mean_heart_rate_bpm", "heart_rate_bpm"), ("mean_cadence_spm", "cadence_spm")):
        if key in entry:
            values = np.concatenate([np.empty(0), *(getattr(r.streams, channel) for r in runs)])
            held = values[np.isfinite(values)]
            if not held.size or abs(held.mean() - entry[key]) > SLACK_MEAN:
                wrong.append(f"{key} {held.mean() if held.size else 'none'}, not {entry[key]}")
    return wrong


if __name__ == "__main__":
    main()
