"""Whether, whose and when: what a coder relies on before a code is suggested."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.stage import Resources
from digitizer.chart.text import Section, Text, TextSpan
from digitizer.errors import ConfigError
from digitizer.nlp.cues import load_cues
from digitizer.nlp.understand import Understand, Understanding

MODELS = Path(__file__).parents[2] / "models"
AS_READ = {
    "pseudo": "affirmed",
    "stop": "affirmed",
    "restart": "affirmed",
    "history": "historical",
    "needed": "hypothetical",
    "vaccine": "hypothetical",
}


@pytest.fixture(scope="module")
def model() -> Understanding:
    return Understand().open(Resources(models=MODELS))


def word(model: Understanding, marked: str, label: str = "", kind: str = "") -> str:
    """The assertion of the finding in braces; `kind` is the section that all of it stands in."""
    start, end = marked.index("{"), marked.index("}") - 1
    text = re.sub(r"[{}]", "", marked)
    sections = (Section(kind=kind, heading=TextSpan(0, 0), span=TextSpan(0, len(text))),)
    page = Page(number=1, text=Text(content=text), sections=sections if kind else None)
    found = model.classify(Document(pages=(page,)), {1: [(start, end, label)]})
    assert (found[0].span.start, found[0].span.end) == (start, end)
    return found[0].assertion.word


def test_every_cue_reads_its_own_example_as_it_says(model):
    wrong = []
    for cue in load_cues(MODELS / "clinical-en" / "assertion.tsv"):
        got = word(model, cue.example)
        if got != AS_READ.get(cue.kind, cue.kind):
            wrong.append((cue.words, cue.example, got))
    assert wrong == []


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Lungs are clear; no wheezes, {rhonchi} or rales were heard.", "negated"),
        ("There is no focal consolidation, effusion, or {pneumothorax}.", "negated"),
        ("Denies fever, but {cough} has kept her awake.", "affirmed"),
        ("Extremities: no cyanosis or clubbing, trace {edema}.", "affirmed"),
        ("Extremities: no {cyanosis} or clubbing, trace edema.", "negated"),
        ("Extremities: no cyanosis or {clubbing}, 1+ edema.", "negated"),
        ("No fever, mild {cough} or dyspnea.", "negated"),
        ("No fever, mild {cough}.", "negated"),
        ("No cyanosis, trace {edema}, or clubbing.", "negated"),
        ("No nausea or vomiting, {diarrhea}.", "negated"),
        ("[x] COPD {Aortic stenosis}", "affirmed"),
        ("[ ] COPD {Aortic stenosis}", "negated"),
        ("[x] COPD, {asthma}", "affirmed"),
        ("CTA was negative for {pulmonary embolism}.", "negated"),
        ("{PE} was considered but the CTA was negative for pulmonary embolism.", "possible"),
        ("Doppler was negative for DVT and positive for {Baker's cyst}.", "affirmed"),
        ("This is likely {pneumonia}.", "possible"),
        ("{Pneumonia} is likely given the cough.", "possible"),
        ("Cough and fever, this is likely an {abscess}.", "possible"),
        ("Her {anemia} is likely due to menorrhagia.", "affirmed"),
        ("Reports {fatigue}, denies fever or night sweats.", "affirmed"),
        ("Reports fatigue, denies {fever} or night sweats.", "negated"),
        ("Fracture possible, {gout}.", "affirmed"),
        ("Rapid {influenza A} positive, influenza B negative.", "affirmed"),
        ("Rapid influenza A positive, {influenza B} negative.", "negated"),
        ("COVID negative, {influenza} positive.", "affirmed"),
        ("{Diabetes}: No", "negated"),
        ("{Diabetes}: No   Hypertension: Yes", "negated"),
        ("Diabetes: No   {Hypertension}: Yes", "affirmed"),
        ("Diabetes: No Hypertension: No {Gout}: Yes", "affirmed"),
        ("PMH: No {diabetes}", "negated"),
        ("{Diabetes}: no known complications", "affirmed"),
        ("Never {smoker}; asthma.", "negated"),
        ("Never smoker, {asthma}.", "affirmed"),
        ("HIV negative; {syphilis infection}.", "affirmed"),
        ("Non-{ischemic cardiomyopathy}.", "affirmed"),
        ("Hx of {bronchiolitis} at 6 months.", "historical"),
        ("Past medical history significant for {stroke}, diabetes and depression.", "historical"),
        ("Past medical history significant for stroke, {diabetes} and depression.", "affirmed"),
        ("Status post {stroke} in 2016 with residual left hemiparesis.", "historical"),
        ("Status post stroke in 2016 with residual {hemiparesis}.", "affirmed"),
        ("No stroke with residual {weakness}.", "negated"),
        ("{Influenza} given today.", "hypothetical"),
        ("{Hypertension} - denies headaches.", "affirmed"),
        ("Hypertension: denies {headaches}.", "negated"),
        ("{Old lacunar infarct}", "historical"),
        ("{Asthma} attack, nebulizer given today.", "affirmed"),
        ("{Cough} after her flu shot.", "affirmed"),
        ("No acute {kidney injury}.", "negated"),
        ("There is no {acute kidney injury}. Father died young.", "negated"),
        ("No evidence of stone. {Hydronephrosis} is moderate.", "affirmed"),
        ("Infarct has been ruled out, {pericarditis} is being treated.", "affirmed"),
        ("{Edema} present, murmur absent.", "affirmed"),
        ("{Fever}, chills and cough are absent.", "negated"),
        ("Cannot rule out {scaphoid fracture}.", "possible"),
        ("Her {tinnitus} is unchanged, no change in hearing.", "affirmed"),
        ("Acute bronchitis vs {pneumonia}", "possible"),
        ("A 71-year-old man with a history of {hypertension} and gout who presents with cough.",
         "affirmed"),
        ("A 71-year-old man with a history of stroke who presents with {chest pain}.", "affirmed"),
        ("History of {hepatitis} in 1994, fully resolved.", "historical"),
        ("Remote history of {diabetes} (2002), diet treated.", "historical"),
        ("Hx of {myocardial infarction}", "historical"),
        ("History of {cerebrovascular accident}.", "historical"),
        ("A three-week history of {cough}.", "affirmed"),
        ("The patient's sister has {lupus}.", "family"),
        ("Mother died of {ovarian cancer} at age 50.", "family"),
        ("Family history of gout. Today he has {knee pain}.", "affirmed"),
        ("No family history of {colon cancer}.", "negated"),
        ("Mother reports that the child has {ear pain}.", "affirmed"),
        ("Return to the emergency department if {chest pain} recurs.", "hypothetical"),
        ("The risks, including {stroke} and death, were explained.", "hypothetical"),
        ("Zofran 4 mg PO q8h prn {nausea}", "hypothetical"),
        ("Albuterol inhaler q4h prn {asthma}", "affirmed"),
        ("[ ] Diabetes  [x] {Asthma}  [ ] Stroke", "affirmed"),
        ("[x] Diabetes  [ ] {Asthma}  [x] Stroke", "negated"),
        ("[x] Diabetes\n[ ] {Asthma}\n[x] Stroke", "negated"),
        ("Chest pain    N\n{Dyspnea}       Y\nFever         N", "affirmed"),
        ("Chest pain    N\nDyspnea       Y\n{Fever}         N", "negated"),
        ("4  {Urinary tract infection}  Resolved  2011\n5  Gout  Active  2015", "historical"),
        ("4  Urinary tract infection  Resolved  2011\n5  {Gout}  Active  2015", "affirmed"),
        ("ROS: +cough, -{fever}, -dyspnea.", "negated"),
        ("ROS: +{cough}, -fever.", "affirmed"),
        ("Denies: -{rash}, -chills", "negated"),
        ("(+) {cough} (-) fever", "affirmed"),
        ("(+) cough (-) {fever}", "negated"),
        ("Diabetes N Hypertension Y {Asthma} N", "negated"),
        ("Diabetes N {Hypertension} Y Asthma N", "affirmed"),
        ("{Fever} likely from influenza.", "affirmed"),
        ("{AKI} likely prerenal.", "affirmed"),
        ("{Pulmonary embolism} likely given tachycardia.", "possible"),
        ("Lymph nodes: 0 of 14 positive for {metastatic carcinoma}.", "negated"),
        ("Two of 14 nodes positive for {metastatic carcinoma}.", "affirmed"),
        ("{Metastatic carcinoma} in 0/12 lymph nodes.", "negated"),
        ("Treated for {syphilis} in 1998.", "historical"),
        ("Treated for {pneumonia} with azithromycin.", "affirmed"),
        ("Takes acetaminophen for {headache} as needed.", "hypothetical"),
        ("{Celiac disease}: serologies were normal.", "negated"),
        ("The diagnosis of {asthma} was later retracted.", "negated"),
        ("Low probability for {pulmonary embolism}.", "negated"),
        ("{Alcohol abuse}: never.", "negated"),
        ("{Retinopathy} - no.", "negated"),
        ("{Falls}: 0", "negated"),
        ("{Fever} (no).", "negated"),
        ("{Sacral ulcer} healed.", "historical"),
        ("Cured of {hepatitis C} with Harvoni.", "historical"),
        ("{Asthma} as a teen.", "historical"),
        ("{MI} x2 in the 90s.", "historical"),
        ("{Broken arm} at age 9.", "historical"),
        ("Hx of {gout}, breast cancer 2009.", "affirmed"),
        ("{Basal cell carcinoma} was on the nose in 2015.", "historical"),
        ("{Dementia} in her husband.", "family"),
        ("{Breast cancer} - mother, 50s.", "family"),
        ("Complications may include {infection}, bleeding.", "hypothetical"),
        ("Should she develop {jaundice}, stop the drug.", "hypothetical"),
        ("{Lupus}??", "possible"),
        ("Stroke alert called, {stroke} alert called.", "possible"),
        ("Denies any change in {back pain}.", "affirmed"),
    ],
)  # fmt: skip
def test_findings_are_read_as_a_clinician_would(model, marked, expected):
    assert word(model, marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("She denles {chest pain}.", "negated"),
        ("N0 evidence of {pneumonia}.", "negated"),
        ("No evidenceof {pneumonia}.", "negated"),
        ("Patient deni es {nausea}.", "negated"),
        ("rem0te hist0ry of {pancreatitis}", "historical"),
        ("Farnily history of {gout}.", "family"),
        ("susp ected {appendicitis}", "possible"),
        ("The patient does uot have {angina}.", "negated"),
        ("There isno {thrombosis}.", "negated"),
        ("3  {Pneumonia}  Resolvd  2011", "historical"),
        ("Returns for follow-up of {gout}.", "affirmed"),
        ("A 62-yeor-old man with {gout}.", "affirmed"),
        ("Deriies any history of {migraine}.", "negated"),
        ("No cirrhosis of the liver. Mother'had {gout}.", "family"),
        ("Mother's {gout} is bad.", "family"),
    ],
)
def test_a_misread_cue_still_counts(model, marked, expected):
    assert word(model, marked) == expected


@pytest.mark.parametrize(
    ("marked", "label", "expected"),
    [
        ("We will start {Jardiance} 10 mg daily.", "MEDICATION", "planned"),
        ("Continue {Jardiance} 10 mg daily.", "MEDICATION", "affirmed"),
        ("{Lisinopril} was stopped because of cough.", "MEDICATION", "discontinued"),
        ("Colonoscopy showed a polyp; {polypectomy} is scheduled.", "PROCEDURE", "planned"),
        ("S/p {cholecystectomy} in 1999.", "PROCEDURE", "historical"),
        ("Plan: start antibiotics for {pneumonia}.", "PROBLEM", "affirmed"),
    ],
)
def test_treatments_are_planned_or_stopped(model, marked, label, expected):
    assert word(model, marked, label) == expected


@pytest.mark.parametrize(
    ("kind", "marked", "label", "expected"),
    [
        ("family_history", "{Diabetes}, heart disease.", "PROBLEM", "family"),
        ("family_history", "No {diabetes}.", "PROBLEM", "family"),
        ("past_medical_history", "1. {Hypertension}.", "PROBLEM", "affirmed"),
        ("risks", "bleeding, {stroke}, death", "PROBLEM", "hypothetical"),
        ("return_precautions", "{Fever} over 101", "PROBLEM", "hypothetical"),
        ("resolved_problems", "{Pneumonia}", "PROBLEM", "historical"),
        ("discontinued_medications", "{Topamax} 25 mg", "MEDICATION", "discontinued"),
        ("medications", "{Topamax} 25 mg", "MEDICATION", "affirmed"),
        ("past_medical_history", "TBI, {DVT}, gout", "PROBLEM", "historical"),
        ("past_medical_history", "DVT, {gout}", "PROBLEM", "affirmed"),
        ("past_medical_history", "Presents today with {stroke}.", "PROBLEM", "affirmed"),
    ],
)
def test_a_section_speaks_where_the_sentence_is_silent(model, kind, marked, label, expected):
    assert word(model, marked, label, kind) == expected


def test_an_item_of_a_list_to_tick_without_a_box_is_not_affirmed(model):
    text = "CONDITIONS (check all that apply) o\nAsthma   Gout"
    sections = (Section(kind="conditions", heading=TextSpan(0, 10), span=TextSpan(0, len(text))),)
    page = Page(number=1, text=Text(content=text), sections=sections)
    found = model(Document(pages=(page,))).entities
    assert {e.text: e.assertion.word for e in found} == {"Asthma": "possible", "Gout": "possible"}


def test_the_cue_is_the_words_that_say_so(model):
    page = Page(number=1, text=Text(content="Has shown no evidence of pneumonia."))
    (found,) = model.classify(Document(pages=(page,)), {1: [(25, 34, "PROBLEM")]})
    assert found.assertion.cue is not None
    assert found.assertion.cue.of(page.content) == "no evidence of"


def test_an_unknown_model_is_refused_by_name(tmp_path):
    with pytest.raises(ConfigError, match="no model nosuch"):
        Understand(model="nosuch").open(Resources(models=tmp_path))


def test_the_stage_can_be_sent_to_another_process():
    assert pickle.loads(pickle.dumps(Understand(model="x"))) == Understand(model="x")


TO_TICK = "CONDITIONS (check all that apply)\n"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[x] {COPD} Aortic stenosis", "affirmed"),
        ("[x] COPD {Aortic stenosis}", "possible"),
        ("[ ] COPD {Aortic stenosis}", "possible"),
        ("[ ] {COPD} Aortic stenosis", "negated"),
        ("[x] COPD and {aortic stenosis}", "affirmed"),
        ("[x] {Osteoarthritis of the right knee}", "affirmed"),
        ("[x] Type 2 {diabetes}", "affirmed"),
    ],
)
def test_a_box_to_tick_is_the_first_problems_behind_it(model, marked, expected):
    text = TO_TICK + re.sub("[{}]", "", marked)
    start, end = (TO_TICK + marked).index("{"), (TO_TICK + marked).index("}") - 1
    heading = TextSpan(0, len("CONDITIONS"))
    sections = (Section(kind="conditions", heading=heading, span=TextSpan(0, len(text))),)
    page = Page(number=1, text=Text(content=text), sections=sections)
    (found,) = model.classify(Document(pages=(page,)), {1: [(start, end, "")]})
    assert found.assertion.word == expected


def test_an_order_whose_own_box_was_not_seen_is_not_taken_for_ticked(model):
    text = "ADVANCE DIRECTIVES\n[ ] Living will on file [x] Healthcare proxy\nDNR order\n"
    heading = TextSpan(0, len("ADVANCE DIRECTIVES"))
    span = TextSpan(0, len(text))
    section = Section(kind="advance_directives", heading=heading, span=span)
    page = Page(number=1, text=Text(content=text), sections=(section,))
    at = text.index("DNR")
    (found,) = model.classify(Document(pages=(page,)), {1: [(at, at + 3, "PROBLEM")]})
    assert found.assertion.word == "possible"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("{Lisinopril} was stopped for cough.", "discontinued"),
        ("She quit taking {warfarin}.", "discontinued"),
        ("{Colonoscopy} scheduled for next week.", "planned"),
        ("Will begin {metformin} after discharge.", "planned"),
        ("{Cough} was stopped by codeine.", "affirmed"),
    ],
)
def test_a_treatment_given_as_a_problem_is_told_for_what_it_is(model, marked, expected):
    assert word(model, marked, "PROBLEM") == expected
