TITLE Soma of a motor neuron: leak, afterhyperpolarisation, threshold and refractory hold

COMMENT
The soma's equation as a membrane that NEURON integrates itself. Currents are in NEURON's unit for 1 uF/cm2, so that a rate in mV/ms is a current
times 1000. A reset is a conductance that holds the potential at v_reset while the soma is refractory.
ENDCOMMENT

NEURON {
    SUFFIX charley_soma
    NONSPECIFIC_CURRENT i
    RANGE tau_ahp, count, until
    GLOBAL tau_soma, g_ahp, e_leak, e_potassium, v_reset, refractory_ms, v_threshold
    THREADSAFE
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) }

PARAMETER {
    tau_ahp = 1 (ms)
    tau_soma = 1 (ms)
    g_ahp = 0
    e_leak = 0 (mV)
    e_potassium = 0 (mV)
    v_reset = 0 (mV)
    refractory_ms = 0 (ms)
    v_threshold = 0 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    count
    until (ms)
}

STATE { ahp }

INITIAL {
    ahp = 0
    count = 0
    until = -1
}

BREAKPOINT {
    SOLVE decaying METHOD cnexp
    if (t < until) {
        i = 1000 * (v - v_reset)
    } else {
        i = 0.001 / tau_soma * (v - e_leak + g_ahp * ahp * (v - e_potassium))
    }
}

: called once a step, after the potentials
DERIVATIVE decaying {
    crossing()
    ahp' = -ahp / tau_ahp
}

PROCEDURE crossing() {
    if (v >= v_threshold && t >= until) {
        until = t + refractory_ms
        ahp = ahp + 1
        count = count + 1
    }
}
