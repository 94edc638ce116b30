from dataclasses import replace
from fnmatch import fnmatchcase
from types import SimpleNamespace

import pytest

from digitizer.chart.cancer import MAYBE_TWO, Aspect, Behavior, Standing
from digitizer.chart.clinical import Assertion, Entity, Experiencer, Label, Presence, Time
from digitizer.chart.coding import ICDO3, Code
from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.text import TextSpan
from digitizer.coding.cancer.abstract import tumors
from digitizer.coding.cancer.stated import said_in
from digitizer.coding.cancer.tables import read_tables
from digitizer.errors import ConfigError
from tests.codes import MODELS, knowledge, suggester
from tests.unit.test_coding_suggest import printed

TABLES = read_tables(MODELS)


def found_in(*contents, terms, date_of=None, known=None, **assertion):
    """The tumors of a document of these pages, whose findings are `terms`."""
    pages, entities = [], []
    for number, content in enumerate(contents, 1):
        pages.append(Page(number=number, text=printed(content)))
        for term in terms:
            if term in content:
                start = content.index(term)
                span = TextSpan(start, start + len(term))
                said = Assertion(**assertion)
                entities.append(
                    Entity(label=Label.PROBLEM, page=number, span=span, text=term, assertion=said)
                )
    document = Document(pages=tuple(pages), entities=tuple(entities), encounter_date=date_of)
    return tumors(suggester()(document), TABLES, known or knowledge())


def said(content, aspect):
    return [each.value for each in said_in(content, TABLES) if each.aspect is aspect]


@pytest.mark.parametrize(
    ("code", "behavior"),
    [
        ("C50.411", Behavior.MALIGNANT),
        ("C44.311", "no"),  # basal cell carcinoma of the skin of the nose
        ("C44.42", "no"),  # squamous cell carcinoma of the scalp
        ("C44.131", Behavior.MALIGNANT),  # sebaceous carcinoma of an eyelid
        ("C4A.0", Behavior.MALIGNANT),
        ("C79.51", None),
        ("D05.11", Behavior.IN_SITU),
        ("D06.9", "no"),
        ("D04.5", "no"),
        ("D32.0", Behavior.BENIGN),
        ("D35.2", Behavior.BENIGN),
        ("D43.2", Behavior.UNCERTAIN),
        ("D45", Behavior.MALIGNANT),
        ("D3A.012", Behavior.MALIGNANT),  # a carcinoid tumor of the ileum, whatever it is called
        ("D47.Z1", Behavior.MALIGNANT),
        ("D47.2", "no"),
        ("D17.0", "no"),
        ("I10", "no"),
    ],
)
def test_what_registries_look_for(code, behavior):
    what = TABLES.reportable(code)
    assert (what.behavior if what else "no") == behavior


@pytest.mark.parametrize(
    ("code", "site"),
    [
        ("C50.411", "C50.4"),
        ("C61", "C61.9"),
        ("C56.1", "C56.9"),
        ("C64.2", "C64.9"),
        ("C34.11", "C34.1"),
        ("C43.59", "C44.5"),
        ("C83.38", "C77.8"),
        ("C91.10", "C42.1"),
        ("C49.A2", "C16.9"),
        ("C7A.012", "C17.2"),
        ("D05.12", "C50.9"),
        ("D03.51", "C44.5"),
        ("D3A.012", "C17.2"),
        ("D33.3", "C72.5"),
        ("C80.1", "C80.9"),
        ("D45", "C42.1"),
    ],
)
def test_where_tumors_of_a_code_arise(code, site):
    assert TABLES.topography(code) == site


def test_every_pattern_of_the_tables_fits_a_code_that_there_is():
    begun = {start[0] for globs, _ in TABLES.sites for start in globs} | {"D", "C"}
    assert begun == {"C", "D"}
    every = [
        code.code
        for letter in begun
        for number in range(100)
        for code in _below(f"{letter}{number:02}")
    ] + [code.code for start in ("C4A", "C7A", "C7B", "D3A") for code in _below(start)]
    globs = [glob for globs, _ in TABLES.sites for glob in globs]
    globs += [glob for glob, _ in TABLES.codes]
    lost = [glob for glob in globs if not any(fnmatchcase(code, glob) for code in every)]
    assert lost == []


