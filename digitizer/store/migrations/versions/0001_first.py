"""The first schema: files, pages, documents, outbox, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "files",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("claim", sa.String(64), unique=True),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.String(64), index=True),
        sa.Column("size", sa.Integer),
        sa.Column("arrived_at", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("not_before", sa.Float, nullable=False),
        sa.Column("finished_at", sa.String(32)),
        sa.Column("duplicate_of", sa.Integer, sa.ForeignKey("files.id")),
        sqlite_autoincrement=True,
    )
    op.create_index("files_queue", "files", ["state", "not_before", "id"])
    op.create_table(
        "pages",
        sa.Column("file_id", sa.Integer, sa.ForeignKey("files.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("read_by", sa.String(16), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("file_id", sa.Integer, sa.ForeignKey("files.id"), nullable=False, index=True),
        sa.Column("first_page", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("doc_type", sa.String(32), nullable=False),
        sa.Column("name", sa.String),
        sa.Column("mrn", sa.String, index=True),
        sa.Column("dob", sa.String(10)),
        sa.Column("encounter_date", sa.String(10)),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "document_pages",
        sa.Column("file_id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column(
            "document_id",
            sa.String(32),
            sa.ForeignKey("documents.id"),
            nullable=False,
            index=True,
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("file_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
