"""Run the benchmarks that are named, or all, and print what docs/benchmarks.md records."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

HELPERS = ("timing", "long_run", "hostile_files")
NAMES = sorted(
    p.stem for p in Path(__file__).parent.glob("*.py") if not p.stem.startswith("_") and p.stem not in HELPERS
)


def main(names: list[str]) -> None:
    unknown = [n for n in names if n not in NAMES]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    for name in names or NAMES:
        print(f"## {name}\n")
        import_module(f"benchmarks.{name}").main()
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
