TITLE Dendrite of a motor neuron: leak, persistent inward current, held synaptic conductances

COMMENT
The dendrite's equation as a membrane that NEURON integrates itself; see charley_soma.mod for the units. An impulse of the soma, seen through a
pointer to its count, lifts the dendrite by `kick` within one step.
ENDCOMMENT

NEURON {
    SUFFIX charley_dendrite
    NONSPECIFIC_CURRENT i
    RANGE g, pic_conductance, inactivation, seen, jolt
    POINTER impulses
    GLOBAL tau_dendrite, tau_pic, gi, e_leak, e_calcium, e_inhibitory, e_excitatory, kick, slope, half
    THREADSAFE
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) }

PARAMETER {
    g = 0
    pic_conductance = 0
    inactivation = 1
    tau_dendrite = 1 (ms)
    tau_pic = 1 (ms)
    gi = 0
    e_leak = 0 (mV)
    e_calcium = 0 (mV)
    e_inhibitory = 0 (mV)
    e_excitatory = 0 (mV)
    kick = 0 (mV)
    slope = 0 (/mV)
    half = 0 (mV)
}

ASSIGNED {
    v (mV)
    dt (ms)
    i (mA/cm2)
    impulses
    seen
    jolt (mV/ms)
}

STATE { m }

INITIAL {
    m = 0
    seen = 0
    jolt = 0
}

BREAKPOINT {
    SOLVE relaxing METHOD cnexp
    i = 0.001 / tau_dendrite * (v - e_leak + pic_conductance * m * inactivation * (v - e_calcium)
        + g * (v - e_excitatory) + gi * (v - e_inhibitory)) - 0.001 * jolt
}

: called once a step, after the potentials
DERIVATIVE relaxing {
    kicked()
    m' = (1 / (1 + exp((half - v) * slope)) - m) / tau_pic
}

PROCEDURE kicked() {
    jolt = 0
    if (impulses > seen) {
        jolt = kick / dt
        seen = impulses
    }
}
