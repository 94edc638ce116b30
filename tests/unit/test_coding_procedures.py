"""Procedures: what was done at this visit gets its code, and what is not said is asked."""

from datetime import date

import pytest

from digitizer.chart.clinical import Assertion, Entity, Label
from digitizer.chart.coding import CPT, HCPCS, ICD10PCS, Code, CodeMatch
from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.text import Section, TextSpan
from digitizer.coding.procedure_table import coded, read_procedures
from digitizer.coding.procedures import NO_SETTING, open_procedures
from digitizer.coding.suggest import NOT_IN_FORCE, in_force
from digitizer.errors import ConfigError
from tests.codes import MODELS, knowledge
from tests.unit.test_coding_suggest import printed

TABLE = MODELS / "lexicon" / "procedures.tsv"


def _document(content, *found, kind="", label=Label.PROCEDURE, **fields):
    sections = ()
    if kind:
        whole = TextSpan(0, len(content))
        sections = (Section(kind=kind, heading=TextSpan(0, 0), span=whole),)
    entities = tuple(
        Entity(
            label=label,
            page=1,
            span=TextSpan(content.index(term), content.index(term) + len(term)),
            text=term,
            assertion=Assertion(),
            attributes=(),
        )
        for term in found
    )
    page = Page(number=1, text=printed(content), sections=sections)
    return Document(pages=(page,), entities=entities, **fields)


def _pcs(content, kind="procedure", **fields):
    fields = {"setting": "inpatient", **fields}
    suggest = open_procedures(MODELS, knowledge(), {ICD10PCS})
    return suggest(_document(content, kind=kind, **fields))


def test_every_line_of_the_table_makes_codes_that_exist():
    table = read_procedures(TABLE)
    texts = ("open right two vessels cemented proximal stomach mechanical low transverse closed",
             "laparoscopic left antrum bioprosthetic distal omnipaque diagnostic sigmoid guided",
             "open bilateral classical rectal percutaneous isovue cecum mid porcine")  # fmt: skip
    made = set()
    for templates in table.codes.values():
        for template in templates:
            for text in texts:
                code, lacking = coded(template, text)
                if not lacking:
                    made.add(code)
                    assert knowledge().code(code, ICD10PCS), (code, text)
    assert len(made) > 120


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PROCEDURE: Laparoscopic cholecystectomy\n", "0FT44ZZ"),
        ("PROCEDURE: Laparoscopic converted to open cholecystectomy\n", "0FT40ZZ"),
        ("Procedure performed: Right total knee arthroplasty, cemented\n", "0SRC0J9"),
        ("Procedure: Left total knee arthroplasty, uncemented\n", "0SRD0JA"),
        ("Procedure: Left below knee amputation, mid tibia\n", "0Y6J0Z2"),
        ("Procedure: Bilateral mastectomy\n", "0HTV0ZZ"),
        ("Procedure: Right thoracentesis, diagnostic\n", "0W993ZX"),
    ],
)
def test_what_was_done_gets_the_code_of_side_approach_and_device(text, code):
    (one,) = _pcs(text)
    assert (one.code.code, one.code.system, one.suggested) == (code, ICD10PCS, True)
    assert one.evidence[0].boxes


@pytest.mark.parametrize(
    ("text", "start", "lacking"),
    [
        ("PROCEDURE: Cholecystectomy\n", "0FT4", "does not say the approach"),
        ("PROCEDURE: Total knee arthroplasty\n", "0SR", "does not say the side"),
        ("PROCEDURE: Cesarean section\n", "10D00Z", "classical, low cervical"),
    ],
)
def test_what_the_chart_does_not_say_is_named_and_no_code_is_guessed(text, start, lacking):
    (one,) = _pcs(text)
    assert not one.suggested
    assert not one.code.billable
    assert one.code.code == start
    assert lacking in one.withheld


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Laparoscopic cholecystectomy in 2012\n", "past_surgical_history"),
        ("Plan for laparoscopic cholecystectomy tomorrow.\n", "hospital_course"),
        ("She did not undergo laparoscopic cholecystectomy.\n", "hospital_course"),
        ("Status post laparoscopic cholecystectomy ten years ago.\n", "hospital_course"),
        ("Her mother underwent laparoscopic cholecystectomy.\n", "hospital_course"),
        ("Laparoscopic cholecystectomy was discussed.\n", "hospital_course"),
        ("Will need laparoscopic cholecystectomy.\n", "plan"),
    ],
)
def test_what_is_past_planned_or_a_relatives_is_no_procedure_of_the_stay(text, kind):
    assert _pcs(text, kind=kind, doc_type="discharge_summary") == ()


