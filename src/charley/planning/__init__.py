"""Planning: the next race and the weeks before it, from what is known of this runner or from studies.

    finish/       how long it will take: predictors, their pool, heat, a start too fast
    conditions/   the course with its heights, the air
    race/         chance by kilometre, what each change would buy, a plan within limits
    training/     the weeks before

Nothing here computes a body, a hazard or a posterior of its own: those are asked for in body, risk, inference, answers.
"""
