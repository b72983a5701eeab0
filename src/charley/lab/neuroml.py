"""A motor neuron as NeuroML 2: a component type with its equations, and a LEMS simulation that runs it.

Two files. ``NAME.cell.nml`` defines the type, which any tool for NeuroML can use; ``LEMS_NAME.xml`` has the neuron with
its numbers, alone in a network, at held conductances, and writes potentials and impulses. Cannon et al 2014, LEMS,
doi:10.3389/fninf.2014.00079; NeuroML 2, doi:10.7554/eLife.95135.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from charley.neuromuscular.motor_neuron import MotorNeuron
from charley.vocabulary.version import __version__

TYPE = "charleyMotorNeuron"
NAMESPACE = "http://www.neuroml.org/schema/neuroml2"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = "https://raw.githubusercontent.com/NeuroML/NeuroML2/development/Schemas/NeuroML2/NeuroML_v2.3.xsd"
ENDINGS = {"ms": "time", "mv": "voltage"}
ABOUT = {
    "soma_time_ms": "time constant of the soma",
    "dendrite_time_ms": "time constant of the dendrite",
    "coupling_soma": "pull of the dendrite on the soma, in leaks of the soma",
    "coupling_dendrite": "pull of the soma on the dendrite, in leaks of the dendrite",
    "ahp_conductance": "afterhyperpolarisation that one impulse adds, in leaks",
    "ahp_time_ms": "time constant of the afterhyperpolarisation",
    "pic_conductance": "persistent inward current, fully open, in leaks",
    "pic_time_ms": "time constant of its gate",
    "pic_half_mv": "potential of the dendrite at which half of it is open",
    "pic_slope_mv": "slope of its gate",
    "availability": "share of it that is not inactivated; held",
    "leak_reversal_mv": "reversal potential of the leak, where both compartments rest",
    "potassium_reversal_mv": "reversal potential of the afterhyperpolarisation",
    "calcium_reversal_mv": "reversal potential of the inward current",
    "excitatory_reversal_mv": "reversal potential of excitation",
    "inhibitory_reversal_mv": "reversal potential of inhibition",
    "threshold_mv": "potential of the soma at which it fires",
    "reset_mv": "potential of the soma after an impulse",
    "kick_mv": "step of the dendrite with an impulse",
    "refractory_ms": "for which the soma is held after an impulse",
    "excitatory_conductance": "of the dendrite, held, in leaks",
    "inhibitory_conductance": "of the dendrite, held, in leaks",
}
NOTES = (
    "Motor neuron with soma and dendrite of Charley {version}. Conductances are multiples of the leak. Where each "
    "number comes from stands in Charley's docs/parameters.md, neuromuscular."
)


@dataclass(frozen=True, slots=True)
class NeuroML:
    """Two files as text, and what they are called."""

    cell_name: str
    cell: str
    simulation_name: str
    simulation: str


def neuroml(neuron: MotorNeuron, drive: float, inhibition: float, seconds: float, step_ms: float) -> NeuroML:
    """The files for a neuron at held conductances, from rest. ``drive``: as in ``Pool.discharge``, of which each neuron
    has its share; ``step_ms``: of a fixed step, which an engine that puts impulses at the end of it should keep small.
    """
    name = f"motor_neuron_{neuron.number}"
    cell_name = f"{name}.cell.nml"
    held = {"excitatory_conductance": drive * neuron.excitation, "inhibitory_conductance": inhibition}
    simulation = _simulation(neuron, held, name, cell_name, seconds, step_ms)
    return NeuroML(cell_name, _text(_cell(name)), f"LEMS_{name}.xml", _text(simulation))


def _text(root: Element) -> str:
    indent(root, "    ")
    return tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _cell(name: str) -> Element:
    root = Element(
        "neuroml",
        {"xmlns": NAMESPACE, "xmlns:xsi": INSTANCE, "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}", "id": name},
    )
    SubElement(root, "notes").text = NOTES.format(version=__version__)
    kind = SubElement(
        root, "ComponentType", name=TYPE, extends="baseCellMembPot", description="Motor neuron with soma and dendrite"
    )
    for parameter, about in ABOUT.items():
        dimension = ENDINGS.get(parameter.rpartition("_")[2], "none")
        SubElement(kind, "Parameter", name=parameter, dimension=dimension, description=about)
    SubElement(
        kind,
        "Constant",
        name="unit_time",
        dimension="time",
        value="1 ms",
        description="so that an impulse is in the past at first",
    )
    for state, dimension, about in STATES:
        if state != "v":  # the type that it extends exposes that one
            SubElement(kind, "Exposure", name=state, dimension=dimension, description=about)
    _dynamics(kind)
    return root


STATES = (
    ("v", "voltage", "potential of the soma"),
    ("v_dendrite", "voltage", "potential of the dendrite"),
    ("gate", "none", "of the persistent inward current, open 0..1"),
    ("ahp", "none", "impulses still felt by the afterhyperpolarisation"),
    ("silent_since", "time", "when the soma fired last"),
)
RATES = {
    "v_dendrite": "(leak_reversal_mv - v_dendrite + coupling_dendrite * (v - v_dendrite)"
    " + pic_conductance * availability * gate * (calcium_reversal_mv - v_dendrite)"
    " + excitatory_conductance * (excitatory_reversal_mv - v_dendrite)"
    " + inhibitory_conductance * (inhibitory_reversal_mv - v_dendrite)) / dendrite_time_ms",
    "gate": "(1 / (1 + exp((pic_half_mv - v_dendrite) / pic_slope_mv)) - gate) / pic_time_ms",
    "ahp": "-1 * ahp / ahp_time_ms",
    "v": "awake * (leak_reversal_mv - v + coupling_soma * (v_dendrite - v)"
    " + ahp_conductance * ahp * (potassium_reversal_mv - v)) / soma_time_ms",
}


def _dynamics(kind: Element) -> None:
    dynamics = SubElement(kind, "Dynamics")
    for state, dimension, _ in STATES:
        SubElement(dynamics, "StateVariable", name=state, dimension=dimension, exposure=state)
    awake = SubElement(dynamics, "ConditionalDerivedVariable", name="awake", dimension="none")
    SubElement(awake, "Case", condition="t .lt. silent_since + refractory_ms", value="0")
    SubElement(awake, "Case", value="1")
    for state, rate in RATES.items():
        SubElement(dynamics, "TimeDerivative", variable=state, value=rate)
    start = SubElement(dynamics, "OnStart")
    for state, value in (("v", "leak_reversal_mv"), ("v_dendrite", "leak_reversal_mv"), ("gate", "0"), ("ahp", "0"),
                         ("silent_since", "-1 * refractory_ms - unit_time")):  # fmt: skip
        SubElement(start, "StateAssignment", variable=state, value=value)
    fires = SubElement(dynamics, "OnCondition", test="v .gt. threshold_mv")
    for state, value in (("v", "reset_mv"), ("v_dendrite", "v_dendrite + kick_mv"), ("ahp", "ahp + 1"),
                         ("silent_since", "t")):  # fmt: skip
        SubElement(fires, "StateAssignment", variable=state, value=value)
    SubElement(fires, "EventOut", port="spike")


def _simulation(
    neuron: MotorNeuron, held: dict[str, float], name: str, cell_name: str, seconds: float, step_ms: float
) -> Element:
    root = Element("Lems")
    SubElement(root, "Target", component="sim")
    for file in ("Cells.xml", "Networks.xml", "Simulation.xml", cell_name):
        SubElement(root, "Include", file=file)
    SubElement(root, "Component", {"id": name, "type": TYPE} | {k: _quantity(k, neuron, held) for k in ABOUT})
    network = SubElement(root, "network", id="net")
    SubElement(network, "population", id="pool", component=name, size="1")
    simulation = SubElement(
        root, "Simulation", id="sim", length=f"{1000 * seconds:g}ms", step=f"{step_ms:g}ms", target="net"
    )
    potentials = SubElement(simulation, "OutputFile", id="potentials", fileName=f"{name}.dat")
    SubElement(potentials, "OutputColumn", id="v", quantity="pool[0]/v")
    spikes = SubElement(simulation, "EventOutputFile", id="spikes", fileName=f"{name}.spikes", format="TIME_ID")
    SubElement(spikes, "EventSelection", id="0", select="pool[0]", eventPort="spike")
    return root


def _quantity(name: str, neuron: MotorNeuron, held: dict[str, float]) -> str:
    value = held[name] if name in held else getattr(neuron, name)
    unit = {"time": "ms", "voltage": "mV"}.get(ENDINGS.get(name.rpartition("_")[2], ""), "")
    return f"{value!r}{unit}"