def _below(start):
    code = knowledge().code(start)
    if code is None:
        return
    yield code
    for child in knowledge().children(start):
        yield from _below(child.code)


def test_a_table_that_is_malformed_is_named_with_its_line(tmp_path):
    folder = tmp_path / "cancer"
    folder.mkdir()
    for name in ("histologies", "reportable", "topography", "ambiguous"):
        (folder / f"{name}.tsv").write_text((MODELS / "cancer" / f"{name}.tsv").read_text())
    (folder / "topography.tsv").write_text("codes\ttopography\nC61\n")
    with pytest.raises(ConfigError, match=r"topography\.tsv, line 2"):
        read_tables(tmp_path)
    (folder / "topography.tsv").unlink()
    with pytest.raises(ConfigError, match=r"topography\.tsv cannot be read"):
        read_tables(tmp_path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("AJCC: pT2 pN1a M0", "pT2 N1a M0"),
        ("Pathologic stage: pT1c, N0(sn), MX", "pT1c N0 MX"),
        ("staged T3N2M1a", "T3 N2 M1a"),
        ("ypT0 ypN0", "ypT0 N0"),
        ("pTis N0", "pTis N0"),
        ("pTlc NO MO", "pT1c N0 M0"),  # as OCR reads it
        ("pT2", "pT2"),
    ],
)
def test_tnm_is_read_as_registrars_write_it(text, value):
    assert said(text, Aspect.TNM) == [value]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "Primary Tumor (pT): pT1c: tumor > 10 mm\n"
            "Regional Lymph Nodes (pN): pN1a\nDistant Metastasis (pM): Not applicable",
            ["pT1c N1a"],
        ),
        ("pT Category: pT3\npN Category: pN2b\npM Category: pM1a", ["pT3 N2b M1a"]),
        ("pT Category: pT1b\nDistant metastasis: cM0", ["pT1b M0"]),
        ("1. Kidney, pT1a Nx.\n2. Prostate, cT1c.", ["pT1a NX", "cT1c"]),
        ("Kidney: pT1b\nProstate: pT2 pN0", ["pT2 N0", "pT1b"]),
    ],
)
def test_tnm_of_synoptic_rows_is_put_together(text, values):
    assert said(text, Aspect.TNM) == values


def test_the_n_of_a_far_row_is_not_of_a_t():
    assert said("pT2" + "\nNot seen: something" * 20 + "\npN1", Aspect.TNM) == ["pT2"]


@pytest.mark.parametrize("text", ["T2 weighted images", "MRI T1 N/A", "on day T3", "CN2 intact"])
def test_what_only_looks_like_tnm_is_none(text):
    assert said(text, Aspect.TNM) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Prostatic adenocarcinoma, Gleason score 3+4=7", "Gleason 3+4=7"),
        ("Gleason 4 + 3", "Gleason 4+3=7"),
        ("Gleason's score 8", "Gleason 8"),
        ("Grade Group 2", "grade group 2"),
        ("moderately differentiated adenocarcinoma", "moderately differentiated"),
        ("Nottingham grade II/III", "Nottingham grade 2"),
        ("Fuhrman nuclear grade 3 of 4", "Fuhrman nuclear grade 3"),
        ("invasive carcinoma, grade 2", "grade 2"),
        ("high-grade sarcoma", "high grade"),
        ("Histologic Grade: G2", "Histologic grade 2"),
        ("Histologic Grade (WHO/ISUP): G3", "WHO/ISUP grade 3"),
        ("Histologic Grade (Nottingham Histologic Score): Grade 2", "Nottingham grade 2"),
        ("DCIS, high nuclear grade", "high grade"),
        ("Nuclear Grade: High", "high grade"),
    ],
)
def test_grades_keep_the_scale_that_they_are_of(text, value):
    assert said(text, Aspect.GRADE) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("stage IIIA lung cancer", "stage IIIA"),
        ("stage IIIA lung cancer. Fibrosis of the liver", "stage IIIA"),
        ("FIGO stage IB2", "FIGO stage IB2"),
        ("AJCC 8th ed. stage 2B", "AJCC 8th ed. stage IIB"),
        ("Ann Arbor stage IVB", "Ann Arbor stage IVB"),
        ("extensive-stage small cell", "extensive stage"),
    ],
)
def test_stages_are_written_in_roman_numerals(text, value):
    assert said(text, Aspect.STAGE) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "CKD stage 3",
        "stage 2 pressure ulcer of the sacrum",
        "Chronic kidney disease, stage IV",
        "stage C heart failure",
        "stage 1 hypertension",
        "low-grade fever",
        "grade 2 ankle sprain",
        "Stage II sacral decubitus",
    ],
)
def test_stages_and_grades_of_other_diseases_are_not_a_tumors(text):
    assert not said(text, Aspect.STAGE)
    assert not said(text, Aspect.GRADE)


