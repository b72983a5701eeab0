"""How the benchmarks take time: medians over rounds, peers and ours in turn, so that a busy machine slows both."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable


def in_turn(rounds: int, **what: Callable[[], object]) -> dict[str, float]:
    """Median wall seconds of each call, all calls once a round."""
    seen: dict[str, list[float]] = {name: [] for name in what}
    for _ in range(rounds):
        for name, call in what.items():
            start = time.perf_counter()
            call()
            seen[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seen.items()}


def both(rounds: int, **what: Callable[[], object]) -> dict[str, tuple[float, float]]:
    """Median wall and processor seconds (children included) of each call, all calls once a round."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in what}
    for _ in range(rounds):
        for name, call in what.items():
            wall, spent = time.perf_counter(), sum(os.times()[:4])
            call()
            seen[name].append((time.perf_counter() - wall, sum(os.times()[:4]) - spent))
    return {
        name: (statistics.median(w for w, _ in times), statistics.median(c for _, c in times))
        for name, times in seen.items()
    }


def pair(name: str, times: tuple[float, float], against: tuple[float, float] | None = None, bar: str = "") -> None:
    """One line of a table with wall and processor time; the ratio is that of processor time."""
    ratio = f"{times[1] / against[1]:.1f}x" if against else "-"
    print(f"| {name} | {1000 * times[0]:.0f} ms | {1000 * times[1]:.0f} ms | {ratio} | {bar} |")


def process(*arguments: str, warm: bool = True) -> Callable[[], object]:
    """A whole process of this Python, its output thrown away; ``warm``: run once before, so that it finds its bytecode."""
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def call() -> object:
        return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=surroundings)

    if warm:
        call()
    return call


def row(name: str, seconds: float, against: float | None = None, floor: str = "", bar: str = "") -> None:
    """One line of a table."""
    ratio = f"{seconds / against:.1f}x {floor}" if against else "-"
    print(f"| {name} | {1000 * seconds:.0f} ms | {ratio} | {bar} |")


def header() -> None:
    """The table's head."""
    print("| what | median | ratio | bar |\n| --- | --- | --- | --- |")
