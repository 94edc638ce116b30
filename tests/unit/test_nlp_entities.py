"""What is found in a page, and that its text is what is printed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from digitizer.chart.clinical import Entity, Label
from digitizer.chart.document import Document
from digitizer.chart.geometry import Box
from digitizer.chart.page import Page
from digitizer.chart.patient import PatientRef
from digitizer.chart.stage import Resources
from digitizer.chart.text import Text, Word
from digitizer.errors import ConfigError
from digitizer.nlp.understand import Understand, Understanding
from digitizer.text.structure import Structure

MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture(scope="module")
def model() -> Understanding:
    return Understand().open(Resources(models=MODELS))


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Understanding:
    """The model without a lexicon."""
    home = tmp_path_factory.mktemp("models")
    (home / "clinical-en").symlink_to(MODELS / "clinical-en")
    return Understand().open(Resources(models=home))


def structured(text: str) -> Page:
    """A page with its sections."""
    return Structure().open(Resources(models=MODELS))(Page(number=1, text=Text(content=text)))


def read(model: Understanding, text: str) -> list[Entity]:
    found = model(Document(pages=(Page(number=3, text=Text(content=text)),))).entities
    assert found is not None
    assert all(e.text == text[e.span.start : e.span.end] and e.page == 3 for e in found)
    return list(found)


def texts(model: Understanding, text: str, label: Label) -> list[str]:
    return [" ".join(e.text.split()) for e in read(model, text) if e.label is label]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Stage 3 chronic kidney disease is stable.", ["Stage 3 chronic kidney disease"]),
        ("Ulcer of the left lower leg.", ["Ulcer of the left lower leg"]),
        ("Closed fracture of the right\ndistal radius.",
         ["Closed fracture of the right distal radius"]),
        ("Major depressive disorder, recurrent, severe.",
         ["Major depressive disorder, recurrent, severe"]),
        ("Asthma with acute exacerbation", ["Asthma with acute exacerbation"]),
        ("Osteoarthritis, left hip, and gout", ["Osteoarthritis, left hip", "gout"]),
        ("Diabetes mellitus type 2 Asthma", ["Diabetes mellitus type 2", "Asthma"]),
        ("Cirrhosis of the liver Acute cystitis", ["Cirrhosis of the liver", "Acute cystitis"]),
        ("Sialadenitis and hypozincemia", ["Sialadenitis", "hypozincemia"]),
        ("The diagnosis and the prognosis were explained on this basis.", []),
        ("Her disease is a long story.", []),
    ],
)  # fmt: skip
def test_problems_are_found_whole_by_grammar_alone(bare, text, expected):
    assert texts(bare, text, Label.PROBLEM) == expected


def test_everyday_names_come_from_the_lexicon(model):
    assert "high blood pressure" in texts(model, "He has high blood pressure.", Label.PROBLEM)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lisinopril 20 mg PO once daily",
         {"generic": "lisinopril", "dose": "20 mg", "route": "PO", "frequency": "once daily"}),
        ("Eliquis 5mg tablet, take 1 by mouth BID",
         {"generic": "apixaban", "brand": "Eliquis", "dose": "5 mg", "route": "PO",
          "frequency": "twice daily"}),
        ("Tylenol 650 mg PO q6h PRN", {"dose": "650 mg", "frequency": "every 6 hours as needed"}),
        ("sumatriptan 50 mg PO as needed for headache", {"frequency": "as needed for headache"}),
        ("glipizide 5 mg PO once daily before breakfast",
         {"frequency": "once daily before breakfast"}),
        ("prednisone 40 mg PO daily for 5 days", {"frequency": "once daily", "duration": "5 days"}),
        ("Sinemet 25/100 mg PO TID", {"dose": "25/100 mg", "frequency": "three times daily"}),
        ("latanoprost 0.005% 1 drop in both eyes QHS",
         {"dose": "0.005%", "route": "OU", "frequency": "at bedtime"}),
        ("insulin glargine 22 units subcut nightly",
         {"dose": "22 units", "route": "SC", "frequency": "at bedtime"}),
        ("methotrexate 15 mg PO weekly", {"frequency": "once weekly"}),
        ("Zorbexin 20 mg twice a day", {"generic": "zorbexin", "frequency": "twice daily"}),
    ],
)  # fmt: skip
def test_directions_are_read(model, text, expected):
    (found,) = [e for e in read(model, text) if e.label is Label.MEDICATION]
    assert {k: found.attribute(k) for k in expected} == expected


ROW, FULL_LINES = (
    20.0,
    (
        ("Prilosec 20 mg", "PO", "once daily before", "acid reflux"),
        ("", "", "breakfast", "disease"),
        ("Vitamin D3 2000", "PO", "QD", "deficiency"),
        ("units", "", "", ""),
    ),
)
LEFTS = (100, 400, 500, 800)


@pytest.mark.parametrize(
    "text",
    [
        "The thyroid is a little enlarged but nontender.",
        "Thyroid not enlarged.",
        "She asked about insulin levels.",
        "Cholesterol was fair.",
    ],
)
def test_an_organ_or_a_level_is_no_medicine(model, text):
    assert not texts(model, text, Label.MEDICATION)


def test_an_organ_with_a_strength_is_a_medicine(model):
    assert texts(model, "Thyroid 60 mg daily.", Label.MEDICATION) == ["Thyroid"]
    assert texts(model, "Armour Thyroid every morning.", Label.MEDICATION) == ["Armour Thyroid"]


def test_medicines_are_found_in_a_home_whose_words_are_older(tmp_path):
    kept = tmp_path / "clinical-en"
    shutil.copytree(MODELS / "clinical-en", kept)
    table = kept / "medication_words.tsv"
    lines = table.read_text(encoding="utf-8").splitlines()
    older = [line for line in lines if not line.startswith(("dosed", "level"))]
    table.write_text("\n".join(older), encoding="utf-8")
    model = Understand().open(Resources(models=tmp_path))
    assert texts(model, "Lisinopril 10 mg daily.", Label.MEDICATION) == ["Lisinopril"]


@pytest.mark.parametrize("printed", ["q.12 h.", "q. 12 hours", "q12h"])
def test_hours_behind_a_stopped_q_are_read(model, printed):
    (entity,) = read(model, f"Ganciclovir 275 mg IV {printed} for three weeks")
    assert dict(entity.attributes)["frequency"] == "every 12 hours"


def drawn(rows: tuple[tuple[str, ...], ...]) -> Page:
    """A page with a table: each cell's words at the left of its column."""
    lines, words, starts, at = [], [], [], 0
    for y, row in enumerate(rows):
        line = []
        for left, cell in zip(LEFTS, row, strict=True):
            for i, word in enumerate(cell.split()):
                x0 = left + sum(10 * len(w) + 8 for w in cell.split()[:i])
                box = Box(x0=x0, y0=y * 2 * ROW, x1=x0 + 10 * len(word), y1=y * 2 * ROW + ROW)
                words.append(Word(text=word, box=box, confidence=0.9))
                line.append(word)
        for word in line:
            starts.append(at)
            at += len(word) + 1
        lines.append(" ".join(line))
    text = Text(content="\n".join(lines), words=tuple(words), starts=tuple(starts))
    return Page(number=1, text=text)


