"""The answer for a terminal: 80 columns, no colour needed, the same figures as the page."""

from __future__ import annotations

import textwrap

from charley.faces.report.strip import late
from charley.faces.report.wording import asked, definitions, first_screen, journal_sections, words
from charley.faces.report.wording import figures as fig
from charley.vocabulary.answer import Driver, Why
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.words import words as catalogue

_WIDTH = 80
_MOST_MINDED = 3
_LABEL, _FIGURES = 42, 15  # columns of a driver's line: label, mean and range; the grade and a small interval follow
_BAR = 18
_NAMES = 13  # column of the names on the first screen


def render(answer: Why, units: str, full: bool = False) -> str:
    """The first screen, at most 24 lines, or (``full``) the whole answer; without a line break at its end."""
    screen = first_screen.build(answer, units)
    top = [_head(answer), [*_wrap(str(screen.title)), *_wrap(screen.occasion)]]
    flags = [*_wrap(words.RED_FLAGS), *([words.DEMO] if answer.run.demo else [])]
    blocks = [*top, *(_full(answer, units, flags) if full else _short(answer, screen, flags))]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _short(answer: Why, screen: first_screen.FirstScreen, flags: list[str]) -> list[list[str]]:
    tell = _labelled("Tell us", f"{screen.tell} {screen.command}") if screen.tell else []
    own = _labelled(catalogue("for_you.label"), screen.for_you) if screen.for_you else []
    answered = [*_labelled("How likely", screen.chance), *_labelled("Why", screen.cause)]
    return [
        [*answered, *_labelled("Change next", screen.change), *own, *tell],
        [*flags, *_wrap(f"{words.scope()} {words.all_of_it(answer)}")],
    ]


def _labelled(name: str, text: str) -> list[str]:
    """A paragraph with its name in a column of its own."""
    lines = textwrap.wrap(text, _WIDTH - _NAMES, break_on_hyphens=False)
    return [f"{name if i == 0 else '':<{_NAMES}}{line}" for i, line in enumerate(lines)]


def _full(answer: Why, units: str, flags: list[str]) -> list[list[str]]:
    return [
        _chances(answer, units),
        *_over_journal(answer, units),
        _drivers(answer, units),
        _late(answer, units),
        _would_tell(answer, units),
        _wrap(_assumed(answer, units)),
        _wrap(_missing(answer)),
        _mind(answer, units),
        [*flags, *_wrap(words.scope())],
    ]


def _over_journal(answer: Why, units: str) -> list[list[str]]:
    """The sections that only a whole journal has."""
    if answer.journal is None:
        return []
    return [
        [
            *_wrap(s.heading if s.heading.endswith("?") else f"{s.heading}."),
            *(line for text in (*s.lines, *s.notes) for line in _wrap(fig.clean(text), 2, 4)),
        ]
        for s in journal_sections.sections(answer, units)
    ]


def _wrap(text: str, indent: int = 0, hang: int | None = None) -> list[str]:
    """Lines within the width; ``hang``: indent of the lines after the first."""
    rest = indent if hang is None else hang
    return textwrap.wrap(
        text, _WIDTH, initial_indent=" " * indent, subsequent_indent=" " * rest, break_on_hyphens=False
    )


def _head(answer: Why) -> list[str]:
    stamp = " · DEMO" if answer.run.demo else ""
    name = words.subject(answer)
    room = _WIDTH - len("charley why · ") - len(stamp)
    return [f"charley why · {name if len(name) <= room else name[: room - 1] + '…'}{stamp}"]


def _chances(answer: Why, units: str) -> list[str]:
    """Each chance in a line: what it counts, and the figure with its range in a column of its own."""
    of = fig.denominator(answer)
    listed = [
        (words.chance_heading(answer), answer.chance),
        *((f"… if {words.class_name(n)} ({fig.told(p, of)} likely)", e) for n, p, e in answer.chance_by_class),
        (f"{words.base_heading(answer, units)} (base rate)", answer.base_rate),
        ("Volunteers of studies", answer.base_rate_studies),
        ("Of cramps, those that reach the calf", answer.calf_share),
        *((fig.upper_first(words.window_name(window)), e) for window, e in answer.chance_after),
    ]
    unit = " of 10" if of == 10 else " in 100"
    figures = [fig.in_100(e, of) for _, e in listed]
    lead = max(f.index(unit) for f in figures)
    figures = [" " * (lead - f.index(unit)) + f for f in figures]
    room = min(48, _WIDTH - max(len(f) for f in figures) - 2)
    lines = []
    for (label, _), shown in zip(listed, figures, strict=True):
        *above, last = textwrap.wrap(label, room) or [""]
        lines += [*above, f"{last:<{room}}  {shown}"]
    return [*lines, "", *_wrap(f"{words.log_size(answer)}. {words.log_line(answer)}")]