def test_a_tumor_is_abstracted_with_the_words_that_say_so():
    content = (
        "FINAL DIAGNOSIS:\nLeft breast, upper outer quadrant, core biopsy:\n"
        "Infiltrating ductal carcinoma, Nottingham grade 2.\nAJCC stage: pT1c pN0 (sn), stage IA"
    )
    (tumor,) = found_in(content, terms=["Infiltrating ductal carcinoma"])
    assert tumor.site.code.startswith("C50")
    assert tumor.laterality == "left"
    assert tumor.behavior is Behavior.MALIGNANT
    assert tumor.standing is Standing.STATED
    assert [(s.aspect.value, s.value) for s in tumor.said] == [
        ("histology", "infiltrating duct carcinoma"),
        ("grade", "Nottingham grade 2"),
        ("TNM", "pT1c N0"),
        ("stage", "stage IA"),
    ]
    for statement in tumor.said:
        evidence = statement.evidence
        assert evidence.span.of(content) == evidence.text
        assert evidence.boxes


def test_icd_o_3_is_shown_only_where_it_was_imported():
    content = "Assessment: papillary thyroid carcinoma"
    (bare,) = found_in(content, terms=["papillary thyroid carcinoma"])
    assert bare.morphology is None
    assert bare.topography is None
    titles = {"8260/3": "Papillary adenocarcinoma", "C73.9": "Thyroid gland"}

    def code(key, system="ICD-10-CM"):
        if system != ICDO3:
            return knowledge().code(key, system)
        title = titles.get(key)
        return Code(system=ICDO3, code=key, title=title) if title else None

    (full,) = found_in(
        content, terms=["papillary thyroid carcinoma"], known=SimpleNamespace(code=code)
    )
    assert full.morphology.code == "8260/3"
    assert full.topography.code == "C73.9"


@pytest.mark.parametrize(
    "assertion",
    [
        {"presence": Presence.NEGATED},
        {"experiencer": Experiencer.FAMILY},
        {"time": Time.HISTORICAL},
        {"presence": Presence.HYPOTHETICAL},
    ],
)
def test_a_tumor_that_is_denied_past_or_a_relatives_is_none(assertion):
    assert found_in("note: lung cancer", terms=["lung cancer"], **assertion) == ()


@pytest.mark.parametrize(
    ("cue", "counts"),
    [("probable", True), ("consistent with", True), ("possible", False), ("rule out", False)],
)
def test_an_ambiguous_word_counts_as_registries_count_it(cue, counts):
    content = f"Impression: {cue} lung cancer"
    start = content.index(cue)
    unsure = {"presence": Presence.POSSIBLE, "cue": TextSpan(start, start + len(cue))}
    found = found_in(content, terms=["lung cancer"], **unsure)
    assert [tumor.standing for tumor in found] == ([Standing.AMBIGUOUS] if counts else [])


def test_the_tnm_with_its_nodes_is_told_though_a_bare_one_stands_nearer():
    content = "Sigmoid colon: adenocarcinoma (pT3).\nSynoptic:\npT Category: pT3\npN Category: pN1b"
    (tumor,) = found_in(content, terms=["adenocarcinoma"])
    assert tumor.stated(Aspect.TNM) == "pT3 N1b"