def test_the_cells_of_a_row_are_read_together(model):
    found = model(Document(pages=(drawn(FULL_LINES),))).entities
    first, second = (e for e in found if e.label is Label.MEDICATION)
    assert first.attribute("frequency") == "once daily before breakfast"
    assert (second.attribute("dose"), second.attribute("route")) == ("2000 units", "PO")


def test_an_unknown_medicines_row_is_not_read_into_the_one_above(model):
    rows = (FULL_LINES[0], ("Latanoprpst", "OU", "at bedtime", "glaucoma"))
    found = model(Document(pages=(drawn(rows),))).entities
    medicine = next(e for e in found if e.label is Label.MEDICATION)
    assert (medicine.attribute("route"), medicine.attribute("frequency")) == ("PO", "once daily")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("fluticasone 110 meg INH twice daily", {"dose": "110 mcg", "route": "INH"}),
        ("ceftriaxone lg IV every 24 hours", {"dose": "1 g", "frequency": "every 24 hours"}),
        ("Naprosyn 500 mg PO iwice daily with food", {"frequency": "twice daily with food"}),
        ("Naprosyn 500 mg PO xvce daily", {"frequency": ""}),
        ("loratadine 10 mg HO QD", {"route": "PO", "frequency": "once daily"}),
        ("omeprazole 20 mg POonce dally", {"route": "PO", "frequency": "once daily"}),
        ("ferrous sulfate 325 mg tablet, take 1 PO OD", {"route": "PO", "frequency": "once daily"}),
    ],
)
def test_misread_directions_are_read_as_meant_or_not_at_all(model, printed, expected):
    page = Page(number=1, text=Text(content=printed))
    medicine = next(
        e for e in model(Document(pages=(page,))).entities if e.label is Label.MEDICATION
    )
    assert {key: medicine.attribute(key) for key in expected} == expected


def test_a_patients_name_is_no_abbreviated_disease(model):
    page = structured("Patient Name: Ann Doe MRN: 20394\nDOB: 02/03/1950\nPLAN\nDOE on stairs.")
    found = [e for e in model(Document(pages=(page,))).entities if e.label is Label.PROBLEM]
    assert [e.text for e in found] == ["DOE"]


def test_a_capital_i_misread_at_a_words_start_is_put_right(model):
    page = Page(number=1, text=Text(content="lron deficiency anemia"))
    (found,) = model(Document(pages=(page,))).entities
    assert found.text == "lron deficiency anemia"


