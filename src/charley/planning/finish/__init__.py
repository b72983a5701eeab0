"""How long a race will take: published predictors, the pool of them, heat, and what a start too fast costs."""