@pytest.mark.parametrize(
    ("content", "term", "side"),
    [
        ("Skin, left upper back: malignant melanoma", "malignant melanoma", "left"),
        ("Left vestibular schwannoma", "vestibular schwannoma", "left"),
        ("Thyroid, right lobe: papillary thyroid carcinoma", "papillary thyroid carcinoma", ""),
    ],
)
def test_a_side_is_told_of_sites_of_which_there_are_two(content, term, side):
    (tumor,) = found_in(content, terms=[term])
    assert tumor.laterality == side


def test_two_tumors_keep_what_is_said_of_each():
    content = (
        "1. Prostate adenocarcinoma, Gleason score 4+3=7.\n\n" + "Seen with his wife. " * 30 + "\n"
        "2. Clear cell renal cell carcinoma of the right kidney, Fuhrman grade 2, pT1a NX."
    )
    found = found_in(content, terms=["Prostate adenocarcinoma", "Clear cell renal cell carcinoma"])
    by_place = {tumor.place: tumor for tumor in found}
    assert by_place["C61"].stated(Aspect.GRADE) == "Gleason 4+3=7"
    assert by_place["C64"].stated(Aspect.GRADE) == "Fuhrman grade 2"
    assert by_place["C64"].stated(Aspect.TNM) == "pT1a NX"
    assert by_place["C61"].stated(Aspect.TNM) == ""


def test_a_metastasis_alone_points_to_a_primary_that_is_not_said():
    (tumor,) = found_in("Assessment: bone metastases", terms=["bone metastases"])
    assert tumor.place == "C80"
    assert "primary site is not said" in tumor.remarks[0]


@pytest.mark.parametrize(
    ("row", "term", "spread"),
    [
        ("Regional Lymph Nodes (pN): pN1a", None, ["C77.9"]),
        ("Regional Lymph Nodes: 2 of 12 involved", None, ["C77.9"]),
        ("Regional Lymph Nodes (pN): pNX", None, []),
        ("Number of Lymph Nodes Examined: 12", None, []),
        ("Distant Metastasis (pM): Not applicable", "Metastasis", []),
        ("Number of Lymph Nodes with Micrometastases: 0", "Nodes with Micrometastases", []),
        ("Bone metastases: no change. Pain: none", "Bone metastases", ["C79.51"]),
        ("Bone metastases. Pain: none", "Bone metastases", ["C79.51"]),
    ],
)
def test_a_synoptic_row_tells_of_metastases_only_where_it_says_so(row, term, spread):
    content = f"FINAL DIAGNOSIS: Sigmoid colon cancer\n{row}"
    (tumor,) = found_in(content, terms=["Sigmoid colon cancer", *([term] if term else [])])
    assert [code.code for code in tumor.spread] == spread


def test_the_closer_kind_is_told_though_a_wider_one_stands_nearer():
    content = "Right renal cell carcinoma, resected last week: clear cell RCC, Fuhrman grade 2."
    (tumor,) = found_in(content, terms=["renal cell carcinoma"])
    assert tumor.stated(Aspect.HISTOLOGY) == "clear cell renal cell carcinoma"


def test_what_an_item_of_a_list_says_is_not_the_next_items():
    content = (
        "Assessment and Plan:\n"
        "1. Right renal cell carcinoma, s/p partial nephrectomy: Fuhrman grade 2, pT1a Nx.\n"
        "2. Prostate cancer, Gleason 3+3=6, cT1c."
    )
    found = found_in(content, terms=["renal cell carcinoma", "Prostate cancer"])
    by_place = {tumor.place: tumor for tumor in found}
    assert by_place["C64"].stated(Aspect.HISTOLOGY) == "renal cell carcinoma"
    assert by_place["C64"].stated(Aspect.GRADE) == "Fuhrman grade 2"
    assert by_place["C64"].stated(Aspect.TNM) == "pT1a NX"
    assert by_place["C61"].stated(Aspect.TNM) == "cT1c"


def test_a_metastasis_is_of_no_benign_tumor_and_its_own_is_never_lost():
    content = "Assessment: left occipital meningioma. Bone metastases on PET."
    found = found_in(content, terms=["meningioma", "Bone metastases"])
    assert [(t.place, [code.code for code in t.spread]) for t in found] == [
        ("C80", ["C79.51"]),
        ("C70", []),
    ]


