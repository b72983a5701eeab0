"""What small files of a stranger cost in each verb: processor time beside that of a file of nothing, and memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.hostile_files import FILES

# Runs a command of the program and prints the largest memory of itself and of what it started (MiB). A process that was
# started begins with what its parent held (that is how the system counts), so the larger of the two counts.
COMMAND = """
import resource, sys
from charley.faces.cli.main import main
sys.argv = ["charley", *sys.argv[1:]]
try:
    main()
finally:
    own = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
    print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024, file=sys.stderr)
"""
VERBS = (("import",), ("why",), ("runs",), ("data", "doctor"))


def main() -> None:
    print(
        f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores when it began. At most a megabyte each; bar: 3 s of"
    )
    print(
        "processor time beside what a file of nothing takes, 500 MiB. `runs` and `doctor`: of what the import kept.\n"
    )
    print("| what | kB | " + " | ".join(f"`{verb[-1]}`" for verb in VERBS) + " | largest memory |")
    print("| --- | --- | " + "--- | " * len(VERBS) + "--- |")
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        nothing = folder / "nothing"
        nothing.write_bytes(b"x")
        floor = [seconds for seconds, _ in costs(nothing)]
        for name, make in FILES.items():
            path = folder / name
            path.write_bytes(make())
            found = costs(path)
            spent = " | ".join(f"{max(s - f, 0.0):.1f} s" for (s, _), f in zip(found, floor, strict=True))
            size = path.stat().st_size / 1000
            print(f"| {name} | {size:.0f} | {spent} | {max(memory for _, memory in found):.0f} MiB |", flush=True)
            path.unlink()


def costs(path: Path) -> list[tuple[float, float]]:
    """Seconds of processor time and memory (MiB) of each verb, on a journal of its own."""
    with tempfile.TemporaryDirectory() as journal:
        around = os.environ | {"CHARLEY_JOURNAL": str(Path(journal) / "journal.sqlite")}
        return [_cost([*verb, *([str(path)] if verb[0] in ("import", "why") else [])], around) for verb in VERBS]


def _cost(command: list[str], around: dict[str, str]) -> tuple[float, float]:
    before = os.times()
    found = subprocess.run(
        [sys.executable, "-c", COMMAND, *command], env=around, capture_output=True, text=True, check=False
    )
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return spent, float(re.findall(r"^[\d.]+$", found.stderr, re.M)[-1])


if __name__ == "__main__":
    main()
