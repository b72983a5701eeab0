"""The container, or where nothing builds one its steps in an empty folder: each page of the tour without a network."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "try_container.py"


def test_the_container_serves_the_tour_without_a_network():
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, timeout=1800, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-2000:]
    ((answered, pages),) = re.findall(r"(\d+) of (\d+) pages of charley serve --demo answered", said)
    assert answered == pages
    assert int(pages) >= 15