def test_what_is_said_of_a_tumor_without_a_site_is_abstracted_too():
    content = "Assessment: bone metastases of poorly differentiated adenocarcinoma"
    (tumor,) = found_in(content, terms=["bone metastases"])
    assert tumor.stated(Aspect.HISTOLOGY) == "adenocarcinoma"


def test_a_metastasis_counts_by_an_ambiguous_word_too():
    content = "Impression: probable bone metastases"
    unsure = {"presence": Presence.POSSIBLE, "cue": TextSpan(12, 20)}
    (tumor,) = found_in(content, terms=["bone metastases"], **unsure)
    assert (tumor.place, tumor.standing, tumor.spread) == ("C80", Standing.AMBIGUOUS, ())


def test_parts_of_one_organ_may_be_two_tumors():
    content = "Assessment: melanoma of the left forearm. Melanoma of the upper back."
    terms = ["melanoma of the left forearm", "Melanoma of the upper back"]
    (tumor,) = found_in(content, terms=terms)
    assert MAYBE_TWO in tumor.remarks
    (one,) = found_in("Sigmoid colon cancer. Colon cancer", terms=["Sigmoid colon cancer"])
    assert one.remarks == ()


def test_a_stage_of_a_relatives_tumor_or_in_the_name_of_another_disease_is_not_a_tumors():
    content = "Assessment: Colon cancer. Gout, stage 2. Mother's breast cancer was stage IIIA."
    (tumor,) = found_in(content, terms=["Colon cancer", "Gout, stage 2"])
    assert tumor.stated(Aspect.STAGE) == ""


@pytest.mark.parametrize(
    ("term", "assertion", "places"),
    [
        ("Adenocarcinoma", {}, ["C80"]),
        ("Adenocarcinoma", {"presence": Presence.NEGATED}, []),
        ("Adenocarcinoma", {"experiencer": Experiencer.FAMILY}, []),
        ("Malignancy", {}, []),
    ],
)
def test_a_kind_of_cancer_is_a_case_though_no_site_is_said(term, assertion, places):
    found = found_in(f"Biopsy.\n{term}.", terms=[term], **assertion)
    assert [tumor.place for tumor in found] == places


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Medulloblastoma", "C71"),
        ("Anaplastic oligodendroglioma", "C71"),
        ("Retinoblastoma", "C69"),
        ("Klatskin tumor", "C24"),
        ("Wilms tumor", "C64"),
        ("Craniopharyngioma", "C75"),
        ("Lentigo maligna", "C44"),
        ("Primary myelofibrosis", "C42"),
    ],
)
def test_tumors_whose_name_says_where_they_arise_are_found(name, place):
    assert [tumor.place for tumor in found_in(name, terms=[name])] == [place]


def test_a_histology_that_does_not_arise_at_the_site_is_remarked_on():
    (tumor,) = found_in("Assessment: Colon cancer, germinoma type", terms=["Colon cancer"])
    assert tumor.place == "C18"
    assert any("check the site" in remark for remark in tumor.remarks)
    (fitting,) = found_in("Assessment: adenocarcinoma. Colon cancer", terms=["Colon cancer"])
    assert not fitting.remarks


def test_evidence_that_moves_takes_what_is_said_along():
    content = "Prostate adenocarcinoma, Gleason score 4+3=7"
    (tumor,) = found_in(content, terms=["Prostate adenocarcinoma"])
    moved = tumor.moved(lambda e: replace(e, page=e.page + 4))
    assert {e.page for e in (*moved.evidence, *(s.evidence for s in moved.said))} == {5}
    assert tumor.moved(lambda e: None) is None


def test_a_cancer_without_a_site_is_the_one_that_has_a_site():
    content = "Assessment: adenocarcinoma.\nColon cancer"
    (tumor,) = found_in(content, terms=["adenocarcinoma", "Colon cancer"])
    assert tumor.place == "C18"
    assert tumor.stated(Aspect.HISTOLOGY) == "adenocarcinoma"
