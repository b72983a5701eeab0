"""The way of whoever changes Charley: a test that fails must say what was wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LARGE = """
import pytest
from hypothesis import given, strategies as st

class Large:
    def __repr__(self):
        return "x" * 40_000

@pytest.fixture(scope="module")
def large():
    return Large()

@given(small=st.integers(0, 9))
def test_it(large, small):
    assert small != 7
"""


def test_a_failing_example_is_shown_also_where_its_arguments_are_large(tmp_path: Path) -> None:
    """Warnings are errors here; that an argument is too large to be printed must not hide the one that failed."""
    (tmp_path / "test_large.py").write_text(LARGE)
    arguments = [
        "-c",
        str(ROOT / "pyproject.toml"),
        "--rootdir",
        str(tmp_path),
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]
    command = [sys.executable, "-m", "pytest", *arguments, str(tmp_path / "test_large.py")]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert ran.returncode == 1, ran.stderr
    assert "small=7" in ran.stdout
    assert "HypothesisWarning" not in ran.stdout
