"""The pool's membrane equations in NEURON: compiles our mechanisms and waits for orders. Runs in the peers' Python.

    python neuron_pool.py INPUTS.npz FOLDER exact|own

``exact`` repeats our step in a mechanism, statement by statement. ``own`` builds each unit from two sections, soma and
dendrite, which NEURON joins and integrates itself at the same fixed step. Each line on standard input runs the loop
once from rest and is answered by one line of JSON.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

MECHANISMS = Path(__file__).resolve().parent / "mechanisms"
PER_UNIT = ("g", "pic_conductance", "decay", "inactivation")
# areas and shapes are free where only time constants count; the dendrite's follows from the two coupling strengths
SOMA_UM, DENDRITE_UM = 30.0, 10.0


def compile_mechanisms(folder: Path) -> None:
    """nrnivmodl in ``folder``; its messages only if it fails."""
    for source in MECHANISMS.glob("*.mod"):
        shutil.copy(source, folder)
    command = [Path(sys.executable).parent / "nrnivmodl"]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(done.stdout)


def set_globals(h, constants: dict[str, float], suffix: str) -> None:
    """Constants of the whole pool, those that the mechanism knows."""
    for name, value in constants.items():
        if hasattr(h, f"{name}_{suffix}"):
            setattr(h, f"{name}_{suffix}", value)


def exact(h, constants: dict[str, float], unit: dict, n: int) -> tuple[list, list]:
    """Point processes on one section; returns what holds the counts, and what must stay alive."""
    set_globals(h, constants, "CharleyStep")
    section = h.Section(name="host")
    section.nseg = 1
    processes = [h.CharleyStep(section(0.5)) for _ in range(n)]
    for index, process in enumerate(processes):
        for name in PER_UNIT:
            setattr(process, name, unit[name][index])
    return processes, [section]


def own(h, constants: dict[str, float], unit: dict, n: int) -> tuple[list, list]:
    """Two sections a unit; the axial resistance is chosen so that each side feels its coupling strength."""
    import numpy as np

    set_globals(h, constants, "charley_soma")
    set_globals(h, constants, "charley_dendrite")
    on_soma = constants["coupling_soma"] / constants["tau_soma"]  # 1/ms, per uF/cm2
    on_dendrite = constants["coupling_dendrite"] / constants["tau_dendrite"]
    tau_ahp = -0.5 * constants["step_ms"] / np.log(unit["decay"])
    sections, membranes = [], []
    for index in range(n):
        soma, dendrite = h.Section(name=f"soma{index}"), h.Section(name=f"dendrite{index}")
        dendrite.connect(soma(0.5), 0)
        soma.L = soma.diam = SOMA_UM
        dendrite.diam = DENDRITE_UM
        dendrite.L = SOMA_UM**2 * on_soma / on_dendrite / DENDRITE_UM
        dendrite.Ra = 1.0
        # conductance in uS: area in um2 is 1e-8 cm2, 1 uF/cm2 over 1 ms is 1e-3 S/cm2
        wanted_us = 1e-3 * on_soma * soma(0.5).area() * 1e-8 * 1e6
        dendrite.Ra = 1.0 / (wanted_us * dendrite(0.5).ri())
        soma.insert("charley_soma")
        dendrite.insert("charley_dendrite")
        at_soma, at_dendrite = soma(0.5).charley_soma, dendrite(0.5).charley_dendrite
        at_soma.tau_ahp = tau_ahp[index]
        for name in ("g", "pic_conductance", "inactivation"):
            setattr(at_dendrite, name, unit[name][index])
        h.setpointer(at_soma._ref_count, "impulses", at_dendrite)
        sections += [soma, dendrite]
        membranes.append(at_soma)
    return membranes, sections


def main(inputs: str, folder: str, variant: str) -> None:
    compile_mechanisms(Path(folder))
    import neuron
    import numpy as np
    from neuron import h

    if not hasattr(h, "CharleyStep"):  # NEURON loads what lies in the folder it starts in
        neuron.load_mechanisms(folder)
    held = dict(np.load(inputs))
    unit = {name: held.pop(name) for name in PER_UNIT}
    constants = {name: float(value) for name, value in held.items()}
    counters, sections = {"exact": exact, "own": own}[variant](h, constants, unit, len(unit["g"]))
    h.dt = constants["step_ms"]
    steps = round(constants["seconds"] * 1000.0 / h.dt)
    context = h.ParallelContext()
    context.nthread(1)
    context.set_maxstep(10.0)
    print(json.dumps({"version": neuron.__version__, "sections": len(sections)}), flush=True)
    for _ in sys.stdin:
        h.finitialize(constants["e_leak"])
        wall, cpu = time.perf_counter(), time.process_time()
        context.psolve((steps + 0.25) * h.dt)
        took = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
        if round(h.t / h.dt) != steps:
            sys.exit(f"NEURON took {h.t / h.dt:g} steps, not {steps}")
        print(json.dumps({**took, "counts": [int(c.count) for c in counters]}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
