"""Signs a chart off, reopens it, and releases it: one chart at a time, by a person."""

from __future__ import annotations

from digitizer.chart.people import Permission, User
from digitizer.chart.review import Level, Review, ReviewEvent, ReviewState
from digitizer.errors import UsageError
from digitizer.operations.chart import Chart, advised, chart_in, note_view
from digitizer.operations.decide import Conflict
from digitizer.operations.house import House
from digitizer.operations.permit import require
from digitizer.review.release import frozen
from digitizer.store import Transaction, files, reviews
from digitizer.store import audit as audit_store
from digitizer.store.reviews import Version


def sign_off(house: House, who: User, key: str, seen: int) -> Version:
    """Freeze the chart as `who` saw it in version `seen` of the review.

    Raises:
        AccessError: `who` is no coder.
        Conflict: somebody decided since; nothing was signed.
        UsageError: an error stands against it, or it is not in review.
    """
    require(who, Permission.SIGN_OFF)
    with house.store.begin() as tx:
        chart = advised(house, chart_in(tx, key))
        if seen != chart.review.version:
            raise Conflict(chart.review.version, reviews.decisions(tx, key, after=seen))
        review = _ready(tx, chart)
        sha256 = files.get(tx, chart.file_id).sha256 or ""
        numbers = [leaf.number for leaf in chart.leaves]
        content = frozen(key, sha256, numbers, chart.document, chart.coding, chart.queries)
        version = reviews.freeze(tx, key, content, who.name)
        reviews.move(tx, review, ReviewEvent.SIGNED_OFF)
        reviews.settle(tx, review, assignee=None, lease_until=0.0)
        said = f"{key} version {version.number} sha256 {version.sha256}"
        audit_store.note(tx, actor=who.name, action="sign off", subject=said)
    return version


def reopen(house: House, who: User, key: str, because: str) -> None:
    """Open a signed or released chart for a correction; its next sign-off is a new version.

    Raises:
        AccessError: `who` is no coder.
        UsageError: it is not signed, or no reason is given.
    """
    require(who, Permission.SIGN_OFF)
    if not because.strip():
        raise UsageError("say why it is opened again")
    with house.store.begin() as tx:
        review = chart_in(tx, key).review
        if review.state not in (ReviewState.CODED, ReviewState.RELEASED):
            raise UsageError(f"the chart is {review.state}: only what was signed can be reopened")
        reviews.move(tx, review, ReviewEvent.REOPENED)
        said = f"{key}: {' '.join(because.split())}"
        audit_store.note(tx, actor=who.name, action="reopen", subject=said)


def release(house: House, who: User, key: str) -> Version:
    """Let the newest signed version out to who needs it.

    Raises:
        AccessError: `who` may not.
        UsageError: it is not signed off, or what was signed was changed in the database.
    """
    require(who, Permission.RELEASE)
    with house.store.begin() as tx:
        chart = chart_in(tx, key)
        if chart.review.state is not ReviewState.CODED:
            raise UsageError(f"the chart is {chart.review.state}: sign it off first")
        version = chart.versions[-1]
        unchanged(tx, version)
        reviews.released(tx, version, who.name)
        reviews.move(tx, chart.review, ReviewEvent.RELEASED)
        said = f"{key} version {version.number}"
        audit_store.note(tx, actor=who.name, action="release", subject=said)
    return version


def signed(house: House, who: User, key: str, number: int) -> bytes:
    """What was signed as version `number`, byte by byte.

    Raises:
        AccessError: `who` may not see charts.
        UsageError: there is no such version, or it was changed in the database.
    """
    require(who, Permission.VIEW)
    with house.store.begin() as tx:
        found = [v for v in reviews.versions(tx, key) if v.number == number]
        if not found:
            raise UsageError("there is no such version of the chart")
        note_view(tx, who, f"{key} version {number}")
        return unchanged(tx, found[0])


def _ready(tx: Transaction, chart: Chart) -> Review:
    """The review, opened if nothing had to be decided; UsageError where something is amiss."""
    faults = [message.text for message in chart.messages if message.level is Level.ERROR]
    if faults:
        raise UsageError(f"it cannot be signed off: {'; '.join(faults)}")
    if chart.review.state is ReviewState.DIGITIZED:
        reviews.move(tx, chart.review, ReviewEvent.OPENED)
    review = reviews.get(tx, chart.id)
    if review.state is not ReviewState.IN_REVIEW:
        raise UsageError(f"the chart is {review.state}: only what is in review is signed off")
    return review


def unchanged(tx: Transaction, version: Version) -> bytes:
    """What was signed, byte by byte; UsageError where the stored bytes are no longer those."""
    try:
        return reviews.content_of(tx, version)
    except ValueError as error:
        raise UsageError(f"{error}: restore it from a backup") from None
