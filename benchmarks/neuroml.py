"""The exported motor neuron in other engines: each of their impulses against ours, over a second.

    CHARLEY_PEERS_PYTHON=PYTHON python -m benchmarks.neuroml [--write]

PYTHON is an interpreter with pyNeuroML (`python3 -m venv peers && peers/bin/pip install pyneuroml`), which brings PyLEMS
and, for machines with Java, jNeuroML. Drive and inhibition are those of ``peers.py``. The last page is docs/neuroml.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.peers import DRIVE, INHIBITION, ONE_THREAD, VARIABLE

HERE = Path(__file__).resolve().parent / "peers"
REPORT = Path(__file__).resolve().parents[1] / "docs/neuroml.md"
NEURONS = (1, 50, 100, 150, 200)
SECONDS, LIMIT_MS = 1.0, 0.1
FINEST_S, OUR_STEP_S = 0.0005 / 64, 0.0005
PYLEMS_MS, JNEUROML_MS = (0.02, 0.005), (0.005, 0.001)


class Row(NamedTuple):
    """One engine at one step on one neuron: times of impulses, ms, and the processor time that it took."""

    engine: str
    step_ms: float
    neuron: int
    found_ms: np.ndarray
    cpu_s: float


def exported(folder: Path, neuron: int, step_ms: float) -> Path:
    """The LEMS file of a neuron."""
    from charley.api.laboratory import export_neuron

    for name, text in export_neuron(neuron, drive=DRIVE, inhibition=INHIBITION, seconds=SECONDS, step_ms=step_ms):
        (folder / name).write_text(text)
    return folder / f"LEMS_motor_neuron_{neuron}.xml"


def ours(neuron: int, dt_s: float) -> Row:
    """Our own engine."""
    from charley.neuromuscular import Subject
    from charley.neuromuscular.motor_neuron import spike_times_ms

    began = time.process_time()
    found = spike_times_ms(Subject(), neuron, DRIVE, INHIBITION, SECONDS, dt_s)
    return Row("Charley", 1000 * dt_s, neuron, found, time.process_time() - began)


def pylems(python: str, file: Path, neuron: int, step_ms: float) -> Row:
    """PyLEMS, which interprets LEMS in Python."""
    command = [python, str(HERE / "lems_neuron.py"), str(file), str(file.parent)]
    out = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | ONE_THREAD).stdout
    said = json.loads(out.splitlines()[-1])
    return Row(f"PyLEMS {said['version']}", step_ms, neuron, np.array(said["ms"]), said["cpu_s"])


def jneuroml(jar: Path, file: Path, neuron: int, step_ms: float) -> Row:
    """jNeuroML, the reference implementation, in Java; it checks the cell against the schema first."""
    java = ["java", "-jar", str(jar)]
    cell = file.with_name(f"motor_neuron_{neuron}.cell.nml")
    checked = subprocess.run([*java, "-validate", cell.name], cwd=file.parent, capture_output=True, text=True).stdout
    if "All valid" not in checked:
        raise SystemExit(checked)
    began = os.times()
    subprocess.run([*java, file.name, "-nogui"], cwd=file.parent, check=True, capture_output=True)
    ended = os.times()
    lines = file.with_name(f"motor_neuron_{neuron}.spikes").read_text().splitlines()
    found = np.array([1000 * float(line.split()[0]) for line in lines if line.strip()])
    version = re.sub(r"[^\d.]*([\d.]+\d).*", r"\1", jar.name)
    spent = ended.children_user + ended.children_system - began.children_user - began.children_system
    return Row(f"jNeuroML {version}", step_ms, neuron, found, spent)


def measure(python: str) -> list[Row]:
    """All engines that are there."""
    where = subprocess.run(
        [python, "-c", "import pyneuroml, os; print(os.path.dirname(pyneuroml.__file__))"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    jar = next((Path(where) / "lib").glob("jNeuroML-*.jar"))
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for neuron in NEURONS:
            rows += [ours(neuron, FINEST_S), ours(neuron, OUR_STEP_S)]
            rows += [pylems(python, exported(folder, neuron, step), neuron, step) for step in PYLEMS_MS]
            if shutil.which("java"):
                rows += [jneuroml(jar, exported(folder, neuron, step), neuron, step) for step in JNEUROML_MS]
    return rows


def page(rows: list[Row]) -> str:
    """The page."""
    truth = {r.neuron: r.found_ms for r in rows if r.engine == "Charley" and r.step_ms == 1000 * FINEST_S}
    lines = []
    for engine, step_ms in dict.fromkeys((r.engine, r.step_ms) for r in rows):
        own = [r for r in rows if (r.engine, r.step_ms) == (engine, step_ms)]
        worst = max(_apart(r.found_ms, truth[r.neuron]) for r in own)
        impulses = ", ".join(str(len(r.found_ms)) for r in own)
        verdict = "–" if engine == "Charley" and step_ms == 1000 * FINEST_S else "yes" if worst <= LIMIT_MS else "no"
        cost = sum(r.cpu_s for r in own) / len(own)
        lines.append(f"| {engine} | {step_ms:.7g} ms | {impulses} | {worst:.4f} ms | {verdict} | {cost:.1f} s |")
    table = "\n".join(lines)
    return f"""# A motor neuron as NeuroML

