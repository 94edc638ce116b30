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
    UniqueConstraint,
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
    Column("state", String(16), nullable=False, index=True),  # see files.FileRow
    Column("attempts", Integer, nullable=False, default=0),
    Column("reason", String, nullable=False, default=""),
    Column("not_before", Float, nullable=False, default=0.0),  # earliest next try, Unix seconds
    Column("finished_at", String(32)),
    Column("duplicate_of", Integer, ForeignKey("files.id")),
    Column("priority", Integer, nullable=False, server_default="0"),  # higher is read first
    Column("pipeline", String(64)),  # by the rule of its folder; NULL: the home's default
    Column("scanner", String(64)),  # the source's name by the same rule
    Column("department", String(64)),
    Column("backs", Integer),  # the file of this one's back sides; 0: waited for in vain
    Column("released", Integer, nullable=False, server_default="0"),  # let through past limits
    Column("written", Float, nullable=False, server_default="0"),  # last, before it was taken; Unix
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
    Column("doc_type", String(32), nullable=False),
    Column("name", String),
    Column("mrn", String, index=True),
    Column("dob", String(10)),
    Column("encounter_date", String(10)),
    Column("misfile", Integer, nullable=False, server_default="0"),  # may lie in the wrong chart
    Column("tumors", Integer, nullable=False, server_default="0"),  # reportable ones, a number
    Column("content", LargeBinary, nullable=False),  # a Document, its pages left out
)

DOCUMENT_PAGES = Table(
    "document_pages",
    METADATA,
    Column("file_id", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("document_id", String(32), ForeignKey("documents.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False, server_default="0"),  # in its document; then by number
    Column("turn", Integer, nullable=False, server_default="0"),  # by a person, degrees clockwise
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
    Column("previous", String(64), nullable=False),  # `hash` of the row before
    Column("hash", String(64), nullable=False),  # over all other columns (store.audit)
    sqlite_autoincrement=True,
)

USERS = Table(
    "users",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(32), nullable=False, unique=True),
    Column("roles", String, nullable=False),  # Roles, by spaces
    Column("password", String, nullable=False),  # argon2id hash
    Column("must_change", Integer, nullable=False),
    Column("totp", String(64)),  # secret in base 32; NULL: no one-time codes
    Column("totp_step", Integer, nullable=False),  # newest step whose code was used
    Column("disabled", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Float, nullable=False),  # Unix seconds
    Column("glass_until", Float, nullable=False),  # broken glass is open until then
    Column("created_at", String(32), nullable=False),
    sqlite_autoincrement=True,
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("token", String(64), primary_key=True),  # SHA-256 of what the browser holds
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("started", Float, nullable=False),  # Unix seconds
    Column("seen", Float, nullable=False),
)

REVIEWS = Table(  # no foreign key: a review outlives the re-run that replaces its document
    "reviews",
    METADATA,
    Column("document_id", String(32), primary_key=True),
    Column("state", String(16), nullable=False, index=True),  # ReviewState
    Column("version", Integer, nullable=False),  # number of decisions
    Column("assignee", String(32)),
    Column("lease_until", Float, nullable=False),  # Unix seconds; the chart is free after that
    Column("held", String, nullable=False),  # why it is on hold, or ""
    Column("priority", Integer, nullable=False),  # higher comes first
)

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(32), nullable=False),
    Column("version", Integer, nullable=False),  # of the review, once it was made
    Column("content", LargeBinary, nullable=False),  # a Decision
    UniqueConstraint("document_id", "version", name="decisions_version"),
    sqlite_autoincrement=True,
)

QUERIES = Table(
    "queries",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(32), nullable=False, index=True),
    Column("answered", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # a Query
    sqlite_autoincrement=True,
)

VERSIONS = Table(
    "versions",
    METADATA,
    Column("document_id", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),  # of `content`
    Column("signed_by", String(32), nullable=False),
    Column("signed_at", String(32), nullable=False),
    Column("released_by", String(32)),
    Column("released_at", String(32)),
    Column("content", LargeBinary, nullable=False),  # the coded chart as canonical JSON
)

SECOND_REVIEWS = Table(
    "second_reviews",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(32), nullable=False),
    Column("number", Integer, nullable=False),  # of the version that is checked
    Column("auditor", String(32), nullable=False),
    Column("finished_at", String(32)),
    Column("content", LargeBinary, nullable=False),  # verdicts by code, as JSON
    UniqueConstraint("document_id", "number", "auditor", name="second_reviews_once"),
    sqlite_autoincrement=True,
)

PAPER_STEPS = Table(
    "paper_steps",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("file_id", Integer, ForeignKey("files.id"), nullable=False),
    Column("version", Integer, nullable=False),  # of the paper, once the step was made
    Column("content", LargeBinary, nullable=False),  # a PaperStep
    UniqueConstraint("file_id", "version", name="paper_steps_version"),
    sqlite_autoincrement=True,
)

PAPERS = Table(  # a row only once somebody did something with the paper
    "papers",
    METADATA,
    Column("file_id", Integer, ForeignKey("files.id"), primary_key=True),
    Column("place", String, nullable=False),  # where it lies
    Column("good", Integer, nullable=False),  # pages
    Column("again", Integer, nullable=False),  # pages to be scanned again
    Column("sorting", LargeBinary),  # the documents as the machine sorted them; NULL: they stand
)

SAVED_SEARCHES = Table(
    "saved_searches",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("name", String(60), nullable=False),
    Column("content", LargeBinary, nullable=False),  # a SearchRequest
    UniqueConstraint("user_id", "name", name="saved_searches_name"),
    sqlite_autoincrement=True,
)

MERGES = Table(  # as long as undone_at is "", `gone` is shown as `stays`
    "merges",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("gone", String, nullable=False),  # record numbers, as printed
    Column("stays", String, nullable=False),
    Column("because", String, nullable=False),
    Column("by", String(32), nullable=False),
    Column("at", String(32), nullable=False),
    Column("undone_because", String, nullable=False),
    Column("undone_by", String(32), nullable=False),
    Column("undone_at", String(32), nullable=False),
    sqlite_autoincrement=True,
)

CASE_STEPS = Table(  # what registrars found of cases, append-only
    "case_steps",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("number", String, nullable=False),  # a record number, or a chart's id; see CaseStep
    Column("place", String(8), nullable=False),
    Column("laterality", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("because", String, nullable=False),
    Column("contact", String(10)),
    Column("by", String(32), nullable=False),
    Column("at", String(32), nullable=False),
    sqlite_autoincrement=True,
)

ANEW = Table(  # documents whose findings are to be made anew
    "anew",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(32), nullable=False, unique=True),
    Column("tries", Integer, nullable=False),
    sqlite_autoincrement=True,
)

Index("files_queue", FILES.c.state, FILES.c.not_before, FILES.c.id)
