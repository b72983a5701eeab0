"""A LEMS simulation in PyLEMS: prints the times of its impulses. Runs in the peers' Python.

    python lems_neuron.py LEMS_FILE FOLDER

NeuroML's own types (Cells.xml and the rest) are unpacked into FOLDER from the archive that pyNeuroML brings along; no
Java is used for it. Prints one line of JSON: version, processor time of the loop, times in ms.
"""

from __future__ import annotations

import json
import sys
import time
import zipfile
from importlib.metadata import version
from pathlib import Path


def core_types(folder: Path) -> Path:
    """The folder of NeuroML's own types."""
    import pyneuroml

    jar = next((Path(pyneuroml.__file__).parent / "lib").glob("jNeuroML-*.jar"))
    with zipfile.ZipFile(jar) as archive:
        archive.extractall(folder, [n for n in archive.namelist() if n.startswith("NeuroML2CoreTypes/")])
    return folder / "NeuroML2CoreTypes"


def main(file: str, folder: str) -> None:
    from lems.model.model import Model
    from lems.sim.build import SimulationBuilder

    model = Model()
    model.add_include_directory(str(core_types(Path(folder))))
    model.import_from_file(file)
    simulation = SimulationBuilder(model.resolve()).build()
    simulation.init_run()
    neuron = next(filter(None, map(_neuron, simulation.runnables.values())))
    times_s: list[float] = []
    neuron.register_event_out_callback("spike", lambda: times_s.append(neuron.time_completed))
    began = time.process_time()
    while simulation.step():
        pass
    print(json.dumps({
        "version": version("pylems"), "cpu_s": time.process_time() - began, "ms": [1000 * t for t in times_s],
    }))  # fmt: skip


def _neuron(runnable):
    """Our neuron, wherever it stands below what runs."""
    if runnable.component.type == "charleyMotorNeuron":
        return runnable
    return next(filter(None, map(_neuron, [*runnable.uchildren.values(), *runnable.array])), None)


if __name__ == "__main__":
    main(*sys.argv[1:])
