"""Every class of query finds exactly what Whoosh, used as its manual says, finds."""

import random
from datetime import date, datetime, time

import pytest
from rapidfuzz.distance import OSA, Levenshtein
from whoosh import fields, index, query

from digitizer.chart.search import PageRecord, SearchRequest
from digitizer.search.ranking import spelling_slack
from digitizer.search.whoosh import WhooshBackend

PAGES = 300
TYPES = ("note", "letter", "report")
CONFUSED = {"e": "c", "l": "i", "n": "u", "h": "b", "t": "f", "o": "c"}


def made_words(chance):
    """The commoner half of the words first."""
    syllables = ("ba", "den", "cor", "li", "mo", "na", "ril", "sto", "the", "um", "vex", "phon")
    return ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(400)]


def misread(chance, word):
    return "".join(
        CONFUSED.get(letter, letter) if chance.random() < 0.02 else letter for letter in word
    )


def made_pages(chance, words):
    """Pages of words after Zipf's law, some misread."""
    for number in range(PAGES):
        places = [min(int(400 ** chance.random()), 399) for _ in range(80)]
        text = " ".join(misread(chance, words[place]) for place in places)
        yield PageRecord(
            uid=f"p{number}",
            document=f"d{number // 3}",
            source="s.pdf",
            number=number % 3 + 1,
            text=text,
            doc_type=chance.choice(TYPES),
            encounter_date=date(2000 + number // 3 % 20, 1 + number % 12, 1),
        )


@pytest.fixture(scope="module")
def corpus():
    chance = random.Random(3)
    words = made_words(chance)
    return words, list(made_pages(chance, words))


@pytest.fixture(scope="module")
def ours(corpus, tmp_path_factory):
    backend = WhooshBackend(tmp_path_factory.mktemp("ours"))
    for start in range(0, PAGES, 100):  # three segments
        backend.open()
        backend.update(corpus[1][start : start + 100])
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def naive(corpus, tmp_path_factory):
    schema = fields.Schema(
        uid=fields.ID(stored=True),
        text=fields.TEXT,
        doc_type=fields.ID,
        date=fields.DATETIME,
    )
    made = index.create_in(str(tmp_path_factory.mktemp("naive")), schema)
    writer = made.writer()
    for page in corpus[1]:
        writer.add_document(
            uid=page.uid, text=page.text, doc_type=page.doc_type, date=_at(page.encounter_date)
        )
    writer.commit()
    with made.searcher() as searcher:
        yield searcher


def _at(day):
    return datetime.combine(day, time())


def term(word):
    return query.Term("text", word)


def common(chance, words, texts):
    word = chance.choice(words[:20])
    return word, term(word), {}


def rare(chance, words, texts):
    word = chance.choice(words[300:])
    return word, term(word), {}


def and3(chance, words, texts):
    three = chance.sample(words[:60], 3)
    return " ".join(three), query.And(list(map(term, three))), {}


def or5(chance, words, texts):
    five = chance.sample(words[20:200], 5)
    return " OR ".join(five), query.Or(list(map(term, five))), {}


def phrase(chance, words, texts):
    text = chance.choice(texts).split()
    start = chance.randrange(len(text) - 1)
    two = text[start : start + 2]
    return f'"{" ".join(two)}"', query.Phrase("text", two), {}


def prefix(chance, words, texts):
    start = chance.choice(words)[:4]
    return f"{start}*", query.Prefix("text", start), {}


def wildcard(chance, words, texts):
    word = chance.choice(words)
    pattern = f"{word[:2]}*{word[-3:]}"
    return pattern, query.Wildcard("text", pattern), {}


def fuzzy(chance, words, texts):
    """Whoosh counts two letters that were swapped as two slips, we as one."""
    word = chance.choice(words)
    slack, there = spelling_slack(word), set(" ".join(texts).split())
    swapped = [
        other
        for other in there
        if OSA.distance(word, other) <= slack < Levenshtein.distance(word, other)
    ]
    like = query.FuzzyTerm("text", word, maxdist=slack, prefixlength=0)
    return f"{word}~", query.Or([like, *map(term, swapped)]), {}


def filtered(chance, words, texts):
    word, kind, year = chance.choice(words[:40]), chance.choice(TYPES), chance.randint(2000, 2015)
    first, last = date(year, 1, 1), date(year + 4, 12, 31)
    asked = [
        term(word),
        query.Term("doc_type", kind),
        query.DateRange("date", _at(first), _at(last)),
    ]
    return word, query.And(asked), {"doc_type": kind, "date_from": first, "date_to": last}


CLASSES = (common, rare, and3, or5, phrase, prefix, wildcard, fuzzy, filtered)


@pytest.mark.parametrize("make", CLASSES, ids=lambda make: make.__name__)
def test_the_hits_are_those_of_plain_whoosh(ours, naive, corpus, make):
    words, pages = corpus
    chance, texts, some = random.Random(make.__name__), [page.text for page in pages], 0
    for _ in range(25):
        typed, asked, filters = make(chance, words, texts)
        expected = {hit["uid"] for hit in naive.search(asked, limit=None)}
        answer = ours.search(SearchRequest(query=typed, limit=PAGES, **filters))
        exact = {hit.uid for hit in answer.hits if hit.score >= 8}
        assert not answer.partial
        assert exact == expected, typed
        some += bool(expected)
    assert some > 5, "the class has hits"