`charley lab export FOLDER` writes the membrane of one motor neuron for other tools: `motor_neuron_100.cell.nml`, a NeuroML 2
component type with the equations, and `LEMS_motor_neuron_100.xml`, that neuron with its numbers at held conductances, from
rest, in a simulation that any engine for LEMS can run.

```sh
charley lab export neuron --neuron 50 --drive 0.4 --inhibition 0.1
pip install pyneuroml                                     # needs Java
pynml -validate neuron/motor_neuron_50.cell.nml
cd neuron && pynml LEMS_motor_neuron_50.xml -nogui        # writes motor_neuron_50.spikes and .dat
```

Exported is the bare membrane: soma, dendrite, afterhyperpolarisation, persistent inward current at a held availability, and
the impulse. The reflexes, the muscle, noise and all that changes over seconds and minutes stay in Charley. Conductances are
multiples of the leak, as in the table; [parameters.md](parameters.md) says where each number comes from. The files are read
from the arrays on which the pool works, so that they hold the numbers of today.

## Do other engines agree?

Made by `python -m benchmarks.neuroml --write`. Neurons {", ".join(map(str, NEURONS))} of 200, {SECONDS:g} s from rest, conductances of
[the benchmark against other tools](benchmarks-peers.md) ({DRIVE:g} and {INHIBITION:g}). Apart: the impulse that lies furthest from ours at
{1000 * FINEST_S:g} ms, over all five neurons; asked for are at most {LIMIT_MS:g} ms. An engine that puts an impulse at the end of its step
needs a small one. Cost: processor time a neuron, of the loop alone for PyLEMS, of the whole command for jNeuroML.

| engine | step | impulses of each | furthest apart | within {LIMIT_MS:g} ms | cost |
| --- | --- | --- | --- | --- | --- |
{table}

jNeuroML checked each cell against the schema of NeuroML 2.3 before it ran it. PyLEMS is pure Python; the test suite holds the exported
equations against SciPy's integrator.
"""


def _apart(found: np.ndarray, truth: np.ndarray) -> float:
    """The furthest that two trains lie apart, ms; infinite where they are not of one length."""
    return float(np.abs(found - truth).max(initial=0.0)) if len(found) == len(truth) else float("inf")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write docs/neuroml.md")
    options = parser.parse_args()
    python = os.environ.get(VARIABLE)
    if not python:
        raise SystemExit(f"Set {VARIABLE} to a Python with pyNeuroML: see the head of this file.")
    made = page(measure(python))
    if options.write:
        REPORT.write_text(made, encoding="utf-8")
    print(made)


if __name__ == "__main__":
    main()
