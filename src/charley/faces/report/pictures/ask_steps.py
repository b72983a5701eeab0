"""The steps of asking a maker for one's runs, drawn: a screen, and on it the words to look for. No logos."""

from __future__ import annotations

from charley.faces.report.pictures.svg import Drawing, wrap

WIDTH, HEIGHT = 160.0, 132.0
_LINE = 15.0
_PHONE = (40.0, 80.0)  # left edge and width
WHERE = ("web", "phone", "mail", "computer", "here")


def draw(key: str, where: str, label: str) -> Drawing:
    """One step: ``where`` it happens (one of WHERE), and the words that stand there."""
    picture = Drawing(key, WIDTH)
    picture.height = HEIGHT
    {"web": _web, "phone": _phone, "mail": _mail, "computer": _computer, "here": _here}[where](picture)
    lines = wrap(label, WIDTH - 40, 12.0, bold=True, most=3)
    if where == "here":
        _words(picture, lines, HEIGHT / 2 + 22)
        return picture
    high = _LINE * len(lines) + 12
    top = HEIGHT / 2 - high / 2 + (14 if where == "mail" else 6)
    picture.rect(8, top, WIDTH - 16, high, "ring", 6)
    _words(picture, lines, top + 6 + _LINE / 2 + _LINE * (len(lines) - 1) / 2)
    return picture


def _words(picture: Drawing, lines: list[str], middle: float) -> None:
    first = middle - _LINE * (len(lines) - 1) / 2 + 4
    for n, line in enumerate(lines):
        picture.text(WIDTH / 2, first + n * _LINE, line, "g", "middle")


def _bars(picture: Drawing, left: float, width: float, tops: tuple[float, ...]) -> None:
    for n, top in enumerate(tops):
        picture.rect(left, top, width * (0.9 - 0.2 * (n % 3)), 7, "on0", 3)


def _web(picture: Drawing) -> None:
    """A window of a browser."""
    picture.rect(16, 1, WIDTH - 32, HEIGHT - 2, "cb", 8)
    picture.rule(16, 20, WIDTH - 16, 20, "ax")
    for n in range(3):
        picture.circle(27 + 10 * n, 11, 2.5, "on0")
    _bars(picture, 28, WIDTH - 56, (30, 44, 100, 114))


def _phone(picture: Drawing) -> None:
    """A phone that stands upright."""
    left, width = _PHONE
    picture.rect(left, 1, width, HEIGHT - 2, "cb", 12)
    picture.rule(left + width / 2 - 10, 9, left + width / 2 + 10, 9, "ax")
    _bars(picture, left + 12, width - 24, (20, 34, 106, 118))


def _mail(picture: Drawing) -> None:
    """A letter that has come."""
    picture.rect(24, 12, WIDTH - 48, HEIGHT - 24, "cb", 6)
    picture.rule(24, 14, WIDTH / 2, 52, "ax")
    picture.rule(WIDTH - 24, 14, WIDTH / 2, 52, "ax")


def _computer(picture: Drawing) -> None:
    """A folder on this computer."""
    picture.rect(24, 24, 48, 12, "cb", 4)
    picture.rect(24, 32, WIDTH - 48, HEIGHT - 44, "cb", 6)
    _bars(picture, 38, WIDTH - 76, (44, 104))


def _here(picture: Drawing) -> None:
    """The field on this page into which files are dropped."""
    picture.rect(16, 8, WIDTH - 32, HEIGHT - 16, "cb dash", 8)
    middle = WIDTH / 2
    picture.rule(middle, 22, middle, 56, "tk")
    picture.rule(middle - 8, 48, middle, 56, "tk")
    picture.rule(middle + 8, 48, middle, 56, "tk")
