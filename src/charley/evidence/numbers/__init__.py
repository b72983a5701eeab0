"""One typed record of numbers a room, so that an equation reads ``n.magnus_factor`` and a wrong name is seen at once.

    from charley.evidence.numbers.body import BODY, BodyNumbers

    def saturation_pressure_kpa(temp_c: Floats, n: BodyNumbers = BODY) -> Floats:
        return n.magnus_pressure_kpa * np.exp(n.magnus_factor * temp_c / (temp_c + n.magnus_offset_c))

The modules are made from the tables by ``python scripts/make_numbers.py``; the values are read from the tables, which
refuse what has no source, range and grade. ``BODY._replace(magnus_factor=17.3)`` is the same record with another
number, to be passed where the model takes one; the record of the process is never changed.
"""
