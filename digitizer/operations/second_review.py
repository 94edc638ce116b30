"""A second pair of eyes: draws signed charts blind, takes the verdict, reports the agreement."""

from __future__ import annotations

import json
from collections.abc import Sequence

from digitizer.chart.coding import CodeKnowledge
from digitizer.chart.people import Permission, User
from digitizer.errors import UsageError
from digitizer.operations.chart import chart_in
from digitizer.operations.house import House
from digitizer.operations.permit import require
from digitizer.review.agreement import Agreement, Pair, agreement, sample
from digitizer.store import Transaction, documents, reviews, second_reviews
from digitizer.store import audit as audit_store
from digitizer.store.documents import StoredDocument
from digitizer.store.second_reviews import SecondReview


def draw(house: House, who: User, share: float, seed: str) -> Sequence[SecondReview]:
    """Draw a share (0 to 1) of the newest signed versions that others signed, for `who`.

    Raises:
        AccessError: `who` is no second reviewer.
        UsageError: that is no share.
    """
    require(who, Permission.SECOND_REVIEW)
    if not 0 < share <= 1:
        raise UsageError("a share is more than 0 and at most 1: 0.05 draws one chart of twenty")
    with house.store.begin() as tx:
        newest = {v.document: v for v in reviews.versions(tx) if v.signed_by != who.name}
        drawn = [newest[key] for key in sample(newest, share, seed)]
        for version in drawn:
            second_reviews.draw(tx, version.document, version.number, who.name)
        said = f"{len(drawn)} of {len(newest)} charts, seed {seed}"
        audit_store.note(tx, actor=who.name, action="sample", subject=said)
        return [s for s in second_reviews.every(tx, who.name) if not s.finished_at]


def samples(house: House, who: User) -> Sequence[SecondReview]:
    """The samples that were drawn for `who`, as they were drawn.

    Raises:
        AccessError: `who` is no second reviewer.
    """
    require(who, Permission.SECOND_REVIEW)
    with house.store.read() as tx:
        return second_reviews.every(tx, who.name)


def blind(house: House, who: User, sample_id: int) -> StoredDocument:
    """The document of a sample as the engine left it: without any decision on its codes.

    Raises:
        AccessError: `who` is no second reviewer, or it is not their sample.
        UsageError: there is no such sample.
    """
    require(who, Permission.SECOND_REVIEW)
    with house.store.begin() as tx:
        drawn = _mine(tx, who, sample_id)
        stored = documents.get(tx, drawn.document)
        if stored is None:
            raise UsageError("a re-run has taken the document away: draw another sample")
        said = f"{drawn.document} blind"
        audit_store.note(tx, actor=who.name, action="view", subject=said)
    return stored


def judge(
    house: House, codes: CodeKnowledge, who: User, sample_id: int, chosen: Sequence[str]
) -> None:
    """Enter the codes that the second reviewer finds right; once, and before seeing the first's.

    Raises:
        AccessError: `who` is no second reviewer, or it is not their sample.
        UsageError: there is no such sample or code, or it was judged already.
    """
    require(who, Permission.SECOND_REVIEW)
    known = [codes.code(code) for code in chosen]
    if None in known:
        raise UsageError("one of these is no code: `digitizer codes search TERM` finds codes")
    with house.store.begin() as tx:
        drawn = _mine(tx, who, sample_id)
        found = sorted({code.code for code in known if code is not None})
        if not second_reviews.finish(tx, drawn, found):
            raise UsageError("this sample was judged already")
        said = f"{drawn.document} version {drawn.number}"
        audit_store.note(tx, actor=who.name, action="second review", subject=said)


def report(house: House, who: User) -> Agreement:
    """How far second reviewers and coders agree, over everything judged so far.

    Raises:
        AccessError: `who` is no second reviewer.
    """
    require(who, Permission.SECOND_REVIEW)
    with house.store.read() as tx:
        finished = [s for s in second_reviews.every(tx) if s.finished_at]
        return agreement([_pair(tx, each) for each in finished])


def _pair(tx: Transaction, judged: SecondReview) -> Pair:
    (version,) = (v for v in reviews.versions(tx, judged.document) if v.number == judged.number)
    signed = json.loads(reviews.content_of(tx, version))
    first = frozenset(code["code"] for code in signed["codes"])
    second = frozenset(judged.codes)
    return Pair(offered=_offered(tx, judged.document) | first | second, first=first, second=second)


def _offered(tx: Transaction, key: str) -> frozenset[str]:
    if documents.bare(tx, key) is None:
        return frozenset()
    lines = chart_in(tx, key).coding.lines
    return frozenset(x.code.code for x in lines if x.suggestion and x.suggestion.suggested)


def _mine(tx: Transaction, who: User, sample_id: int) -> SecondReview:
    for drawn in second_reviews.every(tx, who.name):
        if drawn.id == sample_id:
            return drawn
    raise UsageError("you have no sample of that number: draw one first")
