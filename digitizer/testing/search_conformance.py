"""What every search backend must do: inherit it and give it a backend.

    class TestMine(SearchConformance):
        @pytest.fixture
        def backend(self, tmp_path):
            backend = MyBackend(tmp_path / "index", SYNONYMS)
            backend.open()
            yield backend
            backend.close()

It needs nothing but plain assertions, so any runner that finds `test_` methods and passes a
fixture `backend` will do.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypedDict, Unpack

from digitizer.chart.search import Order, PageRecord, SearchRequest
from digitizer.errors import UsageError
from digitizer.search.backend import SearchBackend
from digitizer.search.synonyms import Thesaurus

SYNONYMS = Thesaurus(
    [(("furosemide", "lasix"), ())],
    {"I21.9": (("heart attack", "myocardial infarction"), ("mi",))},
)

PAGES = (
    PageRecord(
        uid="d1-1",
        document="d1",
        source="Batch_0007.pdf",
        number=1,
        text="DELGADO, Terrence   MR-204-51-88\nDenies heart attack. Follow-up visit for gout.",
        name="Terrence Delgado",
        dob=date(1951, 10, 2),
        mrn="MR-204-51-88",
        doc_type="progress_note",
        encounter_date=date(2019, 3, 14),
        codes=("M10.9",),
        entities=(("PROBLEM", "heart attack", "negated"), ("PROBLEM", "gout", "affirmed")),
    ),
    PageRecord(
        uid="d1-2",
        document="d1",
        source="Batch_0007.pdf",
        number=2,
        text="Continue Lasix 20 mg daily. Gout is quiet; gout diet explained. Gout.",
        name="Terrence Delgado",
        dob=date(1951, 10, 2),
        mrn="MR-204-51-88",
        doc_type="progress_note",
        encounter_date=date(2019, 3, 14),
        codes=("M10.9",),
        entities=(("MEDICATION", "Lasix", "affirmed"), ("PROBLEM", "Gout", "affirmed")),
    ),
    PageRecord(
        uid="d2-1",
        document="d2",
        source="scan_12.tif",
        number=1,
        text="Acute myocardial infarction in 2021. Panic attack once. Furosemide started.",
        name="Zoë O'Brien",
        dob=date(1972, 1, 30),
        mrn="00482913",
        doc_type="discharge_summary",
        encounter_date=date(2021, 6, 1),
        codes=("I21.9", "E11.65"),
        entities=(
            ("PROBLEM", "Acute myocardial infarction", "affirmed"),
            ("PROBLEM", "panic attack", "affirmed"),
            ("PROBLEM", "heart failure", "affirmed"),
            ("MEDICATION", "Furosemide", "planned"),
        ),
    ),
    PageRecord(uid="u-1", document="", source="new.pdf", number=1, text="Heart valve noted."),
    PageRecord(uid="u-2", document="", source="new.pdf", number=2, text="Heart rate 72."),
)


class Filters(TypedDict, total=False):
    """What a request may say beside its query."""

    mrn: str
    dob: date
    code: str
    doc_type: str
    source: str
    date_from: date
    date_to: date
    assertion: str
    order: Order
    limit: int
    offset: int


class SearchConformance:
    """Requests with one right answer on PAGES; `backend` is open, empty and knows SYNONYMS."""

    def test_words_are_all_needed_and_case_does_not_matter(self, backend: SearchBackend) -> None:
        """Plain words are ANDed."""
        _finds(backend, "GOUT visit", "d1-1")
        _finds(backend, "heart rate", "u-2")

    def test_phrase_keeps_the_order(self, backend: SearchBackend) -> None:
        """Quoted words stand next to one another."""
        _finds(backend, '"gout diet explained"', "d1-2")
        assert not _uids(backend, '"diet gout explained"')

    def test_a_garbled_phrase_is_found_after_exact_ones(self, backend: SearchBackend) -> None:
        """As the scan may have it; a word by itself is not widened so while it is found."""
        misread = [
            PageRecord(uid=uid, document=uid, source="s.pdf", number=1, text=text)
            for uid, text in {
                "looks": "acute rnyocardial infarction", "slip": "Myocardial infarctlon",
                "joined": "myocardialinfarction", "stray": "myocardial | I infarction",
                "other": "myocardial function", "far": "myocardial or cerebral infarction",
            }.items()
        ]  # fmt: skip
        backend.update([*misread, *PAGES])
        first, *others = _ordered(backend, '"myocardial infarction"')
        assert first == "d2-1"
        assert sorted(others) == ["joined", "looks", "slip", "stray"]
        _finds(backend, "infarction", "d2-1", "looks", "stray", "far")
        _finds(backend, 'NOT "myocardial infarction"', "looks", "slip", "joined", "stray", "other",
               "far", "d1-1", "d1-2", "u-1", "u-2")  # fmt: skip

    def test_prefix(self, backend: SearchBackend) -> None:
        """A star finds longer words."""
        _finds(backend, "infarc*", "d2-1")

    def test_stars_anywhere_in_a_word(self, backend: SearchBackend) -> None:
        """Each stands for any letters, or none."""
        _finds(backend, "inf*tion", "d2-1")
        _finds(backend, "*card*", "d2-1")
        _finds(backend, "g*out vis*", "d1-1")
        _finds(backend, "name:del*do", "d1-1", "d1-2")
        assert _uids(backend, "heart att*k", assertion="negated") == {"d1-1"}

    def test_fuzzy(self, backend: SearchBackend) -> None:
        """A tilde finds words spelled like it, swapped letters included."""
        _finds(backend, "infacrtion~", "d2-1")

    def test_or_not_and_brackets(self, backend: SearchBackend) -> None:
        """The Boolean operators."""
        _finds(backend, "(diet OR panic) NOT furosemide", "d1-2")
        _finds(backend, "heart NOT gout", "u-1", "u-2")
        _finds(backend, "NOT (heart OR gout)", "d2-1")

    def test_hyphenated_words_whole_and_in_pieces(self, backend: SearchBackend) -> None:
        """As it is printed, without its hyphen, and with a blank for it."""
        for typed in ("follow-up", "followup", '"follow up"'):
            _finds(backend, typed, "d1-1")

    def test_words_broken_at_the_end_of_a_line(self, backend: SearchBackend) -> None:
        """Are found whole."""
        text = "History of hyper-\ntension and gout."
        backend.update([PageRecord(uid="b", document="", source="b.pdf", number=1, text=text)])
        _finds(backend, "hypertension", "b")
        _finds(backend, '"hypertension and gout"', "b")

    def test_accents_do_not_matter(self, backend: SearchBackend) -> None:
        """On either side."""
        _finds(backend, "zoe", "d2-1")
        _finds(backend, "name:Zoë", "d2-1")

    def test_name_in_any_order(self, backend: SearchBackend) -> None:
        """Family name first or last."""
        _finds(backend, "Delgado, Terrence", "d1-1", "d1-2")
        _finds(backend, 'name:"o\'brien"', "d2-1")

    def test_misspelled_name_is_found_and_said_so(self, backend: SearchBackend) -> None:
        """A slip widens the search, and the note tells."""
        _finds(backend, "Delagdo", "d1-1", "d1-2")
        assert backend.search(SearchRequest(query="Delagdo")).note
        _finds(backend, "name:Terence", "d1-1", "d1-2")
        _finds(backend, "name:terr", "d1-1", "d1-2")

    def test_record_number_in_any_writing(self, backend: SearchBackend) -> None:
        """Hyphens, prefix, leading zeros and misread characters are forgiven in a query."""
        for typed in ("MR-204-51-88", "mr2045188", "2045188", "MR-2O4-5l-8B", "mrn:2045188"):
            _finds(backend, typed, "d1-1", "d1-2")
        _finds(backend, "482913", "d2-1")
        _finds(backend, "mrn:MR-204*", "d1-1", "d1-2")

    def test_misread_record_number_on_a_page_of_nobody_yet(self, backend: SearchBackend) -> None:
        """A page is found by the number printed on it before its patient is known."""
        page = PageRecord(uid="n", document="", source="n.pdf", number=1, text="MRN: MR-2O4-5I-99")
        backend.update([page])
        _finds(backend, "MR-204-51-99", "n")

    def test_record_number_one_digit_off_is_somebody_else(self, backend: SearchBackend) -> None:
        """However far a search widens."""
        for typed in ("MR-204-51-89", "mrn:MR-204-51-89", "00482914"):
            assert not _uids(backend, typed)

    def test_record_number_filter_is_exact(self, backend: SearchBackend) -> None:
        """Case and punctuation aside: another patient's chart is worse than none."""
        assert _uids(backend, "", mrn="MR2045188") == {"d1-1", "d1-2"}
        for wrong in ("2045188", "MR-2O4-51-88", ""):
            assert not _uids(backend, "", mrn=wrong)

    def test_birth_date(self, backend: SearchBackend) -> None:
        """As a word, in the field, and as a filter."""
        for typed in ("10/02/1951", "10/2/51", "Oct 2, 1951", "2 October 1951 Delgado"):
            _finds(backend, typed, "d1-1", "d1-2")
        assert backend.search(SearchRequest(query="Oct 2, 1951")).note == "read as a date"
        assert not _uids(backend, "October 3, 1951")
        _finds(backend, "dob:1951-10-02", "d1-1", "d1-2")
        assert _uids(backend, "", dob=date(1951, 10, 2)) == {"d1-1", "d1-2"}

    def test_code_finds_the_codes_below_it(self, backend: SearchBackend) -> None:
        """A category finds its members, a member does not find its siblings."""
        for typed in ("code:E11", "code:e1165", "E11.65", "code:E11.6"):
            _finds(backend, typed, "d2-1")
        _finds(backend, "code:E1*", "d2-1")
        assert _uids(backend, "", code="E11") == {"d2-1"}
        assert not _uids(backend, "", code="E11.9")

    def test_date_range_includes_both_ends(self, backend: SearchBackend) -> None:
        """As a field and as filters; pages without a date are in none."""
        _finds(backend, "date:2019..2021", "d1-1", "d1-2", "d2-1")
        _finds(backend, "date:2021-06", "d2-1")
        on = date(2021, 6, 1)
        assert _uids(backend, "", date_from=on, date_to=on) == {"d2-1"}
        assert _uids(backend, "", date_to=date(2021, 5, 31)) == {"d1-1", "d1-2"}

    def test_type_and_source(self, backend: SearchBackend) -> None:
        """The document's type and the file's name."""
        _finds(backend, "type:discharge", "d2-1")
        _finds(backend, "source:scan_12.tif", "d2-1")
        assert _uids(backend, "", doc_type="progress_note") == {"d1-1", "d1-2"}
        assert not _uids(backend, "", doc_type="progress")

    def test_synonyms_follow_exact_words(self, backend: SearchBackend) -> None:
        """Every name finds the thing, the name as typed first."""
        assert _ordered(backend, "heart attack") == ["d1-1", "d2-1"]
        assert _ordered(backend, "furosemide") == ["d2-1", "d1-2"]
        assert _ordered(backend, "lasix") == ["d1-2", "d2-1"]

    def test_a_code_and_its_names_find_each_other(self, backend: SearchBackend) -> None:
        """What is coded need not bear the name; what is denied is not what a code stands for."""
        bare = PageRecord(uid="", document="", source="s.pdf", number=1, text="Cath lab at once.")
        affirmed, negated = (("PROBLEM", "heart attack", said) for said in ("affirmed", "negated"))
        coded = replace(bare, uid="coded", document="c", codes=("I21.9",))
        named = replace(bare, uid="named", document="n", entities=(affirmed,))
        denied = replace(bare, uid="denied", document="d", entities=(negated,))
        backend.update([coded, named, denied])
        _finds(backend, "I21", "coded", "named")
        assert _ordered(backend, "I21.9") == ["coded", "named"]
        _finds(backend, "code:I21", "coded")
        _finds(backend, "heart attack", "coded")
        answer = backend.search(SearchRequest(query="mi"))
        assert {hit.uid for hit in answer.hits} == {"coded"}
        assert answer.note == "also as I21.9"
        assert backend.search(SearchRequest(query="I21")).note == (
            "read as a code; also as heart attack"
        )

    def test_assertion_is_that_of_the_thing_asked_for(self, backend: SearchBackend) -> None:
        """A denied heart attack is no heart attack, and two findings do not make a third."""
        assert _uids(backend, "heart attack", assertion="affirmed") == {"d2-1"}
        assert _uids(backend, "heart attack", assertion="negated") == {"d1-1"}
        assert not _uids(backend, "heart panic", assertion="affirmed")
        assert _uids(backend, "drug:lasix", assertion="planned") == {"d2-1"}
        assert _uids(backend, "", assertion="negated") == {"d1-1"}
        assert _uids(backend, "heart*", assertion="negated") == {"d1-1"}
        assert not _uids(backend, "gou*", assertion="negated")

    def test_not_takes_away_the_very_words_only(self, backend: SearchBackend) -> None:
        """What is ruled out is neither widened to other names nor to other spellings."""
        _finds(backend, "lasix NOT furosemide", "d1-2")
        _finds(backend, "NOT delagdo", *(page.uid for page in PAGES))

    def test_unknown_assertion_is_refused(self, backend: SearchBackend) -> None:
        """Rather than answered with nothing."""
        _refused(backend, SearchRequest(query="gout", assertion="certain"))

    def test_unreadable_query_is_refused(self, backend: SearchBackend) -> None:
        """Rather than guessed at."""
        for typed in ('"gout', "(gout", "gout)", "gout OR", "dob:yesterday", "mrn:", "nme:lee"):
            _refused(backend, SearchRequest(query=typed))

    def test_widens_to_any_word_last(self, backend: SearchBackend) -> None:
        """Nothing has all the words: pages with some of them, and a note."""
        backend.update(PAGES)
        answer = backend.search(SearchRequest(query="zebra diet"))
        assert [hit.uid for hit in answer.hits] == ["d1-2"]
        assert answer.note

    def test_empty_query_finds_everything(self, backend: SearchBackend) -> None:
        """Within the filters."""
        assert _uids(backend, "") == {page.uid for page in PAGES}

    def test_pages_of_a_document_stand_together(self, backend: SearchBackend) -> None:
        """Pages whose document is not known yet stand with those of their scan."""
        backend.update(PAGES)
        answer = backend.search(SearchRequest(query="gout OR heart OR panic"))
        documents = [hit.document for hit in answer.hits]
        runs = [d for i, d in enumerate(documents) if not i or documents[i - 1] != d]
        assert len(runs) == len(set(runs)) == answer.documents == 3

    def test_limit_counts_documents(self, backend: SearchBackend) -> None:
        """A document comes with all its matching pages."""
        backend.update(PAGES)
        answer = backend.search(SearchRequest(query="gout OR heart OR panic", limit=1))
        assert answer.documents == 3
        assert len({hit.document for hit in answer.hits}) == 1

    def test_terms_are_the_words_that_matched(self, backend: SearchBackend) -> None:
        """In lower case, as on the page, whatever was typed; none that were ruled out."""
        backend.update(PAGES)
        answer = backend.search(SearchRequest(query="Furosemide NOT zebra"))
        assert {hit.uid: hit.terms for hit in answer.hits} == {
            "d1-2": ("lasix",),
            "d2-1": ("furosemide",),
        }

    def test_a_problem_is_affirmed_unless_said_otherwise(self, backend: SearchBackend) -> None:
        """What is denied is no problem of the patient's."""
        _finds(backend, 'problem:"heart attack"', "d2-1")
        _finds(backend, "NOT problem:gout", "d2-1", "u-1", "u-2")
        assert _uids(backend, 'problem:"heart attack"', assertion="negated") == {"d1-1"}

    def test_other_names_that_were_met_are_said(self, backend: SearchBackend) -> None:
        """So that a hit without the word that was typed explains itself."""
        backend.update(PAGES)
        assert "also as lasix" in backend.search(SearchRequest(query="furosemide")).note
        assert "also" not in backend.search(SearchRequest(query="panic")).note

    def test_confidence(self, backend: SearchBackend) -> None:
        """In percent; what was never on paper has none."""
        read = [
            replace(PAGES[0], uid=f"c{percent}", confidence=percent / 100)
            for percent in (40, 60, 90)
        ]
        backend.update([*read, replace(PAGES[0], uid="none")])
        _finds(backend, "conf:<60", "c40")
        _finds(backend, "conf:>=60", "c60", "c90")
        _finds(backend, "gout conf:50..70", "c60")
        _finds(backend, "conf:90", "c90")

    def test_where_the_paper_lies(self, backend: SearchBackend) -> None:
        """By its words; they are no words of the page."""
        boxed = [replace(PAGES[0], uid=f"b{n}", paper=f"box {n}, shelf B") for n in (11, 12)]
        backend.update(boxed)
        _finds(backend, 'paper:"box 12"', "b12")
        _finds(backend, "paper:shelf gout", "b11", "b12")
        assert not _uids(backend, "shelf")

    def test_source_filter_is_exact(self, backend: SearchBackend) -> None:
        """The whole name of the file."""
        assert _uids(backend, "", source="Batch_0007.pdf") == {"d1-1", "d1-2"}
        assert not _uids(backend, "", source="batch")

    def test_order_by_date(self, backend: SearchBackend) -> None:
        """Documents without a date come last either way."""
        newest = _ordered(backend, "heart OR gout OR panic", order=Order.NEWEST)
        oldest = _ordered(backend, "heart OR gout OR panic", order=Order.OLDEST)
        assert [uid[:2] for uid in newest] == ["d2", "d1", "d1", "u-", "u-"]
        assert [uid[:2] for uid in oldest] == ["d1", "d1", "d2", "u-", "u-"]

    def test_turning_the_pages_of_an_answer_shows_each_document_once(
        self, backend: SearchBackend
    ) -> None:
        """In the order of the whole answer."""
        whole = _ordered(backend, "heart OR gout OR panic")
        parts = [
            _ordered(backend, "heart OR gout OR panic", limit=1, offset=number)
            for number in range(4)
        ]
        assert [uid for part in parts for uid in part] == whole
        assert not parts[-1]

    def test_facets_count_documents(self, backend: SearchBackend) -> None:
        """All that match, whatever is answered; what has no value is not counted."""
        backend.update(PAGES)
        request = SearchRequest(query="heart OR gout OR panic", limit=1, facets=True)
        facets = {facet.name: facet.values for facet in backend.search(request).facets}
        assert facets == {
            "type": (("discharge_summary", 1), ("progress_note", 1)),
            "year": (("2019", 1), ("2021", 1)),
            "patient": (("00482913", 1), ("MR-204-51-88", 1)),
            "code": (("E11.65", 1), ("I21.9", 1), ("M10.9", 1)),
            "source": (("Batch_0007.pdf", 1), ("new.pdf", 1), ("scan_12.tif", 1)),
        }
        assert backend.search(SearchRequest(query="gout")).facets == ()

    def test_did_you_mean(self, backend: SearchBackend) -> None:
        """The nearest word that is in the index; nothing where all words are."""
        backend.update(PAGES)
        assert backend.search(SearchRequest(query="infacrtion acute")).suggestion in (
            "infarction acute"
        )
        assert backend.search(SearchRequest(query="infarction")).suggestion == ""

    def test_similar_pages_share_telling_words(self, backend: SearchBackend) -> None:
        """A page like another is found, the page itself first, and others are not."""
        text = "Cholecystectomy was laparoscopic under general anaesthesia"
        pages = [
            PageRecord(uid=uid, document=uid, source="s.pdf", number=1, text=words)
            for uid, words in {
                "one": text,
                "two": f"{text}. Recovery uneventful.",
                "far": "Refraction measured, glasses prescribed under daylight",
            }.items()
        ]
        backend.update([*PAGES, *pages])
        answer = backend.search(SearchRequest(like=text))
        assert {hit.uid for hit in answer.hits} == {"one", "two"}
        filtered = backend.search(SearchRequest(like=text, query="recovery"))
        assert {hit.uid for hit in filtered.hits} == {"two"}

    def test_tending_and_verifying_change_nothing(self, backend: SearchBackend) -> None:
        """Whatever there was to do."""
        for page in PAGES:
            backend.update([page])
        while backend.tend():
            pass
        backend.verify()
        assert backend.uids() == {page.uid for page in PAGES}
        _finds(backend, "gout diet", "d1-2")

    def test_replaced_and_deleted_text_is_gone(self, backend: SearchBackend) -> None:
        """Also right after a search has seen it."""
        assert _uids(backend, "valve") == {"u-1"}
        page = PageRecord(uid="u-1", document="d9", source="new.pdf", number=1, text="Heart sound.")
        backend.update([page], ["u-2"])
        assert not _uids(backend, "valve", fill=False)
        assert not _uids(backend, '"heart rate"', fill=False)
        assert _uids(backend, '"heart sound"', fill=False) == {"u-1"}
        assert backend.count() == len(PAGES) - 1
        assert backend.uids() == {page.uid for page in PAGES} - {"u-2"}

    def test_deletion_comes_before_addition(self, backend: SearchBackend) -> None:
        """A uid in both is in the index afterwards."""
        backend.update(PAGES, [page.uid for page in PAGES])
        assert backend.count() == len(PAGES)

    def test_last_record_of_a_uid_wins(self, backend: SearchBackend) -> None:
        """Within one update."""
        old, new = (
            PageRecord(uid="x", document="", source="x.pdf", number=1, text=text)
            for text in ("before", "after")
        )
        backend.update([old, new])
        assert backend.count() == 1
        assert backend.search(SearchRequest(query='"after"')).documents == 1

    def test_rebuild_replaces_everything(self, backend: SearchBackend) -> None:
        """And the rebuilt index can be written."""
        backend.update(PAGES)
        backend.rebuild(PAGES[:1])
        assert backend.uids() == {"d1-1"}
        backend.update(PAGES[1:2])
        assert backend.uids() == {"d1-1", "d1-2"}

    def test_closing_twice_and_searching_again(self, backend: SearchBackend) -> None:
        """A closed backend opens itself."""
        backend.update(PAGES)
        backend.close()
        backend.close()
        assert backend.count() == len(PAGES)


def _ordered(
    backend: SearchBackend, query: str, *, fill: bool = True, **asked: Unpack[Filters]
) -> list[str]:
    if fill and not backend.count():
        backend.update(PAGES)
    answer = backend.search(SearchRequest(query=query, **asked))
    return [hit.uid for hit in answer.hits]


def _uids(
    backend: SearchBackend, query: str, *, fill: bool = True, **asked: Unpack[Filters]
) -> set[str]:
    return set(_ordered(backend, query, fill=fill, **asked))


def _finds(backend: SearchBackend, query: str, *uids: str) -> None:
    assert _uids(backend, query) == set(uids), query


def _refused(backend: SearchBackend, request: SearchRequest) -> None:
    try:
        backend.search(request)
    except UsageError:
        return
    raise AssertionError("the request was answered")
