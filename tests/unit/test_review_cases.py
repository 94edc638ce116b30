from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer.chart.cancer import (
    MAYBE_TWO,
    Aspect,
    Behavior,
    CaseStep,
    Standing,
    Statement,
    Tumor,
    Verdict,
)
from digitizer.chart.coding import ICD10CM, Code, Evidence
from digitizer.chart.patient import Merge, Merged, PatientRef
from digitizer.chart.text import TextSpan
from digitizer.review.cases import REOPENED, FollowUp, Told, cases, months_after

INK = Evidence(page=1, span=TextSpan(0, 6), text="cancer")


def tumor(code="C50.912", place="C50", laterality="left", **more):
    site = Code(system=ICD10CM, code=code, title=code)
    return Tumor(
        site=site,
        place=place,
        behavior=Behavior.MALIGNANT,
        evidence=(INK,),
        laterality=laterality,
        **more,
    )


def told(chart, made, day=None, mrn="4711", coded="", arrived="2022-07-01"):
    patient = PatientRef(name="Ada Example", mrn=mrn)
    return Told(chart=chart, arrived=arrived, patient=patient, day=day, tumor=made, coded=coded)


def step(verdict, **more):
    fields = {"number": "4711", "place": "C50", "laterality": "left", "at": "2023-01-01"} | more
    return CaseStep(verdict=verdict, **fields)


FIRST, LATER = date(2022, 3, 5), date(2022, 6, 11)


def test_charts_of_one_tumor_are_one_case_and_sides_keep_tumors_apart():
    found = cases(
        [
            told("a", tumor(), FIRST),
            told("b", tumor(laterality=""), LATER),
            told("c", tumor(laterality="right"), LATER),
            told("d", tumor("C61", "C61", ""), LATER),
            told("e", tumor(), LATER, mrn="4712"),
        ],
        {},
    )
    charts = sorted([t.chart for t in case.told] for case in found)
    assert charts == [["a", "b"], ["c"], ["d"], ["e"]]
    assert len({case.id for case in found}) == 4


def test_charts_without_a_record_number_are_never_laid_together():
    found = cases([told("a", tumor(), mrn=None), told("b", tumor(), mrn=None)], {})
    assert len(found) == 2


def test_records_that_a_person_merged_are_one_patients():
    merged = Merged([Merge(gone="4712", stays="4711", because="seen")])
    (case,) = cases(
        [told("a", tumor(), FIRST), told("b", tumor(), LATER, mrn="4712")], {}, (), merged
    )
    assert case.number == "4711"


def test_what_only_another_chart_says_completes_the_tumor():
    grade = Statement(aspect=Aspect.GRADE, value="grade 2", evidence=INK)
    old = replace(grade, value="grade 1")
    (case,) = cases(
        [
            told("a", tumor(said=(old,)), FIRST),
            told("b", tumor(said=(grade,)), LATER),
            told("c", tumor(), LATER),
        ],
        {},
    )
    assert case.tumor.stated(Aspect.GRADE) == "grade 1"
    assert case.found == FIRST


def test_the_newest_visit_of_the_patient_is_the_last_contact_whatever_it_was_for():
    (case,) = cases([told("a", tumor(), FIRST)], {"4711": LATER})
    assert (case.contact, case.due) == (LATER, date(2023, 6, 11))
    (called,) = cases(
        [told("a", tumor(), FIRST)],
        {"4711": LATER},
        [step(Verdict.ABSTRACTED, contact=date(2024, 1, 31))],
    )
    assert (called.verdict, called.due) == (Verdict.ABSTRACTED, date(2025, 1, 31))


@pytest.mark.parametrize(
    ("today", "follow_up"),
    [
        (date(2023, 6, 10), FollowUp.NONE),
        (date(2023, 6, 11), FollowUp.DUE),
        (date(2023, 9, 10), FollowUp.DUE),
        (date(2023, 9, 11), FollowUp.DELINQUENT),
    ],
)
def test_follow_up_is_due_after_a_year_and_delinquent_after_fifteen_months(today, follow_up):
    (case,) = cases([told("a", tumor(), FIRST)], {"4711": LATER})
    assert case.follow_up(today) is follow_up


@pytest.mark.parametrize("verdict", [Verdict.NOT_REPORTABLE, Verdict.ENDED])
def test_who_is_not_to_be_followed_is_never_due(verdict):
    (case,) = cases([told("a", tumor(), FIRST)], {}, [step(verdict, because="she died")])
    assert case.due is None
    assert case.follow_up(date(2040, 1, 1)) is FollowUp.NONE


