"""The page for the phone and the card to print: no network, a file that works by itself; its script only searches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from charley.faces.report import packed
from charley.vocabulary.words import words


@dataclass(frozen=True, slots=True)
class Drawing:
    """A leg in thick strokes on 330 by 220 px: where it was (pale), where it goes, an arrow, joints and words."""

    label: str
    leg: tuple[str, ...]
    ghost: tuple[str, ...]
    arrow: str
    words: tuple[tuple[int, int, str, str], ...]
    joints: tuple[tuple[int, int], ...] = ()
    floor: str = ""


GROUPS = ("body", "leg", "pattern", "you")  # of signs, the gravest first
GRAVE = ("emergency", "urgent")
# classes of a screen, by which it has what is forbidden shown behind it; the style sheet names them
MOSTLY = frozenset("trwhj")  # marks that mostly go together: as one, "z"
MARKS = {"mouth": "f", "stretch": "t", "massage": "r", "compression": "w", "heat": "h", "ice": "i", "jog": "j"}


DRAWINGS = {
    "calf": Drawing(
        label="Leg out, knee straight, toes pulled towards the shin",
        floor="M4 166H326",
        leg=("M10 144H232", "M238 144L216 52"),
        ghost=("M240 140L300 92",),
        arrow="M296 66C284 44 262 32 234 36M234 36l13-9M234 36l12 10",
        joints=((92, 144),),
        words=((92, 196, "middle", "knee straight"), (200, 40, "end", "toes to the shin")),
    ),
    "thigh_front": Drawing(
        label="Standing on the other leg, heel pulled to the seat, knees together",
        floor="M40 208H300",
        leg=("M152 16L158 106", "M158 106L218 62"),
        ghost=("M158 114L162 186", "M162 186L136 190"),
        arrow="M196 184C230 172 252 138 244 94M244 94l-12 11M244 94l9 13",
        joints=((158, 106),),
        words=((138, 112, "end", "knees together"), (326, 40, "end", "heel to the seat")),
    ),
    "thigh_back": Drawing(
        label="Heel on the ground in front, knee straight, leaning forward from the hip",
        floor="M30 206H310",
        leg=("M110 100L236 184", "M236 184L250 144", "M110 100L168 38"),
        ghost=("M110 88V18", "M106 112L92 194"),
        arrow="M130 16C148 8 166 8 186 18M186 18l-14-7M186 18l-9 12",
        joints=((168, 139),),
        words=((326, 118, "end", "knee straight"), (326, 78, "end", "lean from the hip")),
    ),
    "foot": Drawing(
        label="Toes pulled up towards the shin",
        floor="M30 178H310",
        leg=("M112 20V140", "M112 150L216 160", "M216 160L256 112"),
        ghost=("M222 162H272",),
        arrow="M294 146C300 124 292 104 272 94M272 94l3 15M272 94l15 1",
        joints=((216, 158),),
        words=((232, 74, "middle", "toes up"),),
    ),
    "shin": Drawing(
        label="Toes pointed, weight on the top of the foot",
        floor="M30 186H310",
        leg=("M30 76L190 116", "M190 116L276 160"),
        ghost=("M198 104L244 34",),
        arrow="M268 56C292 80 300 108 292 134M292 134l-10-11M292 134l12-9",
        joints=((190, 116),),
        words=((96, 60, "middle", "front of the shin"), (210, 176, "end", "point the toes")),
    ),
    "bed": Drawing(
        label="Sitting in bed, a sheet looped round the foot, knee straight, pulling",
        floor="M4 166H326",
        leg=("M10 144H232", "M238 144L222 62"),
        ghost=("M240 140L300 92",),
        arrow="M226 78L64 66M226 78C240 80 246 100 236 112M64 66l13-7M64 66l12 9",
        joints=((92, 144),),
        words=((92, 196, "middle", "knee straight"), (70, 46, "start", "pull the sheet")),
    ),
    "swim": Drawing(
        label="Floating on the back, knee straight, one hand pulls the toes to the shin",
        floor="M4 168q20-16 40 0t40 0t40 0t40 0t40 0t40 0t40 0t40 0",
        leg=("M10 140H232", "M238 140L216 52"),
        ghost=("M240 136L300 92",),
        arrow="M296 66C284 44 262 32 234 36M234 36l13-9M234 36l12 10",
        joints=((92, 140),),
        words=((92, 204, "middle", "float, lungs full"), (200, 40, "end", "toes to the shin")),
    ),
}


def render_page(
    card: Any, log_action: str = "", log_fields: str = "", sheet: str = "", script_address: str = ""
) -> str:
    """The page for the phone. ``log_action``: where a served page posts the side; without it nothing is kept.
    ``sheet``: the address of ``served_style`` where it is not to stand in the page; ``script_address``: that of
    ``served_script`` then. Without script there is no search box, and all else works.

    ``log_fields`` is HTML of our own making that goes into the form, such as a token against forged requests.
    """
    from markupsafe import Markup

    script = _search()
    made = template("cramp_now.html.j2", "cramp_now.css")
    page: str = made.render(
        **_parts(card), drawings=DRAWINGS, log_action=log_action, log_fields=Markup(log_fields), sheet=sheet,
        style=Markup(packed.style(f"{made.globals['tokens']}{made.globals['css']}")),
        script=Markup(script), script_hash=_hash(script), script_address=script_address,
        groups=tuple((group, words(f"card.{group}")) for group in GROUPS),
        index=_index(card),
        names={outcome.id: f"x{number}" for number, outcome in enumerate(card.outcomes)},
        marks={outcome.id: _marks(outcome) for outcome in card.outcomes},
        mostly=MOSTLY,
        forbidden=tuple((mark, words(f"do_not.{word}")) for word, mark in MARKS.items()),
        see_someone=words("urgency.see_someone"),
    )  # fmt: skip
    return packed.markup(page)


def served_script(card: Any) -> str:
    """The search as a script of its own for a served page, with the words by which signs are found."""
    return f'document.querySelector(".all").dataset.words = "{_index(card)}";\n{_search()}'


def served_style() -> str:
    """The page's style as a sheet of its own."""
    made = template("cramp_now.html.j2", "cramp_now.css")
    return packed.style(f"{made.globals['tokens']}{made.globals['css']}")


