"""Quantiles of the standard normal distribution, named by the share that lies below."""

Z_975 = 1.959963984540054
Z_900 = 1.2815515655446004
Z_800 = 0.8416212335729143
