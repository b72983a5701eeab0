"""Answers of many kinds, made once, and their pages, for the tests of the report."""

from __future__ import annotations

from functools import cache

from lxml import html as lxml_html

from charley.faces.report import render_why
from charley.vocabulary.answer import Why
from report_answers import make

CASES = {
    "marathon": {},
    "4 h, every second": {"length": "4 h", "every_s": 1.0},
    "10 km": {"length": "10 km"},
    "1 km": {"length": "1 km", "every_s": 1.0},
    "24 h": {"length": "24 h"},
    "no heart rate": {"heart": False},
    "only position": {"heart": False, "cadence": False, "altitude": False},
    "somewhere after": {"cramp": "range"},
    "between": {"cramp": "between", "heart": False},
    "some time": {"cramp": "some time"},
    "no cramp": {"cramp": "none"},
    "one cramp logged": {"log": 1},
    "five cramps logged": {"log": 5},
    "demo": {"demo": True},
    "hostile": {"hostile": True},
    "bare": {"bare": True, "cramp": "none"},
    "bare with a cramp": {"bare": True},
    "no distance": {"distance": False},
    "next to nothing": {"tiny": True},
}


@cache
def answer(case: str) -> Why:
    return make(**CASES[case])


@cache
def page(case: str, units: str = "metric") -> str:
    return render_why(answer(case), units)


@cache
def tree(case: str):
    return lxml_html.document_fromstring(page(case))


def visible(case: str) -> str:
    """What a reader of the page can read: without styles, with the words of pictures and tables."""
    return " ".join(" ".join(tree(case).xpath("//body//text()")).split())
