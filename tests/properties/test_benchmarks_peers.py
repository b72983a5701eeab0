"""The benchmark against peers gives them our own equations; what can be checked of that without the peers."""

from __future__ import annotations

import re
import runpy
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
SECONDS, UNITS = 1.0, 60  # whole blocks of units and a part of one


@pytest.fixture(scope="module")
def peers() -> dict[str, Any]:
    return runpy.run_path(str(BENCHMARKS / "peers.py"), run_name="peers")


@pytest.fixture(scope="module")
def given(peers: dict[str, Any]) -> dict[str, Any]:
    return peers["inputs"](peers["new_pool"](UNITS, engine="reference"), SECONDS)


def run_statements(step: str, reset: str, given: dict[str, Any]) -> dict[str, Any]:
    """Run a peer's statements on arrays: all units' step, then the reset of those that crossed."""
    n = len(given["g"])
    states = ("m", "ahp", "silent", "count")
    names: dict[str, Any] = {**given, **{name: np.zeros(n) for name in states}, "exp": np.exp, "clip": np.clip}
    names["vs"], names["vd"] = np.full(n, given["e_leak"]), np.full(n, given["e_leak"])
    step_code, reset_code = compile(step, "step", "exec"), compile(reset, "reset", "exec")
    for _ in range(round(given["seconds"] * 1000 / given["step_ms"])):
        exec(step_code, names)
        fired = np.flatnonzero(names["vs"] >= names["v_threshold"])
        if len(fired):
            held = {key: value for key, value in names.items() if isinstance(value, np.ndarray) and value.shape == (n,)}
            part = {**names, **{key: value[fired] for key, value in held.items()}}
            exec(reset_code, part)
            for key, value in held.items():
                value[fired] = part[key]
    return names


def test_statements_for_brian2_repeat_our_step(peers: dict[str, Any], given: dict[str, Any]) -> None:
    from charley.neuromuscular import layout as at

    brian2 = runpy.run_path(str(BENCHMARKS / "peers/brian2_pool.py"), run_name="brian2_pool")
    pool = peers["new_pool"](UNITS, engine="reference")
    counts = pool.discharge(peers["DRIVE"], peers["INHIBITION"], SECONDS)
    theirs = run_statements(brian2["STEP"], brian2["RESET"], given)
    assert counts.sum() > 10 * UNITS  # the drive makes them all busy, or equality would say little
    np.testing.assert_array_equal(theirs["count"], counts)
    rows = pool.blocks.reshape(len(pool.blocks), at.ROWS, at.WIDTH)
    for name, row in (
        ("vs", at.V_SOMA),
        ("vd", at.V_DENDRITE),
        ("m", at.PIC),
        ("ahp", at.AHP),
        ("silent", at.REFRACTORY),
    ):
        # the two exponentials agree to 1e-12; a second of firing may spread that, but no further than this
        np.testing.assert_allclose(theirs[name], rows[:, row].reshape(-1)[:UNITS], rtol=1e-7, atol=1e-7, err_msg=name)


def test_neurons_mechanism_has_the_same_arithmetic_as_the_statements_for_brian2() -> None:
    brian2 = runpy.run_path(str(BENCHMARKS / "peers/brian2_pool.py"), run_name="brian2_pool")
    source = (BENCHMARKS / "peers/mechanisms/charley_step.mod").read_text()
    body = source[source.index("PROCEDURE advance") :]
    lines = {re.sub(r"\s+", " ", line).strip() for line in body.splitlines()}
    shared = [
        line for line in brian2["STEP"].strip().splitlines() if re.match(r"(ahp|ga|gp|p|a..|r\d|scaled|vs|vd) =", line)
    ]
    assert len(shared) > 12
    assert not [line for line in shared if line not in lines]


def test_mechanisms_name_only_numbers_that_are_sent(given: dict[str, Any]) -> None:
    made_there = {"tau_ahp"}  # from the decay of the unit
    for path in (BENCHMARKS / "peers/mechanisms").glob("*.mod"):
        block = re.search(r"PARAMETER \{(.*?)\n\}", path.read_text(), re.DOTALL)
        assert block is not None
        named = set(re.findall(r"^\s*(\w+) =", block[1], re.MULTILINE))
        assert named
        assert named <= set(given) | made_there, path.name


def test_time_constants_sent_are_those_of_the_steps(given: dict[str, Any]) -> None:
    dt = given["step_ms"]
    assert np.isclose(1 - np.exp(-dt / given["tau_pic"]), given["relax"], rtol=1e-12)
    assert np.isclose(dt / 2 / given["tau_soma"], given["soma_step"], rtol=1e-12)
    assert np.isclose(dt / 2 / given["tau_dendrite"], given["dendrite_step"], rtol=1e-12)


@pytest.mark.parametrize("named", [None, "no/such/python", sys.executable])
def test_without_peers_one_line_says_how_to_get_them(
    named: str | None, peers: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if named == sys.executable and find_spec("brian2") and find_spec("neuron"):
        pytest.skip("this Python has the peers")
    monkeypatch.setenv(peers["VARIABLE"], "")
    peers["main"]([named] if named else [])
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert peers["VARIABLE"] in out
    assert "pip install" in out