def test_a_procedure_told_in_the_course_of_the_stay_counts():
    text = "On day 2 she underwent laparoscopic appendectomy without complication.\n"
    (one,) = _pcs(text, kind="hospital_course", doc_type="discharge_summary")
    assert one.code.code == "0DTJ4ZZ"


def test_without_a_known_setting_it_is_shown_and_outpatients_get_none():
    text = "PROCEDURE: Laparoscopic cholecystectomy\n"
    (one,) = _pcs(text, setting=None, doc_type="operative_note")
    assert one.withheld == NO_SETTING
    assert _pcs(text, setting="outpatient") == ()


class _Imported:
    """A knowledge with a few codes of systems that have to be imported."""

    systems = (CPT, HCPCS)
    titles = {  # noqa: RUF012
        CPT: ("Zorbic scope of colon", "Zorbic scope of colon with removal of polyp by snare"),
        HCPCS: ("Injection, zorbamycin sodium, per 250 mg", "Zorbamycin, oral, 5 mg"),
    }

    def search(self, term, limit=10, system=CPT):
        codes = [
            Code(system=system, code=str(i), title=t) for i, t in enumerate(self.titles[system])
        ]
        return [CodeMatch(code=code, score=0.5, wording=code.title) for code in codes]

    def in_force(self, code, on):
        return code.code != "0" or on >= date(2026, 1, 1)


def _others(content, *found, **fields):
    suggest = open_procedures(MODELS, _Imported(), {CPT, HCPCS})
    return [(s.code.system, s.code.code) for s in suggest(_document(content, *found, **fields))]


def test_imported_codes_are_suggested_where_their_words_hold_all_that_the_chart_says():
    done = "She underwent zorbic scope today.\n"
    here = {"setting": "outpatient", "kind": "procedure"}
    assert _others(done, "zorbic scope", **here) == [(CPT, "0")]
    assert _others(done, "scope", **here) == []
    assert _others("She underwent zorbic scope of knee.\n", "zorbic scope of knee", **here) == []
    assert _others("Plan zorbic scope.\n", "zorbic scope", setting="outpatient", kind="plan") == []
    assert _others(done, "zorbic scope", setting="inpatient", kind="procedure") == []


def test_an_injection_given_at_the_visit_finds_its_own_name_alone():
    of = {"setting": "outpatient", "label": Label.MEDICATION}
    given = "Zorbamycin 500 mg IM given in clinic.\n"
    assert _others(given, "Zorbamycin", **of) == [(HCPCS, "0")]
    assert _others("Zorbamycin 500 mg by mouth daily.\n", "Zorbamycin", **of) == []
    assert _others("Not given: Zorbamycin IM.\n", "Zorbamycin", **of) == []


def test_a_code_that_no_list_of_the_day_has_is_withheld():
    suggest = open_procedures(MODELS, _Imported(), {CPT})
    content = "She underwent zorbic scope today.\n"
    for day, held in ((date(2025, 12, 31), True), (date(2026, 1, 1), False)):
        document = _document(
            content, "zorbic scope", kind="procedure", setting="outpatient", encounter_date=day
        )
        (one,) = in_force(suggest(document), document, _Imported())
        assert (one.withheld == NOT_IN_FORCE) is held


@pytest.mark.parametrize("line", ["only one column", "x\t0FT4", "x\t0FT44ZZ\tmore"])
def test_a_malformed_line_of_the_table_is_named(tmp_path, line):
    path = tmp_path / "procedures.tsv"
    path.write_text(f"term\tcodes\n{line}\n")
    with pytest.raises(ConfigError, match="line 2"):
        read_procedures(path)
    with pytest.raises(ConfigError, match="restore"):
        read_procedures(tmp_path / "missing.tsv")
