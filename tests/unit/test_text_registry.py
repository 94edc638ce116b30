"""What users rely on: whoever may be one patient, or two under one number, is asked about."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer.chart.patient import PatientRef
from digitizer.text.registry import Doubt, Known, questions

ADA = PatientRef(name="Ada B. Lind", dob=date(1950, 1, 2), mrn="447102")


def known(*patients):
    return [Known(chart=f"c{i}", patient=patient) for i, patient in enumerate(patients)]


def like(patient=ADA, **changed):
    fields = {"name": patient.name, "dob": patient.dob, "mrn": patient.mrn, **changed}
    return PatientRef(**fields)


@pytest.mark.parametrize(
    ("other", "doubt"),
    [
        (like(mrn="999-31"), Doubt.ONE_PATIENT),
        (like(mrn="999-31", name="Ada Lind"), Doubt.ONE_PATIENT),
        (like(mrn="447103"), Doubt.MISREAD),
        (like(mrn="447103", dob=None), Doubt.MISREAD),
        (like(mrn="447103", name="Ada Lint", dob=date(1950, 1, 3)), None),
        (like(mrn="447103", name="Bo Strand"), None),
        (like(name="Bo Strand"), Doubt.TWO_PEOPLE),
        (like(dob=date(1962, 7, 2)), Doubt.TWO_PEOPLE),
        (like(dob=date(1950, 1, 3)), None),
        (like(mrn=None), Doubt.NO_NUMBER),
        (like(mrn=None, dob=None), None),
        (like(mrn="31", name="Bo Strand", dob=date(1962, 7, 2)), None),
        (like(), None),
    ],
)
def test_what_is_asked_of_two_charts(other, doubt):
    found = questions(known(ADA, other))
    assert [question.doubt for question in found] == ([doubt] if doubt else [])
    assert all(question.why and question.charts for question in found)


def test_nothing_is_asked_of_a_chart_that_two_records_may_own():
    twins = known(ADA, like(mrn="999-31"), like(mrn=None))
    assert Doubt.NO_NUMBER not in {q.doubt for q in questions(twins)}


def test_who_was_said_to_be_two_patients_is_not_asked_about_again():
    pair = known(ADA, like(mrn="999-31"))
    assert questions(pair, lambda one, other: {one, other} == {"447102", "999-31"}) == []


def test_the_most_dangerous_is_asked_first():
    found = questions(known(ADA, like(mrn="999-31"), like(name="Bo Strand")))
    assert [q.doubt for q in found] == [Doubt.TWO_PEOPLE, Doubt.ONE_PATIENT]


people = st.builds(
    PatientRef,
    name=st.sampled_from([None, "Ada Lind", "Ada Lint", "Bo Strand", "Eva Roos"]),
    dob=st.sampled_from([None, date(1950, 1, 2), date(1950, 1, 3), date(1971, 5, 6)]),
    mrn=st.sampled_from([None, "447102", "447103", "99931"]),
)


@given(st.lists(people, max_size=8))
def test_nobody_of_another_name_and_birth_date_is_asked_about_as_one_patient(patients):
    charts = known(*patients)
    by_id = {one.chart: one.patient for one in charts}
    for question in questions(charts):
        if question.doubt is Doubt.TWO_PEOPLE:
            continue
        one, other = (by_id[chart] for chart in question.charts)
        names = one.name and other.name and one.name.split()[0] == other.name.split()[0]
        assert names or (one.dob and one.dob == other.dob)
        assert one.mrn != other.mrn