def test_the_newest_verdict_counts_and_holds_over_a_merge_and_a_side_found_later():
    steps = [step(Verdict.NOT_REPORTABLE, laterality=""), step(Verdict.OPEN, number="4712")]
    merged = Merged([Merge(gone="4712", stays="4711", because="seen")])
    (case,) = cases([told("a", tumor(), FIRST)], {}, steps, merged)
    assert case.verdict is Verdict.OPEN
    (alone,) = cases([told("a", tumor(), FIRST)], {}, steps)
    assert alone.verdict is Verdict.NOT_REPORTABLE


def test_what_was_not_reportable_waits_again_once_another_chart_tells_of_it():
    verdict = [step(Verdict.NOT_REPORTABLE, because="treated elsewhere in 2001")]
    (settled,) = cases([told("a", tumor(), FIRST)], {}, verdict)
    assert settled.verdict is Verdict.NOT_REPORTABLE
    later = told("b", tumor(), LATER, arrived="2024-02-03")
    (case,) = cases([told("a", tumor(), FIRST), later], {}, verdict)
    assert case.verdict is Verdict.OPEN
    assert REOPENED in case.remarks
    (followed,) = cases([told("a", tumor(), FIRST), later], {}, [step(Verdict.ABSTRACTED)])
    assert followed.verdict is Verdict.ABSTRACTED


def test_a_verdict_on_one_side_holds_for_no_tumor_of_the_other_that_came_later():
    steps = [step(Verdict.ABSTRACTED, laterality="", contact=date(2023, 1, 1))]
    right = told("b", tumor("C50.911", laterality="right"), LATER, arrived="2024-02-03")
    found = cases([told("a", tumor(), FIRST), right], {}, steps)
    assert {case.tumor.laterality: case.verdict for case in found} == {
        "left": Verdict.ABSTRACTED,
        "right": Verdict.OPEN,
    }
    assert {case.contact for case in found} == {date(2023, 1, 1)}


def test_a_chart_that_names_no_site_neither_casts_doubt_nor_is_lost():
    bone = Code(system=ICD10CM, code="C79.51", title="bone")
    spread = tumor("C79.51", "C80", "", spread=(bone,), remarks=("the primary is not said",))
    (case,) = cases([told("a", tumor(), FIRST), told("b", spread, LATER)], {})
    assert (case.tumor.place, case.tumor.spread, case.remarks) == ("C50", (bone,), ())


def test_a_metastasis_makes_no_case_of_a_benign_tumor():
    benign = replace(tumor("D32.9", "C70", ""), behavior=Behavior.BENIGN)
    found = cases([told("a", benign), told("b", tumor("C79.51", "C80", ""))], {})
    assert sorted(case.tumor.place for case in found) == ["C70", "C80"]


def test_charts_that_name_two_parts_of_an_organ_may_tell_of_two_tumors():
    parts = [tumor("C18.0", "C18", ""), tumor("C18.7", "C18", "")]
    (case,) = cases([told(chart, part) for chart, part in zip("ab", parts, strict=True)], {})
    assert case.remarks == (MAYBE_TWO,)
    (same,) = cases([told("a", parts[0]), told("b", tumor("C18.9", "C18", ""))], {})
    assert not same.remarks


def test_a_doubt_is_said_and_goes_once_a_chart_is_sure():
    unsure = tumor(standing=Standing.AMBIGUOUS)
    (doubtful,) = cases([told("a", unsure, coded="rejected")], {})
    assert any("ambiguous" in remark for remark in doubtful.remarks)
    assert any("rejected" in remark for remark in doubtful.remarks)
    (sure,) = cases([told("a", unsure), told("b", tumor())], {})
    assert not sure.remarks


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 30))
def test_months_are_added_as_calendars_have_them(day, months):
    after = months_after(day, months)
    assert (after.year - day.year) * 12 + after.month - day.month == months
    assert after.day == day.day or (after + timedelta(days=1)).day == 1


def test_an_id_holds_when_an_older_chart_arrives_and_tells_no_record_number():
    (alone,) = cases([told("b", tumor(), LATER)], {})
    (both,) = cases([told("a", tumor(), FIRST), told("b", tumor(), LATER)], {})
    assert alone.id in both.ids
    (other,) = cases([told("b", tumor(), LATER, mrn="9999")], {})
    assert other.id == alone.id