def test_directions_stay_with_their_own_medicine(model):
    first, second = read(model, "Lasix; atenolol 25 mg PO BID")
    assert first.attribute("dose") == ""
    assert second.attribute("dose") == "25 mg"


def test_a_row_of_a_laboratory_table(model):
    (found,) = read(model, "ALT (SGPT) 151 H U/L 7 - 56")
    assert (found.label, found.text) == (Label.LAB, "151")
    wanted = {"value": "151", "flag": "H", "unit": "U/L", "low": "7", "high": "56"}
    assert {k: found.attribute(k) for k in wanted} == wanted


def test_a_test_that_no_list_knows_is_read_from_its_row(model):
    (found,) = [e for e in read(model, "Zincotine 12.5 mg/dL 4.0 - 9.0\n") if e.label is Label.LAB]
    assert (found.text, found.attribute("name")) == ("12.5", "Zincotine")


def test_values_in_prose(model):
    found = read(model, "Na 124, K 3.9 and hemoglobin A1c was 8.3 %.")
    assert [(e.text, e.attribute("name")) for e in found] == [
        ("124", "Sodium"),
        ("3.9", "Potassium"),
        ("8.3", "Hemoglobin A1c"),
    ]


def test_vital_signs(model):
    line = "BP 161/81 Pulse 97 Temp 101.7 F Resp 12 SpO2 93% Weight 210 lb"
    found = [e for e in read(model, line) if e.label is Label.VITAL]
    assert [e.text for e in found] == ["161/81", "97", "101.7 F", "12", "93%", "210 lb"]


def test_allergies_with_their_reaction_are_no_medications(model):
    found = read(model, "Allergies: Penicillin (hives), latex - rash, NKFA\n")
    assert [(e.label, e.text, e.attribute("reaction")) for e in found] == [
        (Label.ALLERGY, "Penicillin", "hives"),
        (Label.ALLERGY, "latex", "rash"),
    ]


def test_no_known_allergies_is_no_allergy(model):
    assert texts(model, "Allergies: No known drug allergies", Label.ALLERGY) == []


def test_procedures(model):
    text = "Laparoscopic appendectomy and right total knee replacement."
    assert texts(model, text, Label.PROCEDURE) == [
        "Laparoscopic appendectomy",
        "right total knee replacement",
    ]


def doubted(text: str, confidence: float) -> Text:
    starts, at = [], 0
    words = text.split(" ")
    for word in words:
        starts.append(at)
        at += len(word) + 1
    box = Box(0, 0, 1, 1)
    return Text(
        content=text,
        words=tuple(Word(text=w, box=box, confidence=confidence) for w in words),
        starts=tuple(starts),
    )


def test_a_doubted_word_is_read_as_the_word_it_resembles_but_stays_as_printed(model):
    page = Page(number=1, text=doubted("takes Lantns for gout", 0.4))
    entities = model(Document(pages=(page,))).entities
    assert [(e.text, e.attribute("generic")) for e in entities[:1]] == [
        ("Lantns", "insulin glargine")
    ]


def test_a_trusted_word_is_not_read_as_another(model):
    page = Page(number=1, text=doubted("takes Lantns for gout", 0.97))
    assert [e.text for e in model(Document(pages=(page,))).entities] == ["gout"]


def test_a_word_broken_at_the_line_end_is_one(model):
    assert texts(model, "She reports dizzi-\nness today.", Label.PROBLEM) == ["dizzi- ness"]


def test_looked_and_found_nothing_is_not_the_same_as_not_looked(model):
    blank = Document(pages=(Page(number=1), Page(number=2, text=Text(content=""))))
    assert blank.entities is None
    assert model(blank).entities == ()
    assert model(blank).phi == ()


def test_identifying_text_is_marked_where_it_is_labelled_and_where_it_recurs(model):
    text = (
        "Patient Name: Quill, Ada R.   MRN: 77-10-32\nDOB: 03/09/1951   Phone: (555) 010-4477\n"
        "Ms. Quill was seen on 04/02/2020 by Ian Moss, MD. Ada tolerated it well.\n"
    )
    patient = PatientRef(name="Ada R. Quill", mrn="77-10-32", dob=date(1951, 3, 9))
    page = Page(number=1, text=Text(content=text))
    marked = model(Document(pages=(page,), patient=patient)).phi
    found = {(p.label, p.span.of(text)) for p in marked}
    assert ("MRN", "77-10-32") in found
    assert ("DOB", "03/09/1951") in found
    assert ("PHONE", "(555) 010-4477") in found
    assert ("DATE", "04/02/2020") in found
    assert ("PROVIDER", "Ian Moss") in found
    assert {("NAME", "Quill"), ("NAME", "Ada")} <= found


