"""The laboratory's page: one experiment as one self-contained file, drawn from computed traces."""

from typing import Any


def render(experiment: Any) -> str:
    """The page of an experiment that was run with pictures."""
    from charley.faces.lab_page.page import render as whole

    return whole(experiment)
