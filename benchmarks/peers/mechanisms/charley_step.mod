TITLE One motor neuron, both compartments, our own step repeated statement by statement

COMMENT
As charley.neuromuscular.reference.membrane_ms. The host section only carries the process; its potential plays no part. NEURON calls the
procedure once a step, so each unit must fire as often as ours.
ENDCOMMENT

NEURON {
    POINT_PROCESS CharleyStep
    RANGE g, pic_conductance, inactivation, decay, vs, vd, m, ahp, silent, count
    GLOBAL soma_step, dendrite_step, coupling_soma, coupling_dendrite, g_ahp, gi
    GLOBAL e_leak, e_potassium, e_calcium, e_inhibitory, e_excitatory
    GLOBAL v_reset, step_ms, refractory_ms, kick, relax, slope, v_threshold, half
    THREADSAFE
}

PARAMETER {
    g = 0
    pic_conductance = 0
    inactivation = 1
    decay = 1
    soma_step = 0
    dendrite_step = 0
    coupling_soma = 0
    coupling_dendrite = 0
    g_ahp = 0
    gi = 0
    e_leak = 0
    e_potassium = 0
    e_calcium = 0
    e_inhibitory = 0
    e_excitatory = 0
    v_reset = 0
    step_ms = 1
    refractory_ms = 0
    kick = 0
    relax = 0
    slope = 0
    v_threshold = 0
    half = 0
}

ASSIGNED { vs vd m ahp silent count }

INITIAL {
    vs = e_leak
    vd = e_leak
    m = 0
    ahp = 0
    silent = 0
    count = 0
}

BREAKPOINT { SOLVE advance }

PROCEDURE advance() {
    LOCAL active, p, ga, gp, a11, a12, a21, a22, r1, r2, scaled, before, rest
    m = m + relax * (1 / (1 + exp((half - vd) * slope)) - m)
    active = 1 - silent / step_ms
    if (active < 0) { active = 0 }
    silent = silent - step_ms
    if (silent < 0) { silent = 0 }
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
    before = vs
    vs = ((1 + a22) * r1 + a12 * r2) * scaled
    vd = ((1 + a11) * r2 + a21 * r1) * scaled
    ahp = ahp * decay
    if (vs >= v_threshold) {
        rest = (vs - v_threshold) / (vs - before)
        if (rest > 1) { rest = 1 }
        vd = vd + kick - 2 * a21 * rest * (0.5 * (v_threshold + vs) - v_reset)
        ahp = ahp + 1 + rest * (decay * decay - 1)
        silent = refractory_ms - rest * step_ms
        vs = v_reset
        count = count + 1
    }
}
