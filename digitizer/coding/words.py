"""Words made comparable: the same terms whatever their spelling, ending and order. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

STOP_WORDS = frozenset(
    word
    for words in (
        "a an and as at by due elsewhere for from in into is its nec nos not of on or other",
        "otherwise classified specified than that the their to unspecified which with",
    )
    for word in words.split()
)
"""Words of code titles that do not tell one disease from another; "without" and "no" do."""

_POSSESSIVE = re.compile(r"['\u2019`]s\b|['\u2019`]")
_PLURAL_Y = re.compile(r"ies\b")
_WORD = re.compile(r"[a-z0-9]+")
_BRITISH = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        (r"aem", "em"),
        (r"aec", "ec"),
        (r"aesth", "esth"),
        (r"aeti", "eti"),
        (r"paed", "ped"),
        (r"oed", "ed"),
        (r"oes(?=oph|tr)", "es"),
        (r"(?<=n)oea", "ea"),
        (r"rrhoe", "rrhe"),
        (r"coeli", "celi"),
        (r"foet", "fet"),
        (r"mour\b", "mor"),
        (r"litre\b", "liter"),
        (r"sulph", "sulf"),
    )
)
_NUMERALS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_GREEK_PLURALS = (("ases", "asis"), ("oses", "osis"), ("yses", "ysis"), ("eses", "esis"))
_ENDINGS = tuple(
    ending
    for endings in (
        "ations ation ously ional ically tional ical ious eous ions ated ating ally ary ous ion",
        "ive ing ial ism ic al ar ed ia is um us es y e a s",
    )
    for ending in endings.split()
)
"""Tried in this order: longer ones before those that they end in."""


def singular(title: str) -> str:
    """A title with "extremities" as "extremity": what is on both sides has the name of one."""
    return _PLURAL_Y.sub("y", title)


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Lower case without accents and possessives, American spelling, single spaces."""
    plain = text.lower()
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text)
        plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    plain = " ".join(_WORD.findall(_POSSESSIVE.sub("", plain)))
    for british, american in _BRITISH:
        plain = british.sub(american, plain)
    return plain


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The part of a folded word that its family shares: "infect" of infection and infectious.

    Only ever compared with other stems, so it need not be a word. At least four letters stay.
    """
    if word in _NUMERALS:
        return _NUMERALS[word]
    if len(word) < 5 or not word.isalpha():
        return word.removesuffix("s") if len(word) == 4 and word[-2:] not in ("ss", "us") else word
    for plural, one in _GREEK_PLURALS:
        if word.endswith(plural):
            word = word.removesuffix(plural) + one
    if word.endswith("s") and word[-2:] not in ("ss", "us", "is"):
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def stems(text: str) -> list[str]:
    """The stems of the words of `text` that tell diseases apart, in order."""
    return folded_stems(fold(text))


def folded_stems(folded: str) -> list[str]:
    """The same of text that is folded already."""
    return [stem(word) for word in folded.split() if word not in STOP_WORDS]


def key(text: str) -> str:
    """The same for all orders and endings of the same words: the set of stems, sorted."""
    return " ".join(sorted(set(stems(text))))


def grams(text: str, size: int = 3) -> Counter[str]:
    """The character `size`-grams of each word of folded `text`, words padded by one space."""
    counts: Counter[str] = Counter()
    for word in text.split():
        padded = f" {word} "
        counts.update(padded[i : i + size] for i in range(max(1, len(padded) - size + 1)))
    return counts


def gram_weights(
    counts: Counter[str], rarity: Mapping[str, float], unknown: float = 0.0
) -> dict[str, float]:
    """How much each gram says of the text: its damped count times its rarity."""
    return {gram: math.sqrt(n) * rarity.get(gram, unknown) for gram, n in counts.items()}