def test_a_span_behind_the_page_is_refused(model):
    page = Page(number=1, text=Text(content="short"))
    with pytest.raises(ValueError, match="behind its page"):
        model.classify(Document(pages=(page,)), {1: [(0, 99, "PROBLEM")]})


@pytest.mark.parametrize(
    ("text", "label", "value", "unit"),
    [
        ("Resp 12 SpO2 93% Weight 210 Ib", "VITAL", "210 lb", "lb"),
        ("Resp 12 SpO2 93% Weight 179 |b", "VITAL", "179 lb", "lb"),
        ("BP. 111/88 Pulse 100", "VITAL", "111/88", ""),
        ("Resp 15 |Weight 203 1b", "VITAL", "203 lb", "lb"),
        ("Weight: 82 kg Height 5 ft 4 in", "VITAL", "82 kg", "kg"),
        ("Platelets ,164 K/uL 150 - 400", "LAB", "164", "K/uL"),
        ("TSH 11.43 H ulU/mL 0.45 - 4.50", "LAB", "11.43", "uIU/mL"),
        ("Ferritin '58 ng/mt 15 - 150", "LAB", "58", "ng/mL"),
        ("Most recent hemoglobin Alc: 5.1 %", "LAB", "5.1", "%"),
    ],
)
def test_measurements_survive_misread_units_and_specks(model, text, label, value, unit):
    found = model(Document(pages=(Page(number=1, text=Text(content=text)),))).entities
    read = [dict(e.attributes) for e in found if e.label == label]
    assert (value, unit) in [(a.get("value"), a.get("unit", "")) for a in read]


def test_signs_that_an_examination_denies_are_shown_as_denied(model):
    page = structured(
        "PROGRESS NOTE\nPatient Name: Lind, Eva MRN: 771020\nSUBJECTIVE\nNo complaints.\n"
        "PHYSICAL EXAM\nNo cyanosis or clubbing.\nASSESSMENT\nNo pneumonia.\n"
    )
    found = [e for e in model(Document(pages=(page,))).entities or () if e.label is Label.PROBLEM]
    assert [(e.text, e.assertion.word) for e in found] == [
        ("cyanosis", "negated"), ("clubbing", "negated"), ("pneumonia", "negated"),
    ]  # fmt: skip


PROSE = """We report on a woman of forty years who developed progressive hepatotoxicity and a severe
drug-induced torsades de pointes after she had been given the two agents together for a fortnight,
and in whom both resolved as soon as the treatment was stopped by her physician at the hospital.
"""


def test_prose_is_read_by_the_trained_model_and_by_rules_where_it_is_missing(model, bare):
    learned = [e for e in read(model, PROSE) if e.source == "ner"]
    assert "torsades de pointes" in " ".join(e.text for e in learned)
    assert not [e for e in read(bare, PROSE) if e.source == "ner"]


def test_without_the_trained_model_it_says_so(tmp_path, caplog):
    (tmp_path / "clinical-en").symlink_to(MODELS / "clinical-en")
    Understand().open(Resources(models=tmp_path))
    assert "rules only" in caplog.text


def test_a_damaged_trained_model_is_named(tmp_path):
    (tmp_path / "clinical-en").symlink_to(MODELS / "clinical-en")
    (tmp_path / "problems-ner" / "model").mkdir(parents=True)
    with pytest.raises(ConfigError, match="problems-ner"):
        Understand().open(Resources(models=tmp_path))


def test_what_a_relative_or_a_title_says_is_not_hidden_but_their_names_are(model):
    text = "PATIENT FACE SHEET\nLives with spouse. Occasional alcohol.\nWife: Anneke de Vries\n"
    marked = model(Document(pages=(Page(number=1, text=Text(content=text)),))).phi
    assert [p.span.of(text) for p in marked] == ["Anneke de Vries"]


@pytest.mark.parametrize(
    "secret",
    [
        "Call (555)014-2200 today.",
        "Call (555) 012 - 9080 today.",
        "Fax: (555) 012-9080P.003",
        "Address: 8967 BirchLane Phone: none",
        "Lives at 4344 W. 4th Street now.",
        "Name: LatCasteMRMpsMR-336-27-19 here",
        "Mr, Kowalczyk feels well.",
    ],
)
def test_what_scans_glue_part_and_misread_is_hidden_as_well(model, secret):
    patient = PatientRef(name="Kwame Kowalezyk", mrn="MR-336-27-19")
    document = Document(pages=(Page(number=1, text=Text(content=secret)),), patient=patient)
    hidden = list(secret)
    for span in (mark.span for mark in model(document).phi):
        hidden[span.start : span.end] = "#" * len(span)
    shown = "".join(hidden)
    for told in ("2200", "9080", "8967", "Birch", "4344", "27-19", "Kowal"):
        assert told not in shown
