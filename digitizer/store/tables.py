"""The tables. Instants are UTC in ISO 8601; `content` columns are chart nouns (`store.codec`)."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

METADATA = MetaData()

FILES = Table(
    "files",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("claim", String(64), unique=True),  # NULL for what was ignored and left where it lies
    Column("name", LargeBinary, nullable=False),  # relative to the inbox, the very bytes
    Column("sha256", String(64), index=True),
    Column("size", Integer),
    Column("arrived_at", String(32), nullable=False),
    Column("state", String(16), nullable=False, index=True),  # JobState, "ignored", "duplicate"
    Column("attempts", Integer, nullable=False, default=0),
    Column("reason", String, nullable=False, default=""),
    Column("not_before", Float, nullable=False, default=0.0),  # earliest next try, Unix seconds
    Column("finished_at", String(32)),
    Column("duplicate_of", Integer, ForeignKey("files.id")),
    Column("priority", Integer, nullable=False, server_default="0"),  # higher is read first
    Column("pipeline", String(64)),  # by the rule of its folder; NULL: the home's default
    Column("scanner", String(64)),  # the source's name by the same rule
    Column("department", String(64)),
    Column("backs", Integer),  # the file that holds the back sides of this one
    Column("released", Integer, nullable=False, server_default="0"),  # let through past limits
    sqlite_autoincrement=True,
)

PAGES = Table(
    "pages",
    METADATA,
    Column("file_id", Integer, ForeignKey("files.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),  # PageKind
    Column("read_by", String(16), nullable=False),  # fingerprint of the stages that made it
    Column("content", LargeBinary, nullable=False),  # a Page
)

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("file_id", Integer, ForeignKey("files.id"), nullable=False, index=True),
    Column("first_page", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("doc_type", String(32), nullable=False),
    Column("name", String),
    Column("mrn", String, index=True),
    Column("dob", String(10)),
    Column("encounter_date", String(10)),
    Column("content", LargeBinary, nullable=False),  # a Document, its pages left out
)

DOCUMENT_PAGES = Table(
    "document_pages",
    METADATA,
    Column("file_id", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("document_id", String(32), ForeignKey("documents.id"), nullable=False, index=True),
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("file_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    sqlite_autoincrement=True,
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", String(32), nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String, nullable=False),
    sqlite_autoincrement=True,
)

Index("files_queue", FILES.c.state, FILES.c.not_before, FILES.c.id)
