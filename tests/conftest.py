"""Fixtures that several oracles share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chromium import browser as browser  # a fixture


def _shared_root() -> Path | None:
    """The folder of reference data that lies beside the project, or where CHARLEY_SHARED says."""
    named = os.environ.get("CHARLEY_SHARED")
    candidates = [Path(named)] if named else [Path(__file__).resolve().parents[2] / "shared"]
    return next((path for path in candidates if path.is_dir()), None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared reference data; a test that needs it is skipped where it is absent."""
    root = _shared_root()
    if root is None:
        pytest.skip("the reference data is not beside the project (set CHARLEY_SHARED to its folder)")
    return root
