"""Why one run brought a cramp: simulate it, ask the hazard, list what is assumed and what would tell more."""
