"""Writes docs/benchmarks.md: `python scripts/make_benchmarks.py [NAME ...]`, all of them by default.

With names, their sections alone are measured and written; the others stay as they are.
"""

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
    page = ROOT / "docs" / "benchmarks.md"
    whole = head if not names else page.read_text(encoding="utf-8")
    for name in names or [n for n in NAMES if n != "peers"]:
        kept, load = io.StringIO(), os.getloadavg()[0]
        with redirect_stdout(kept):
            run([name])
        section = kept.getvalue().strip() + "\n"
        if names:
            section = section.replace("\n", f"\n\nMeasured alone, at load {load:.1f}.\n", 1)
        whole = with_section(whole, name, section)
    page.write_text(whole.rstrip() + "\n", encoding="utf-8")


def with_section(page: str, name: str, section: str) -> str:
    """The page with that section in the place of the one of that name, or at its end."""
    before, found, rest = f"\n{page}".partition(f"\n## {name}\n")
    after = rest.partition("\n## ")
    tail = f"\n## {after[2]}" if after[1] else ""
    return f"{before}\n{section}{tail}".lstrip("\n") if found else f"{page.rstrip()}\n\n{section}"


if __name__ == "__main__":
    main(sys.argv[1:])