def _bar(estimate: Estimate, lo: float, hi: float) -> str:
    """An interval in characters: thin for 80 in 100, heavy for 50, a dot at the mean; ":" stands at zero."""

    def column(value: float) -> int:
        return min(_BAR - 1, max(0, round((value - lo) / (hi - lo) * (_BAR - 1))))

    cells = [" "] * _BAR
    cells[column(0.0)] = ":"
    for i in range(column(estimate.low), column(estimate.high) + 1):
        cells[i] = "─"
    for i in range(column(estimate.low50), column(estimate.high50) + 1):
        cells[i] = "━"
    cells[column(estimate.middle)] = "●"
    return "".join(cells).rstrip()


def _drivers(answer: Why, units: str) -> list[str]:
    if not answer.drivers:
        return []
    of = fig.denominator(answer)
    shares = [answer.unexplained, *(d.share for d in answer.drivers)]
    lo, hi = min(0.0, *(s.low for s in shares)), max(0.2, *(s.high for s in shares))
    lines = _wrap(f"{words.drivers_heading(answer)}.")
    lines += _wrap(f"{fig.upper_first(words.share_key(answer))}. {words.HOW_TO_READ} {words.OVERLAP}")

    def row(label: str, share: Estimate, grade: str, indent: str = "  ") -> list[str]:
        wrapped = textwrap.wrap(label, _LABEL - 1, initial_indent=indent, subsequent_indent=indent) or [""]
        figures = f"{fig.number(of * share.middle):>3} {fig.bracketed(share, of)}"
        last = f"{wrapped[-1]:<{_LABEL}}{figures:<{_FIGURES}} {grade:<2} {_bar(share, lo, hi)}"
        return [*wrapped[:-1], last.rstrip()]

    for heading, drivers in words.by_family(answer):
        lines.append(fig.clean(heading))
        for driver in drivers:
            lines += row(fig.clean(driver.label), driver.share, _grade(driver))
    return [*lines, *row("Unexplained", answer.unexplained, "", "")]


def _grade(driver: Driver) -> str:
    return fig.clean(driver.evidence_grade)[:1]


def _late(answer: Why, units: str) -> list[str]:
    if not (answer.detected or answer.stops):
        return []
    lines = _wrap(f"{late.heading(answer)}{'' if late.heading(answer).endswith('?') else '.'}")
    named, more = late.shown_stops(answer)
    for stop in named:
        command = "" if late.is_the_cramp(stop, answer) else f" If it was: {late.log_command(stop, units)}"
        lines += _wrap(f"  {late.stop_sentence(stop, answer, units)}{command}".strip(), 2, 4)
    lines += _wrap(more, 2, 4)
    for item in answer.detected:
        label = definitions.DEFINITIONS[item.id].label
        lines += _wrap(f"{label}: {definitions.verdict(item, units)}.", 2, 4)
    return lines


def _would_tell(answer: Why, units: str) -> list[str]:
    telling, rest = words.steps_that_tell(answer)
    lines = []
    for step in telling:
        worth = first_screen.worth(step)
        lines += _wrap(f"{fig.upper_first(asked.step(step))}: {worth}. {asked.command(step, answer)}", 2, 4)
    lines += _wrap(words.little_told(rest), 2, 4)
    return ["What would tell us more", *lines] if lines else []


def _assumed(answer: Why, units: str) -> str:
    """What was assumed in one paragraph; the page says of each where it comes from."""
    parts = [
        f"{fig.lower_first(asked.ASSUMED[a.key])} "
        + (fig.quantity(a.estimate, a.unit, units) if a.estimate is not None else f"({asked.reason(a, units)})")
        for a in answer.assumed
    ]
    return f"Assumed: {'; '.join(parts)}." if parts else ""


def _missing(answer: Why) -> str:
    found = [asked.CHANNELS[m.key] for m in answer.missing]
    parts = [f"{fig.lower_first(channel.label)} ({channel.how})" for channel in found]
    return f"Not in the file: {'; '.join(parts)}." if parts else ""


def _mind(answer: Why, units: str) -> list[str]:
    """The first few warnings; the page and the JSON have all."""
    items = words.warnings(answer, units)
    lines = [line for item in items[:_MOST_MINDED] for line in _wrap(item, 2, 4)]
    if len(items) > _MOST_MINDED:
        lines += _wrap(f"and {len(items) - _MOST_MINDED} more, on the page (--html) and in --json", 2, 4)
    return ["Keep in mind", *lines] if lines else []
