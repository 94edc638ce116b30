"""The work of people on documents: its state, decisions, queries and signed versions.

A review has a row only once somebody touched the document. Nothing here is deleted, and nothing
hangs on the rows of `documents`, which a re-run replaces.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from digitizer.chart.review import Decision, Query, Review, ReviewEvent, ReviewState
from digitizer.store.engine import Transaction
from digitizer.store.tables import DECISIONS, QUERIES, REVIEWS, VERSIONS

_DECISION = TypeAdapter(Decision)
_QUERY = TypeAdapter(Query)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A coded chart as it was signed; `sha256` is of its content."""

    document: str
    number: int
    sha256: str
    signed_by: str
    signed_at: str
    released_by: str | None
    released_at: str | None


def get(tx: Transaction, document: str) -> Review:
    """The review of a document; one that nobody has touched is DIGITIZED, version 0."""
    row = tx.execute(sa.select(REVIEWS).where(REVIEWS.c.document_id == document)).one_or_none()
    return Review(document=document) if row is None else _review(row)


def every(tx: Transaction) -> dict[str, Review]:
    """All reviews that anybody has touched, by document."""
    return {row.document_id: _review(row) for row in tx.execute(sa.select(REVIEWS))}


def move(tx: Transaction, review: Review, event: ReviewEvent) -> bool:
    """Make a move, if the review is still in the state it was read in; says whether it was.

    ValueError where the table of moves has no such move.
    """
    after = review.after(event)
    return _update(tx, review, REVIEWS.c.state == review.state, state=after.state)


def settle(tx: Transaction, review: Review, **values: object) -> None:
    """Change who has it (`assignee`, `lease_until`), `held` or `priority`."""
    _update(tx, review, sa.true(), **values)


def decide(tx: Transaction, review: Review, decision: Decision, actor: str) -> Decision | None:
    """Append a decision to the version that was seen; `None` where somebody was faster."""
    number = review.version + 1
    if not _update(tx, review, REVIEWS.c.version == review.version, version=number):
        return None
    kept = replace(decision, version=number, actor=actor, at=_now())
    row = {"document_id": review.document, "version": number, "content": _DECISION.dump_json(kept)}
    tx.execute(sa.insert(DECISIONS).values(**row))
    return kept


def carry(tx: Transaction, review: Review, decision: Decision) -> None:
    """Append a decision that was made on another document, with who made it and when."""
    number = review.version + 1
    _update(tx, review, sa.true(), version=number)
    kept = replace(decision, version=number)
    row = {"document_id": review.document, "version": number, "content": _DECISION.dump_json(kept)}
    tx.execute(sa.insert(DECISIONS).values(**row))


def decisions(tx: Transaction, document: str, after: int = 0) -> tuple[Decision, ...]:
    """The decisions on a document that came after a version, oldest first."""
    query = (
        sa.select(DECISIONS.c.content)
        .where(DECISIONS.c.document_id == document, DECISIONS.c.version > after)
        .order_by(DECISIONS.c.version)
    )
    return tuple(_DECISION.validate_json(content) for content in tx.scalars(query))


def deciding_on(tx: Transaction, beginnings: Sequence[str]) -> set[str]:
    """The documents with a decision that names a code which begins so."""
    marks = [f'"code":"{beginning}'.encode() for beginning in beginnings]
    query = sa.select(DECISIONS.c.document_id, DECISIONS.c.content)
    return {
        row.document_id for row in tx.execute(query) if any(mark in row.content for mark in marks)
    }


def ask(tx: Transaction, query: Query, actor: str) -> Query:
    """Enter a query."""
    kept = replace(query, asked_by=actor, asked_at=_now())
    row = {"document_id": query.document, "answered": 0, "content": _QUERY.dump_json(kept)}
    done = tx.execute(sa.insert(QUERIES).values(**row))
    (key,) = done.inserted_primary_key or (0,)
    return replace(kept, id=int(key))


def query(tx: Transaction, query_id: int) -> Query | None:
    """One query; `None` where there is none."""
    found = sa.select(QUERIES.c.content).where(QUERIES.c.id == query_id)
    content = tx.scalar(found)
    return None if content is None else replace(_QUERY.validate_json(content), id=query_id)


def answer(tx: Transaction, asked: Query, chosen: str, text: str, actor: str) -> bool:
    """Enter the answer to an open query; says whether it was still open."""
    kept = replace(asked, answer=chosen, answer_text=text, answered_by=actor, answered_at=_now())
    done = tx.execute(
        sa.update(QUERIES)
        .where(QUERIES.c.id == asked.id, QUERIES.c.answered == 0)
        .values(answered=1, content=_QUERY.dump_json(kept))
    )
    return done.rowcount == 1


