"""Turns the tables of the ear into the two files that are read at run time. Run by ``scripts/make_hearing.py``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from charley.advice import evidence_rows
from charley.advice.hearing.context import Context
from charley.advice.hearing.find import Features
from charley.advice.hearing.languages import fold
from charley.advice.hearing.patterns import NUMBER, Classes, Phrases, without_skipped
from charley.advice.hearing.spelling import stem
from charley.advice.hearing.text import sentences
from charley.advice.tables import load

FROM_MILDEST = ("self_care", "see_someone", "urgent", "emergency")  # as the triage orders them
LANGUAGES = ("de", "fr", "es", "pt", "it", "nl", "pl", "ja", "ru", "zh")


def signs(
    table: dict[str, Any],
    context: dict[str, Any],
    limits: dict[str, Any],
    levels: Sequence[int],
    lasting: frozenset[str],
    lesser: frozenset[str],
) -> dict[str, Any]:
    """The compiled signs of ``signs.toml`` and ``context.toml``; ``levels``: the urgency of each sign alone, 0 to 3.

    ``lasting`` ones hold when told of the past too; beside ``lesser`` ones alone the net is still asked.
    """
    classes = Classes(table["class"])
    ids = list(table["sign"])
    say: list[tuple[str, int]] = []
    unsaid: list[tuple[str, int]] = []
    rules = []
    for number, row in enumerate(table["sign"].values()):
        say += [(_as_read(phrase), number) for phrase in row.get("say", ())]
        unsaid += [(_as_read(phrase), number) for phrase in row.get("not", ())]
        for text in row.get("near", ()):
            rule = classes.rule(text)
            rules.append([number, list(rule.parts), rule.wide])
    net = table["net"]
    net_rules = [[list(r.parts), r.wide] for r in map(classes.rule, (*net["near"], *net["hints"]))]
    of_word: dict[str, list[int]] = {}
    joined: list[tuple[str, int]] = []
    ranges = []
    for number, entries in enumerate(classes.entries):
        for entry in entries:
            between = NUMBER.match(entry)
            if between:
                ranges.append([int(between[1]), int(between[2]), number])
            elif "_" in entry:
                joined.append((entry.replace("_", " "), number))
            else:
                of_word.setdefault(entry, []).append(number)
    return {
        "signs": ids,
        "lasting": [number for number, name in enumerate(ids) if name in lasting],
        "standing": [number for number, name in enumerate(ids) if table["sign"][name].get("stands", False)],
        "lesser": [number for number, name in enumerate(ids) if name in lesser],
        "levels": list(levels),
        "limits": limits,
        **_kinds(table["class"]),
        "net": {
            "say": Phrases.compiled((_as_read(phrase), 0) for phrase in net["say"]),
            "not": Phrases.compiled((_as_read(phrase), 0) for phrase in net["not"]),
            "rules": net_rules,
        },
        "context": Context.compiled(context),
        "of_word": {word: " ".join(map(str, of_word[word])) for word in sorted(of_word)},
        "joined": Phrases.compiled(joined),
        "ranges": ranges,
        "say": Phrases.compiled(say),
        "not": Phrases.compiled(unsaid),
        "rules": rules,
    }


def _kinds(classes: dict[str, str]) -> dict[str, Any]:
    """Which named classes a word, or several, belong to."""
    names = list(classes)
    of_word: dict[str, list[str]] = {}
    joined: list[tuple[str, int]] = []
    for number, name in enumerate(names):
        for entry in classes[name].split():
            if "_" in entry:
                joined.append((entry.replace("_", " "), number))
            elif not NUMBER.match(entry):
                of_word.setdefault(entry, []).append(name)
    return {
        "kinds": {word: " ".join(of_word[word]) for word in sorted(of_word)},
        "kind_names": names,
        "kind_phrases": Phrases.compiled(joined),
    }


def _as_read(phrase: str) -> str:
    """A phrase in the words that the ear makes of it, without those that may stand in between."""
    if "<" not in phrase:
        phrase = " ".join(word.text for sentence in sentences(phrase) for word in sentence.words)
    return without_skipped(phrase)


def sign_words(table: dict[str, Any], context: dict[str, Any]) -> Counter[str]:
    """Every plain word of the signs, with how many patterns hold it."""
    found: Counter[str] = Counter()
    classes = Classes(table["class"])
    rows = list(table["sign"].values())
    net = table["net"]
    for text in (*net["near"], *net["hints"], *(text for row in rows for text in row.get("near", ()))):
        classes.rule(text)
    for entries in classes.entries:
        for entry in entries:
            if not NUMBER.match(entry):
                found.update(entry.split("_"))
    said = [phrase for row in rows for key in ("say", "not") for phrase in row.get(key, ())]
    for phrase in (*said, *net["say"], *net["not"]):
        found.update(word for word in _as_read(phrase).split() if not word.startswith("<"))
    for value in context.values():
        texts: list[str] = value if isinstance(value, list) else [str(value)]
        for text in texts:
            found.update(re.findall(r"[a-z]+", text))
    return found


def questions(
    phrases: dict[str, Any], synonyms: dict[str, Any], limits: dict[str, Any], told: dict[str, str]
) -> dict[str, Any]:
    """The index of questions: ``phrases`` by target, ``told`` the claims and answers in their own words, by id."""
    groups = {name: [" ".join(map(stem, text.split())) for text in texts] for name, texts in synonyms["group"].items()}
    names = list(groups)
    ideas = Phrases.compiled((text, number) for number, name in enumerate(names) for text in groups[name])
    features = Features(synonyms["empty"], names, ideas, synonyms["cancels"], limits["idea"])
    targets = list(phrases)
    rows: list[int] = []
    lengths: list[float] = []
    postings: dict[str, list[int]] = {}
    for number, target in enumerate(targets):
        own = [told[target]] if target in told else []
        for text in (*phrases[target]["phrases"], *own):
            found = features.of([word.text for sentence in sentences(text) for word in sentence.words])
            for feature in found:
                postings.setdefault(feature, []).append(len(rows))
            rows.append(number)
            lengths.append(round(sum(found.values()), 2))
    about: list[tuple[int, list[list[str]]]] = [
        (number, [part.split("|") for part in text.split(" + ")])
        for number, target in enumerate(targets)
        for text in phrases[target].get("about", ())
    ]
    unknown = {i for _, parts in about for part in parts for i in part} - set(synonyms["group"])
    if unknown:
        raise ValueError(f"phrases.toml names ideas that synonyms.toml does not hold: {sorted(unknown)}")
    return {
        "limits": limits,
        "empty": synonyms["empty"],
        "common": synonyms["common"].split(),
        "names": names,
        "ideas": ideas,
        "elsewhere": synonyms["elsewhere"],
        "cancels": synonyms["cancels"],
        "targets": targets,
        "rows": rows,
        "lengths": lengths,
        "postings": {feature: " ".join(map(str, postings[feature])) for feature in sorted(postings)},
        "about": about,
    }


def question_words(phrases: dict[str, Any], synonyms: dict[str, Any], told: dict[str, str]) -> Counter[str]:
    """Every word of the phrases, the claims and the groups, with how often it stands there."""
    found: Counter[str] = Counter()
    texts = [text for row in phrases.values() for text in row["phrases"]]
    texts += [*told.values(), synonyms["empty"], *(text for group in synonyms["group"].values() for text in group)]
    for text in texts:
        found.update(word.text for sentence in sentences(text) for word in sentence.words)
    return found


def build() -> dict[str, dict[str, Any]]:
    """What the ear reads at run time, by the name of its file."""
    tables = {name: load(f"hearing/{name}") for name in ("signs", "context", "phrases", "synonyms", "limits", "words")}
    told = {row["id"]: row["text"] for row in (*evidence_rows.rows("claims"), *load("answers")["answer"])}
    triage = load("triage")
    lasting = frozenset(flag["id"] for flag in triage["flag"] if flag["group"] in ("pattern", "you"))
    grave = [rule["needs"] for rule in triage["rule"] if rule["urgency"] in ("urgent", "emergency")]
    ids = [flag["id"] for flag in triage["flag"]]
    lesser = frozenset(sign for sign in ids if not any(all(sign in group for group in needs) for needs in grave))
    levels = [_alone(sign, triage["rule"]) for sign in tables["signs"]["sign"]]
    heard = signs(tables["signs"], tables["context"], tables["limits"]["danger"], levels, lasting, lesser)
    words = sign_words(tables["signs"], tables["context"]) + question_words(tables["phrases"], tables["synonyms"], told)
    return {
        "signs": heard,
        "questions": questions(tables["phrases"], tables["synonyms"], tables["limits"]["question"], told),
        "languages": languages(),
        "words": {
            "targets": dict(sorted(words.items())),
            "others": " ".join(tables["words"]["words"].split()),
            "slips": tables["words"]["slips"],
        },
    }


def _alone(sign: str, rules: list[dict[str, Any]]) -> int:
    """The urgency of a sign by itself, by the rules that it fires."""
    fired = [rule["urgency"] for rule in rules if all(sign in group for group in rule["needs"])]
    return max((FROM_MILDEST.index(urgency) for urgency in fired), default=0)


def languages() -> dict[str, Any]:
    """The compiled tables of ``languages/*.toml``, by code."""
    out: dict[str, Any] = {}
    for code in LANGUAGES:
        row = load(f"hearing/languages/{code}")
        rules = [
            [sign, [_written(part.split("|"), row.get("digraphs", {})) for part in text.split(" + ")]]
            for sign, texts in row["sign"].items()
            for text in texts
        ]
        out[code] = {
            "signs": list(row["sign"]),
            "script": row.get("script", ""),
            "common": sorted({fold(word) for word in row.get("common", "").split()}),
            "idle": [fold(phrase) for phrase in row.get("idle", ())],
            "general": [fold(phrase) for phrase in row["general"]],
            "rules": rules,
            **{
                key: [fold(word) for word in row.get(key, "").split()]
                for key in ("negators", "turns", "negators_before", "negators_after", "keeps")
            },
        }
    return out


def _written(words: list[str], digraphs: Mapping[str, str]) -> list[str]:
    """Each word folded, and as it is typed without its own letters ("hängt": "hangt", "haengt")."""
    typed = [reduce(lambda word, pair: word.replace(*pair), digraphs.items(), word) for word in words]
    return list(dict.fromkeys(fold(word) for pair in zip(words, typed, strict=True) for word in pair))


def content(text: str) -> frozenset[str]:
    """The words of a text that carry something, without their endings: two texts with the same are one wording."""
    empty = frozenset(load("hearing/synonyms")["empty"].split())
    words = (word.text for sentence in sentences(text) for word in sentence.words)
    return frozenset(stem(word) for word in words if word not in empty)
