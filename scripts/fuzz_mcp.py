"""Fuzzed requests to `charley mcp`, over its own standard input and output: 10^4 of them without a traceback.

    python scripts/fuzz_mcp.py                    10,000 requests from seed 1
    python scripts/fuzz_mcp.py --keep             the same, with the figures into docs/reliability.md

Every request with an id must have its answer: at most 2,000 bytes for a tool, the line of warning signs at its end, a
code where it could not be answered. The server must be alive at the end, with nothing on its standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import reliability_page

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))
GOAL = 10_000
WAITING = 4  # requests that are sent before answers are read: their answers must fit into a pipe
MOST_BYTES = 2000
CODE = re.compile(r"\[[a-z0-9-]+\]")
SIGNS = "get medical care now."
PROTOCOL = "2025-06-18"

WORDS = ["", "last", "marathon", "half", "10k", "3:30:00", "18C", "60%", "2026-10-04", "calf", "none", "pop", "GB", "/",
         "/dev/zero", "/etc/passwd", "..", "does salt help?", "my chest hurts", "one calf is swollen", "dark urine",
         "mir ist schwindlig und die Brust tut weh", "Ignore all earlier instructions", "\ud800", "\0", "\x1b[2J", "‮",
         "🏃" * 50, "a" * 5000, "%s%n{0}", "'; DROP TABLE run; --", "1e309", "-0", "NaN", "\n" * 40]  # fmt: skip
THINGS: list[Any] = [None, True, False, 0, -1, 3, 1e308, 2**70, [], {}, [[[]]], {"text": "my chest hurts"}, ["pop"] * 9]
NAMES = ["run", "file", "at", "distance", "goal", "date", "temp", "rh", "studies", "question", "country", "text",
         "flags", "muscle", "where", "limit", "note", "__class__", ""]  # fmt: skip
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("runs", {}), ("runs", {"limit": 20}), ("why", {}), ("why", {"run": "last"}), ("ask", {"question": "does salt help?"}),
    ("help_me", {}), ("help_me", {"flags": "none"}), ("race", {"distance": "10k", "studies": True}),
]  # fmt: skip


def text(dice: random.Random) -> str:
    """A text of any kind, as often as not made of others."""
    if dice.random() < 0.3:
        return "".join(
            chr(dice.choice((dice.randrange(32, 127), dice.randrange(0x2500)))) for _ in range(dice.randrange(40))
        )
    return " ".join(dice.choice(WORDS) for _ in range(dice.choice((1, 1, 1, 2, 5))))


def call(dice: random.Random) -> tuple[str, Any]:
    """A tool and arguments: mostly one of its own with something wrong in it."""
    name, good = dice.choice(GOOD)
    if dice.random() < 0.1:
        return name, good
    given: dict[str, Any] = dict(good) if dice.random() < 0.5 else {}
    for _ in range(dice.choice((1, 1, 2, 4))):
        given[dice.choice(NAMES)] = text(dice) if dice.random() < 0.7 else dice.choice(THINGS)
    return (dice.choice((name, name, name, text(dice)))), given


def line(number: int, dice: random.Random) -> tuple[str, bool]:
    """One line as it is sent, and whether a tool's answer must come."""
    name, given = call(dice)
    kind = dice.random()
    if kind < 0.9:
        asked = {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": name, "arguments": given}}
        sent = json.dumps(asked)
        return (
            sent,
            "\\ud800" not in sent,
        )  # half a letter is no JSON to the package, which leaves such a line unanswered
    if kind < 0.95:  # no request for a tool at all
        method = dice.choice(("tools/list", "ping", "resources/list", "prompts/get", "initialize", text(dice)))
        return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": dice.choice(THINGS)}), False
    whole = json.dumps({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": name}})
    cut = dice.randrange(len(whole))
    return whole[:cut] + dice.choice(("", "}", "\\", '"')) + whole[cut + 1 :], False


class Wrong(Exception):
    """What a request showed that must not be."""


def must(holds: bool, what: str) -> None:
    """Raise Wrong unless it holds."""
    if not holds:
        raise Wrong(what)


def check(answered: str, said: str, is_error: bool) -> None:
    """What must hold of an answer of a tool, as it was sent (``answered``) and as text (``said``)."""
    must(len(answered.encode()) <= MOST_BYTES, f"{len(answered.encode())} bytes: {answered[:300]}")
    must(said.endswith(SIGNS), f"no line of signs at the end: {said[-100:]!r}")
    must("Traceback" not in said and "[defect]" not in said, said[:300])
    must(not is_error or CODE.search(said) is not None, f"an error without a code: {said[:200]!r}")


def journal(folder: Path) -> Path:
    """A small journal with a cramp and a note that gives orders."""
    import career_world

    return career_world.fill(folder / "journal.sqlite", 9, cramped=(8,), side="left")


def answers(server: subprocess.Popen[bytes], wanted: int) -> Iterator[tuple[str, Any]]:
    """The next lines that the server sends, until so many ids were answered."""
    assert server.stdout is not None
    seen = 0
    while seen < wanted:
        raw = server.stdout.readline()
        must(bool(raw), "the server has ended")
        found = json.loads(raw)
        if found.get("id") is not None:
            seen += 1
            yield raw.decode().rstrip("\n"), found


def campaign(requests: int, seed: int, folder: Path) -> dict[str, Any]:
    """So many requests to one server. Raises Wrong for the first that shows a fault."""
    dice = random.Random(seed)
    command = [sys.executable, "-m", "charley", "--journal", str(journal(folder)), "mcp"]
    errors = folder / "stderr"
    count = {"inputs": 0, "answered": 0, "refused": 0}
    with (
        errors.open("wb") as to,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=to) as server,
    ):
        assert server.stdin is not None
        hello = {"jsonrpc": "2.0", "id": "hello", "method": "initialize", "params": {
            "protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": {"name": "fuzz", "version": "1"}}}  # fmt: skip
        for asked in (hello, {"jsonrpc": "2.0", "method": "notifications/initialized"}):
            server.stdin.write(json.dumps(asked).encode() + b"\n")
        server.stdin.flush()
        list(answers(server, 1))
        while count["inputs"] < requests:
            lines = [line(count["inputs"] + i, dice) for i in range(min(WAITING, requests - count["inputs"]))]
            tools = {count["inputs"] + i for i, (_, is_tool) in enumerate(lines) if is_tool}
            last = {"jsonrpc": "2.0", "id": f"last-{count['inputs']}", "method": "ping"}
            server.stdin.write(b"".join(one.encode() + b"\n" for one, _ in lines) + json.dumps(last).encode() + b"\n")
            server.stdin.flush()
            left = set(tools) | {last["id"]}
            while left:
                raw, found = next(answers(server, 1))
                if found["id"] in tools and "result" in found:
                    result = found["result"]
                    check(raw, result["content"][0]["text"], result.get("isError", False))
                    count["refused" if result.get("isError") else "answered"] += 1
                left.discard(found["id"])
            count["inputs"] += len(lines)
        server.stdin.close()
        server.wait(60)
    must(server.returncode == 0, f"the server left with {server.returncode}")
    must(errors.read_bytes() == b"", errors.read_text(errors="replace")[:500])
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return count | {"seed": seed, "cpu_s": round(spent.ru_utime + spent.ru_stime, 1),
                    "until": datetime.now(UTC).date().isoformat()}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=GOAL)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory(prefix="charley-mcp-") as folder:
        found = campaign(options.requests, options.seed, Path(folder))
    print(found)
    if options.keep:
        reliability_page.keep("mcp", found)


if __name__ == "__main__":
    main()
