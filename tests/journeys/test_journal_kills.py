"""kill -9 in the middle of import, log, migrate, backup and restore: nothing lost, nothing half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "kill_minus_nine.py"
KILLS = 42  # of each of five kinds: 210 in all; the script does as many as one likes
READERS = 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes to be killed are forks, which this system has not")
def test_two_hundred_kills_lose_nothing() -> None:
    command = [sys.executable, str(SCRIPT), "--kills", str(KILLS), "--readers", str(READERS), "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    # A reader whose importer is killed while it starts says so itself; anything that the script says is a failure.
    assert "kill_minus_nine" not in done.stderr
    report = json.loads(done.stdout)
    assert report.get("lost") is None
    assert done.returncode == 0
    kills = {kind: report[kind]["kills"] for kind in ("import", "log", "migrate", "backup", "restore", "readers")}
    assert kills == dict.fromkeys(("import", "log", "migrate", "backup", "restore"), KILLS) | {"readers": READERS}
