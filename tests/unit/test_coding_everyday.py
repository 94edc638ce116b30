"""From a line of a chart to its codes, in everyday wordings: nothing denied, nothing near by."""

import pytest

from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.stage import Resources
from digitizer.chart.text import Section, Text, TextSpan
from digitizer.nlp.understand import Understand
from tests.codes import MODELS, suggester


@pytest.fixture(scope="module")
def coded():
    """Text → the codes that are suggested for it."""
    understand = Understand().open(Resources(models=MODELS))

    def codes(text, sections=None, **fields):
        page = Page(number=1, text=Text(content=text), sections=sections)
        document = Document(pages=(page,), **fields)
        made = suggester()(understand(document)).suggestions
        return {s.code.code for s in made if s.suggested}

    return codes


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Patient has DVT.", {"I82.409"}),
        ("Laceration of the left hand.", {"S61.412A"}),
        ("Laceration left forearm.", {"S51.812A"}),
        ("OA left hip.", {"M16.12"}),
        ("Meniscal tear left knee.", {"S83.207A"}),
        ("Ulcer of right foot.", {"L97.519"}),
        ("Acute bleed noted.", set()),
        ("Myocardial infarction, troponin 4.2.", {"I21.9"}),
        ("Old MI on EKG.", {"I25.2"}),
        ("Old lacunar infarct.", {"Z86.73"}),
        ("Alcohol dependence, in remission.", {"F10.21"}),
        ("DKA.", {"E11.10"}),
        ("Type 1 diabetes, admitted in DKA.", {"E10.10"}),
        ("Metastatic cancer to bone.", {"C79.51"}),
        ("Bone mets.", {"C79.51"}),
        ("FNA positive, cervical nodal mets.", {"C77.0"}),
        ("Sepsis due to E. coli.", {"A41.51"}),
        ("Acute on chronic respiratory failure with hypoxia.", {"J96.21"}),
        ("Incarcerated umbilical hernia.", {"K42.0"}),
        ("Right upper lobe mass.", {"R91.8"}),
        ("Former smoker, 20 pack-years.", {"Z87.891"}),
        ("Smokes 1 ppd, trying to quit.", {"F17.210"}),
        ("No longer smokes.", {"Z87.891"}),
        ("Never smoker.", set()),
        ("Non-smoker, non-diabetic.", set()),
        ("Current smoker. Tobacco use: counseled.", {"F17.210"}),
        ("Influenza and Tdap given today.", {"Z23"}),
        ("Atopic dermatitis: hydrocortisone 1% cream twice daily.", {"L20.9"}),
        ("Acute systolic heart failure with pulmonary edema.", {"I50.21"}),
        ("Right ankle injury. Fracture of right lateral malleolus.", {"S82.61XA"}),
        ("Cancer of the left breast. Left breast mass.", {"C50.912"}),
        ("Tobacco use, 1 ppd, counseled.", {"F17.210"}),
        ("Acute appendicitis with localized peritonitis.", {"K35.30"}),
        ("Acute pancreatitis, gallstone.", {"K80.20", "K85.10"}),
        ("Plan right TKA.", set()),
        ("S/p right TKA 2018.", {"Z96.651"}),
        ("Assessment: Elevated PSA 6.2, biopsy planned.", {"R97.20"}),
        ("Rheumatoid arthritis, seropositive.", {"M05.9"}),
        ("Assessment: RA, multiple joints.", {"M06.9"}),
        ("Cataract, nuclear sclerotic, bilateral.", {"H25.13"}),
        ("Dysphagia, oropharyngeal.", {"R13.12"}),
        ("Pulm HTN.", {"I27.20"}),
        ("Alcoholic cirrhosis. Esophageal varices.", {"I85.10", "K70.30"}),
        ("DVT right popliteal vein.", {"I82.431"}),
        ("Assessment: BPH with obstruction. Urinary retention.", {"N40.1", "R33.8"}),
        ("Assessment: Newborn, term.", set()),
        ("Obesity, BMI 97th percentile.", {"E66.9", "Z68.54"}),
        ("Hyponatremia due to SIADH.", {"E22.2"}),
        ("Dementia with behavioral disturbance.", {"F03.918"}),
        ("Left ureteral stone with hydronephrosis.", {"N13.2"}),
        ("Dog bite right hand.", {"S61.451A", "W54.0XXA"}),
        ("Laceration right index finger.", {"S61.210A"}),
        ("Fragility fracture of right femoral neck, osteoporosis.", {"M80.051A"}),
        ("Fall from playground equipment.", set()),
        ("Hx TBI.", set()),
        ("Hearing loss, bilateral. Tinnitus left.", {"H91.93", "H93.12"}),
        ("Plantar fasciitis left. Hallux valgus right.", {"M20.11", "M72.2"}),
        ("Dry eye OU.", {"H04.123"}),
        ("Pleural effusion right, malignant, from breast cancer.", {"C50.919", "J91.0"}),
        ("Decompensated HFpEF.", {"I50.33"}),
        ("Acute GI bleed. Bleeding duodenal ulcer.", {"K26.4"}),
        ("Hemophilia A carrier.", {"Z14.01"}),
        ("On home O2 2L. Chronic respiratory failure with hypoxia.", {"J96.11", "Z99.81"}),
        ("Iron deficiency anemia secondary to menorrhagia.", {"D50.0", "N92.0"}),
        ("Degenerative disc disease L4-5.", {"M51.369"}),
        ("Assessment: Osteomyelitis right foot, acute, MSSA.", {"B95.61", "M86.171"}),
        ("Second degree burn right forearm.", {"T22.211A"}),
        ("Severe preeclampsia 34 weeks.", {"O14.13", "Z3A.34"}),
        ("History of preeclampsia at 34 weeks in 2010. Hypertension.", {"I10"}),
        ("Atlanta, GA 30303. Hypertension.", {"I10"}),
        ("Assessment: RSV bronchiolitis with hypoxia.", {"J21.0", "R09.02"}),
        ("Internal hemorrhoids grade II.", {"K64.1"}),
        ("Multiple myeloma, not in remission.", {"C90.00"}),
        (
            "Renal cell carcinoma, s/p nephrectomy 2019, no evidence of recurrence.",
            {"Z85.528", "Z90.5"},
        ),
        ("CAD and dementia.", {"F03.90", "I25.10"}),
        ("Diverticulosis of colon, no bleeding.", {"K57.30"}),
        ("Assessment: cholelithiasis, obstructive sleep apnea.", {"G47.33", "K80.20"}),
        ("Squamous cell carcinoma in situ of the right forearm.", {"D04.61"}),
        ("Non-invasive urothelial carcinoma of the bladder.", {"D09.0"}),
        ("Metastatic colon cancer to liver and lung.", {"C18.9", "C78.00", "C78.7"}),
        ("T2DM w/ polyneuropathy.", {"E11.42"}),
        ("Type 2 diabetes. PVD.", {"E11.51"}),
        ("Type 1 diabetes with hyperglycemia.", {"E10.65"}),
        ("Contusion L shoulder.", {"S40.012A"}),
        ("Septic shock.", {"A41.9", "R65.21"}),
        ("SLE with arthritis.", {"M32.9"}),
        ("Postmenopausal bleeding.", {"N95.0"}),
        ("Endometrial hyperplasia without atypia.", {"N85.01"}),
        ("Hashimoto's hypothyroidism.", {"E06.3"}),
        ("H/o COPD, HTN, breast CA 2009. Hx breast CA - NED.", {"I10", "J44.9", "Z85.3"}),
        ("Chemo-induced neuropathy.", {"G62.0", "T45.1X5A"}),
        ("Severe nonrheumatic aortic stenosis, for valve replacement.", {"I35.0"}),
        ("S/p aortic valve replacement 2015.", {"Z95.2"}),
        ("Varicose veins of both legs.", {"I83.93"}),
        ("Aftercare following right knee replacement.", {"Z47.1", "Z96.651"}),
        ("Foot ulcer healed in May.", set()),
        ("Diabetic ketoacidosis in type 1 diabetes.", {"E10.10"}),
        ("Type 1 diabetes. Diabetic gastroparesis.", {"E10.43", "K31.84"}),
        ("Type 1 diabetes. Diabetic neuropathy.", {"E10.40"}),
    ],
)
def test_a_line_gets_the_codes_that_it_says_and_no_others(coded, line, expected):
    assert coded(line) == expected


