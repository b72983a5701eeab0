"""Writes docs/benchmarks.md: `python scripts/make_benchmarks.py [NAME ...]`, all of them by default."""

from __future__ import annotations

import io
import os
import platform
import sys
from contextlib import redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

HEAD = """# Speed

Made by `python scripts/make_benchmarks.py` ({machine}; load {load:.1f} on {cores} cores when it began). Milliseconds
depend on the machine and on what else it does, so each table sets ours against a floor or a peer measured in the same
run: read the ratios. One table alone: `python -m benchmarks NAME`. Against Brian2 and NEURON, which have an environment
of their own: [benchmarks-peers.md](benchmarks-peers.md).

"""


def main(names: list[str]) -> None:
    """Run the benchmarks and keep what they print."""
    from benchmarks.__main__ import NAMES
    from benchmarks.__main__ import main as run

    machine = f"CPython {platform.python_version()}, {platform.machine()}"
    head = HEAD.format(machine=machine, load=os.getloadavg()[0], cores=os.cpu_count())
    kept = io.StringIO()
    with redirect_stdout(kept):
        run(names or [n for n in NAMES if n != "peers"])
    (ROOT / "docs" / "benchmarks.md").write_text(head + kept.getvalue().rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
