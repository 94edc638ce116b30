"""The sequence of the codes that a person stands for: as decided, and as moved."""

import pytest

from digitizer.chart.coding import ICD10CM, Code
from digitizer.chart.review import Action, Decision
from digitizer.review.decide import fold
from tests import charts

CONTENT = "gout, asthma, migraine, psoriasis\n"
NAMES = {"gout": "M10.9", "asthma": "J45.909", "migraine": "G43.909", "psoriasis": "L40.9"}
OFFERED = [charts.suggestion(name, code, content=CONTENT) for name, code in NAMES.items()]
GOUT, ASTHMA, MIGRAINE, PSORIASIS = (each.id for each in OFFERED)


def sequence(*steps):
    """The codes on the chart after (action, target, value or code) steps, all accepted before."""
    accepted = [(Action.ACCEPT, each.id, "") for each in OFFERED]
    made = [
        Decision(
            action=action,
            target=target,
            value=value if action is not Action.REPLACE else "",
            code=Code(system=ICD10CM, code=value, title="") if action is Action.REPLACE else None,
            reason="denied" if action is Action.REJECT else "",
            evidence=OFFERED[0].evidence,
            version=version,
            actor="anna",
        )
        for version, (action, target, value) in enumerate([*accepted, *steps], 1)
    ]
    lines = fold(OFFERED, made).confirmed
    assert [line.place for line in lines] == list(range(1, len(lines) + 1))
    return [line.code.code for line in lines]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], "M10.9 J45.909 G43.909 L40.9"),
        ([(Action.SEQUENCE, PSORIASIS, "2")], "M10.9 L40.9 J45.909 G43.909"),
        ([(Action.SEQUENCE, GOUT, "3")], "J45.909 G43.909 M10.9 L40.9"),
        ([(Action.SEQUENCE, GOUT, "99")], "J45.909 G43.909 L40.9 M10.9"),
        ([(Action.PRINCIPAL, MIGRAINE, "")], "G43.909 M10.9 J45.909 L40.9"),
        (
            [(Action.PRINCIPAL, MIGRAINE, ""), (Action.SEQUENCE, PSORIASIS, "1")],
            "G43.909 L40.9 M10.9 J45.909",
        ),
        ([(Action.REJECT, ASTHMA, ""), (Action.SEQUENCE, PSORIASIS, "2")], "M10.9 L40.9 G43.909"),
        ([(Action.REJECT, ASTHMA, ""), (Action.ACCEPT, ASTHMA, "")], "M10.9 J45.909 G43.909 L40.9"),
        ([(Action.REPLACE, ASTHMA, "J45.20")], "M10.9 J45.20 G43.909 L40.9"),
    ],
)
def test_codes_follow_one_another_as_decided_and_moved(steps, expected):
    assert " ".join(sequence(*steps)) == expected
