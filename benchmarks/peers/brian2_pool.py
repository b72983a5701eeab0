"""The pool's membrane equations in Brian2: writes, compiles and describes a C++ programme. Runs in the peers' Python.

    python brian2_pool.py INPUTS.npz FOLDER exact|own float64|float32

``exact`` repeats our step statement by statement, so that each unit must fire as often as ours. ``own`` gives the same
differential equations to Brian2 and lets it integrate them by its exponential Euler method, as one would write them for
Brian2. Prints one line of JSON.
"""

from __future__ import annotations

import json
import sys

# One step as in charley.neuromuscular.reference.membrane_ms, with the C library's exp(). The bounds on the exponent
# are left out: no potential of this drive comes near them, and the peer is spared the work.
STEP = """
m += relax * (1 / (1 + exp((half - vd) * slope)) - m)
active = clip(1 - silent / step_ms, 0, 1)
silent = clip(silent - step_ms, 0, refractory_ms)
ahp = ahp * decay
ga = g_ahp * ahp
p = soma_step * active
gp = pic_conductance * m * inactivation
a11 = p * (1 + coupling_soma + ga)
a12 = p * coupling_soma
a22 = dendrite_step * (1 + coupling_dendrite + gp + g + gi)
a21 = dendrite_step * coupling_dendrite
r1 = vs - a11 * vs + a12 * vd + 2 * p * (e_leak + ga * e_potassium)
r2 = vd - a22 * vd + a21 * vs + 2 * dendrite_step * (e_leak + gp * e_calcium + g * e_excitatory + gi * e_inhibitory)
scaled = 1 / ((1 + a11) * (1 + a22) - a12 * a21)
vs_before = vs
vs = ((1 + a22) * r1 + a12 * r2) * scaled
vd = ((1 + a11) * r2 + a21 * r1) * scaled
ahp = ahp * decay
"""

# What a crossing changes, for the units that crossed.
RESET = """
rest = clip((vs - v_threshold) / (vs - vs_before), 0, 1)
vd += kick - 2 * dendrite_step * coupling_dendrite * rest * (0.5 * (v_threshold + vs) - v_reset)
ahp += 1 + rest * (decay * decay - 1)
silent = refractory_ms - rest * step_ms
vs = v_reset
count += 1
"""

UNIT_VALUES = "g : 1 (constant)\npic_conductance : 1 (constant)\ninactivation : 1 (constant)\ncount : integer\n"
EXACT_STATES = "vs : 1\nvd : 1\nm : 1\nahp : 1\nsilent : 1\nvs_before : 1\ndecay : 1 (constant)\n"
OWN_EQUATIONS = """
dvs/dt = (e_leak - vs + coupling_soma * (vd - vs) + g_ahp * ahp * (e_potassium - vs)) / tau_soma : 1 (unless refractory)
dvd/dt = (e_leak - vd + coupling_dendrite * (vs - vd) + pic_conductance * m * inactivation * (e_calcium - vd)
          + g * (e_excitatory - vd) + gi * (e_inhibitory - vd)) / tau_dendrite : 1
dm/dt = (1 / (1 + exp((half - vd) * slope)) - m) / tau_pic : 1
dahp/dt = -ahp / tau_ahp : 1
tau_ahp : second (constant)
"""
OWN_RESET = "vs = v_reset\nvd += kick\nahp += 1\ncount += 1"


def main(inputs: str, folder: str, variant: str, precision: str) -> None:
    import brian2 as b
    import numpy as np

    held = dict(np.load(inputs))
    per_unit = {name: held.pop(name) for name in ("g", "pic_conductance", "decay", "inactivation")}
    constants = {name: float(value) for name, value in held.items()}
    b.set_device("cpp_standalone", build_on_run=False, directory=folder)
    b.prefs.devices.cpp_standalone.openmp_threads = 0
    b.prefs.core.default_float_dtype = np.dtype(precision).type
    step = constants["step_ms"] * b.ms
    b.defaultclock.dt = step
    n = len(per_unit["g"])
    exact = variant == "exact"
    if exact:
        group = b.NeuronGroup(
            n, EXACT_STATES + UNIT_VALUES, threshold="vs >= v_threshold", reset=RESET, namespace=constants
        )
        group.run_regularly(STEP, when="groups")
        group.decay = per_unit["decay"]
    else:
        constants |= {name: constants[name] * b.ms for name in ("tau_soma", "tau_dendrite", "tau_pic")}
        group = b.NeuronGroup(
            n,
            OWN_EQUATIONS + UNIT_VALUES,
            threshold="vs >= v_threshold",
            reset=OWN_RESET,
            refractory=constants["refractory_ms"] * b.ms,
            method="exponential_euler",
            namespace=constants,
        )
        group.tau_ahp = -0.5 * step / np.log(per_unit["decay"])
    for name in ("g", "pic_conductance", "inactivation"):
        setattr(group, name, per_unit[name])
    group.vs = group.vd = constants["e_leak"]

    device = b.get_device()
    device.insert_code("before_network_run", _clock("before"))
    device.insert_code("after_network_run", _clock("after") + _report())
    b.run(constants["seconds"] * b.second)
    device.build(compile=True, run=False, directory=folder)
    counts = device.get_array_filename(group.variables["count"])
    dtype = np.dtype(group.variables["count"].dtype).name
    print(json.dumps({"counts": counts, "dtype": dtype, "version": b.__version__}))


def _clock(name: str) -> str:
    """C++ that reads wall and CPU clocks; around the loop alone, so that start-up and results stay outside."""
    return "".join(
        f"timespec {name}_{short}; clock_gettime({clock}, &{name}_{short});\n"
        for short, clock in (("wall", "CLOCK_MONOTONIC"), ("cpu", "CLOCK_PROCESS_CPUTIME_ID"))
    )


def _report() -> str:
    spans = ", ".join(
        f"(after_{k}.tv_sec - before_{k}.tv_sec) + 1e-9 * (after_{k}.tv_nsec - before_{k}.tv_nsec)"
        for k in ("wall", "cpu")
    )
    return f'std::printf("%.9f %.9f\\n", {spans});\n'


if __name__ == "__main__":
    main(*sys.argv[1:])
