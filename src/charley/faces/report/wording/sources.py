"""What an answer stands on, as text: `charley why FILE --sources`."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from charley.faces.report.wording import figures as fig
from charley.vocabulary.evidence import Source

_WIDTH = 80
READ_AS = {
    "abstract": "Read: abstract.",
    "secondary": "Read: as others cite it.",
    "recalled": "Not read again: recalled.",
}


def sources_text(sources: Sequence[Source]) -> str:
    """Numbered sources with their reference, what they found, who paid where that matters, and how they were read."""
    if not sources:
        return "This answer stands on no source."
    lines = []
    for i, source in enumerate(sources, start=1):
        reference = f" ({fig.clean(source.reference)})" if source.reference else ""
        interest = f"Interest: {fig.clean(source.interest)}" if source.interest else ""
        parts = [
            f"{fig.clean(source.citation).rstrip('.')}{reference}.",
            fig.clean(source.finding),
            interest,
            READ_AS.get(source.seen, ""),
        ]
        lines += textwrap.wrap(
            f"{i:>2}. {' '.join(p for p in parts if p)}", _WIDTH, subsequent_indent="    ", break_on_hyphens=False
        )
    return "\n".join(lines)