def move_query(tx: Transaction, asked: Query, document: str) -> None:
    """Let a query be about another document, where the words that it cites lie now."""
    content = _QUERY.dump_json(replace(asked, document=document))
    moved = {"document_id": document, "content": content}
    tx.execute(sa.update(QUERIES).where(QUERIES.c.id == asked.id).values(**moved))


def queries(tx: Transaction, document: str) -> tuple[Query, ...]:
    """All queries on a document, oldest first."""
    found = (
        sa.select(QUERIES.c.id, QUERIES.c.content)
        .where(QUERIES.c.document_id == document)
        .order_by(QUERIES.c.id)
    )
    return tuple(replace(_QUERY.validate_json(row.content), id=row.id) for row in tx.execute(found))


def open_queries(tx: Transaction) -> tuple[Query, ...]:
    """All queries that wait for an answer, oldest first."""
    found = (
        sa.select(QUERIES.c.id, QUERIES.c.content)
        .where(QUERIES.c.answered == 0)
        .order_by(QUERIES.c.id)
    )
    return tuple(replace(_QUERY.validate_json(row.content), id=row.id) for row in tx.execute(found))


def freeze(tx: Transaction, document: str, content: bytes, actor: str) -> Version:
    """Keep a signed version; its number is one more than the last."""
    last = sa.select(sa.func.max(VERSIONS.c.number)).where(VERSIONS.c.document_id == document)
    made = Version(
        document=document,
        number=int(tx.scalar(last) or 0) + 1,
        sha256=hashlib.sha256(content).hexdigest(),
        signed_by=actor,
        signed_at=_now(),
        released_by=None,
        released_at=None,
    )
    tx.execute(
        sa.insert(VERSIONS).values(
            document_id=document,
            number=made.number,
            sha256=made.sha256,
            signed_by=actor,
            signed_at=made.signed_at,
            content=zlib.compress(content),
        )
    )
    return made


def released(tx: Transaction, version: Version, actor: str) -> None:
    """Note that a version was let out."""
    tx.execute(
        sa.update(VERSIONS)
        .where(
            VERSIONS.c.document_id == version.document,
            VERSIONS.c.number == version.number,
            VERSIONS.c.released_at.is_(None),
        )
        .values(released_by=actor, released_at=_now())
    )


def versions(tx: Transaction, document: str = "") -> tuple[Version, ...]:
    """The signed versions of a document, or of all, oldest first."""
    columns = [VERSIONS.c[n] for n in Version.__dataclass_fields__ if n != "document"]
    found = sa.select(VERSIONS.c.document_id.label("document"), *columns).order_by(
        VERSIONS.c.document_id, VERSIONS.c.number
    )
    if document:
        found = found.where(VERSIONS.c.document_id == document)
    return tuple(Version(**row._asdict()) for row in tx.execute(found))


def content_of(tx: Transaction, version: Version) -> bytes:
    """What was signed, byte by byte; ValueError where the stored bytes are no longer those."""
    found = sa.select(VERSIONS.c.content).where(
        VERSIONS.c.document_id == version.document, VERSIONS.c.number == version.number
    )
    content = zlib.decompress(tx.execute(found).scalar_one())
    if hashlib.sha256(content).hexdigest() != version.sha256:
        raise ValueError("the signed version was changed in the database")
    return content


def _update(
    tx: Transaction, review: Review, guard: sa.ColumnElement[bool], **values: object
) -> bool:
    """Change a review's row, made first where there is none, if `guard` holds."""
    mine = REVIEWS.c.document_id == review.document
    if tx.execute(sa.select(REVIEWS.c.version).where(mine)).first() is None:
        fresh = Review(document=review.document)
        tx.execute(
            sa.insert(REVIEWS).values(
                document_id=fresh.document,
                state=fresh.state,
                version=fresh.version,
                lease_until=fresh.lease_until,
                held=fresh.held,
                priority=fresh.priority,
            )
        )
    return tx.execute(sa.update(REVIEWS).where(mine, guard).values(**values)).rowcount == 1


def _review(row: sa.Row[tuple[object, ...]]) -> Review:
    found = dict(row._mapping)
    document, state = found.pop("document_id"), ReviewState(found.pop("state"))
    return Review(document=document, state=state, **found)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