def _search() -> str:
    from importlib.resources import files

    return packed.script((files("charley.faces.report") / "cramp_now.js").read_text(encoding="utf-8"))


def _index(card: Any) -> str:
    listed = [sign for group in GROUPS for sign in card.signs if sign.group == group]
    return packed.index([(sign.text, sign.words) for sign in listed])


def _marks(outcome: Any) -> str:
    """The classes of an outcome's screen: its kind, and what of the shared sentences it shows."""
    kind = "stop" if outcome.urgency in GRAVE else "see" if outcome.urgency == "see_someone" else ""
    marks = [MARKS[word] for word in outcome.forbids]
    if set(marks) >= MOSTLY:
        marks = ["z", *(mark for mark in marks if mark not in MOSTLY)]
    return " ".join((*filter(None, (kind,)), *marks))


def _strokes(parts: tuple[str, ...]) -> str:
    """Strokes as one path; one that begins where the one before ends goes on from there."""
    path, end = "", ""
    for part in parts:
        begin, line = re.fullmatch(r"M([\d ]+)([A-Z].*)", part).groups()  # type: ignore[union-attr]
        path += line if begin == end else part
        end = line[1:] if line[0] == "L" else ""
    return path


def _hash(script: str) -> str:
    """The name under which the page allows this script and no other (Content Security Policy)."""
    from base64 import b64encode
    from hashlib import sha256

    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


def render_card(card: Any) -> str:
    """The card to print: two A6 faces on one A5 sheet, to be cut or folded."""
    page: str = template("cramp_card.html.j2", "cramp_card.css").render(**_parts(card), drawings=DRAWINGS)
    return page


def template(name: str, style: str) -> Any:
    """A template of a small page, with its style sheet behind the tokens."""
    from importlib.resources import files

    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("charley.faces.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room = files("charley.faces.report")
    environment.filters["strokes"] = _strokes
    environment.globals["tokens"] = Markup((room / "tokens.css").read_text(encoding="utf-8"))
    environment.globals["css"] = Markup((room / style).read_text(encoding="utf-8"))
    return environment.get_template(name)


def _parts(card: Any) -> dict[str, Any]:
    """What the templates name: the card's tables by id."""
    return {
        "card": card,
        "muscles": {muscle.id: muscle for muscle in card.muscles},
        "others": [muscle for muscle in card.muscles if muscle.id != "calf"],
        "places": {place.id: place for place in card.places},
        "steps": {step.id: step.text for step in card.steps},
        "hold_s": next(step.seconds for step in card.steps if step.id == "hold"),
        "late": {"headline": words("stop.late"), "lines": [x for x in words("stop.late_lines").splitlines() if x]},
        "tomorrow": [words("tomorrow.sore"), words("tomorrow.test"), words("tomorrow.strain")],
    }