def test_what_was_resolved_in_a_stay_is_coded_and_elsewhere_is_past(coded):
    listed = "Discharge Diagnoses:\n1. AKI, resolved.\n"
    assert coded(listed, doc_type="discharge_summary") == {"N17.9"}
    assert coded(listed, doc_type="progress_note") == set()
    told = "HOSPITAL COURSE\nAKI resolved with fluids.\n"
    course = Section(kind="hospital_course", heading=TextSpan(0, 15), span=TextSpan(0, len(told)))
    assert coded(told, (course,), doc_type="discharge_summary") == {"N17.9"}


def test_what_was_thought_of_is_no_probable_diagnosis_of_a_stay(coded):
    thought_of = "Pancreatitis was considered, lipase normal."
    assert coded(thought_of, doc_type="discharge_summary") == set()
    assert coded("Probable pancreatitis.", doc_type="discharge_summary") == {"K85.90"}


def test_the_line_that_heads_a_pathologists_list_tells_the_site(coded):
    report = (
        "FINAL DIAGNOSIS:\nA. Left breast, upper outer quadrant, lumpectomy:\n"
        "   - Invasive ductal carcinoma, grade 2.\n"
    )
    assert "C50.412" in coded(report, doc_type="pathology_report")


@pytest.mark.parametrize(
    ("report", "code"),
    [
        ("Left breast, 2 o'clock, core biopsy:\nInvasive ductal carcinoma.", "C50.912"),
        ("SPECIMEN: Right kidney, nephrectomy\nDIAGNOSIS: Renal cell carcinoma", "C64.1"),
        ("Specimen: breasts, left and right, cores\nInvasive ductal carcinoma", "C50.919"),
        ("Left breast, biopsy:\nFibroadenoma\nB. Right breast, biopsy:\nDCIS", "D05.11"),
    ],
)
def test_the_specimen_tells_the_side_of_what_was_found_in_it(coded, report, code):
    assert code in coded(report, doc_type="pathology_report")
