"""The exported motor neuron, read back from its files and integrated by SciPy, fires when ours does.

Oracle: SciPy's Runge-Kutta with events, on the equations and numbers as text in the two files; nothing of our engine.
docs/neuroml.md has the same for PyLEMS and jNeuroML, which are not needed here.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from types import CodeType
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from charley.api.laboratory import export_neuron
from charley.evidence import parameters
from charley.faces.cli.main import run as cli
from charley.neuromuscular import Subject
from charley.neuromuscular.motor_neuron import motor_neuron, spike_times_ms

LIMIT_MS = 0.1
DRIVE, INHIBITION = 0.4, 0.1  # of the benchmark against other tools
NML = "{http://www.neuroml.org/schema/neuroml2}"


@cache
def _compiled(text: str) -> CodeType:
    return compile(text.replace(".lt.", "<").replace(".gt.", ">"), "LEMS", "eval")


class ReadBack:
    """A component type of LEMS with the numbers of a component: times in ms, potentials in mV."""

    def __init__(self, cell: str, simulation: str) -> None:
        kind = fromstring(cell).find(f"{NML}ComponentType")
        component = fromstring(simulation).find("Component")
        assert kind is not None
        assert component is not None
        assert component.get("type") == kind.get("name")
        declared = {p.get("name") for p in kind.iter(f"{NML}Parameter")}
        given = {k: v for k, v in component.items() if k not in ("id", "type")}
        assert set(given) == declared
        self.numbers = {k: float(re.sub("[a-zA-Z]+$", "", v)) for k, v in given.items()} | {
            "exp": math.exp,
            "__builtins__": {},
        }
        self.numbers |= {c.get("name"): float(c.get("value").split()[0]) for c in kind.iter(f"{NML}Constant")}
        self.kind = kind
        self.states = [s.get("name") for s in kind.iter(f"{NML}StateVariable")]
        self.rates = {d.get("variable"): d.get("value") for d in kind.iter(f"{NML}TimeDerivative")}
        self.cases = [(c.get("condition"), c.get("value")) for c in kind.iter(f"{NML}Case")]

    def value(self, text: str, at: dict[str, float]) -> float:
        return float(eval(_compiled(text), self.numbers, at))  # our own file, and arithmetic alone

    def assigned(self, where: Element | None, at: dict[str, float]) -> dict[str, float]:
        assert where is not None
        return at | {a.get("variable"): self.value(a.get("value"), at) for a in where.iter(f"{NML}StateAssignment")}

    def fires_ms(self, until_ms: float) -> list[float]:
        """From rest: the soma is held for as long as its case says, then integrated to the next crossing."""
        on = self.kind.find(f"{NML}Dynamics/{NML}OnCondition")
        assert on is not None
        crossing = re.fullmatch(r"(\w+) \.gt\. (\w+)", on.get("test"))
        variable, threshold = crossing[1], self.numbers[crossing[2]]

        def rates(t: float, y: np.ndarray) -> list[float]:
            at = dict(zip(self.states, y, strict=True)) | {"t": t}
            at["awake"] = next(self.value(v, at) for c, v in self.cases if c is None or self.value(c, at))
            return [self.value(self.rates[s], at) if s in self.rates else 0.0 for s in self.states]

        def crossed(t: float, y: np.ndarray) -> float:
            return float(y[self.states.index(variable)] - threshold)

        crossed.terminal, crossed.direction = True, 1  # type: ignore[attr-defined]
        now = self.assigned(self.kind.find(f"{NML}Dynamics/{NML}OnStart"), {})
        t, found, held = 0.0, [], 0.0
        while t < until_ms:
            ends = min(t + held, until_ms) if held else until_ms
            y = [now[s] for s in self.states]
            part = solve_ivp(rates, (t, ends), y, events=crossed, rtol=1e-6, atol=1e-6, max_step=5.0)
            t = float(part.t[-1])
            now = dict(zip(self.states, part.y[:, -1], strict=True))
            if part.status == 1:
                found.append(t)
                now = self.assigned(on, now | {"t": t})
            held = self.numbers["refractory_ms"] if part.status == 1 else 0.0
        return found


@pytest.mark.parametrize("number", [1, 100])
def test_another_integrator_finds_each_impulse_within_a_tenth_of_a_millisecond(number: int) -> None:
    (_, cell), (_, simulation) = export_neuron(number, drive=DRIVE, inhibition=INHIBITION)
    theirs = ReadBack(cell, simulation).fires_ms(1000.0)
    ours = spike_times_ms(Subject(), number, DRIVE, INHIBITION, 1.0)
    assert len(theirs) == len(ours) > 5
    assert np.abs(np.array(theirs) - ours).max() < LIMIT_MS


def test_the_numbers_are_those_of_the_table() -> None:
    table = parameters("neuromuscular")
    neuron = motor_neuron(Subject(), 1)
    for name, key in {
        "threshold_mv": "spike_threshold_mv",
        "kick_mv": "dendrite_kick_mv",
        "soma_time_ms": "soma_time_constant_ms",
        "pic_time_ms": "pic_time_ms",
        "refractory_ms": "refractory_ms",
    }.items():
        assert getattr(neuron, name) == pytest.approx(table[key].value, rel=1e-9)
    ends = sorted(table[f"ahp_time_{end}_ms"].value for end in ("small", "large"))
    assert ends[0] < neuron.ahp_time_ms < ends[1]


def test_it_writes_two_files_and_never_over_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new"
    assert not cli(["lab", "export", str(folder), "--neuron", "7"])
    assert sorted(p.name for p in folder.iterdir()) == ["LEMS_motor_neuron_7.xml", "motor_neuron_7.cell.nml"]
    capsys.readouterr()
    for more, code, status in (
        ([], "write-over", 2),
        (["--force", "--neuron", "0"], "protocol-value", 2),
        (["--force", "--neuron", "10000000"], "protocol-value", 2),
        (["--force", "--muscle", "heart"], "protocol-muscle", 2),
        (["--force", "--drive", "nan"], "usage-value", 2),
        (["--force", "--inhibition", "-1"], "usage-value", 2),
        (["--force", "--step", "0"], "usage-value", 2),
        (["--force", "--seconds", "1e9"], "usage-value", 2),
    ):
        asked = ["lab", "export", str(folder), *(more if "--neuron" in more else ["--neuron", "7", *more])]
        assert cli(asked) == status
        said = capsys.readouterr().err
        assert f"[{code}]" in said
        assert said.count("\n") == 1
