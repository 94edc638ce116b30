"""People, sessions, the work of coders, and a chained audit trail."""

import sqlalchemy as sa
from alembic import op

from digitizer.store.chain import START, hash_of

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables of people and review, and chain the audit rows that are there."""
    with op.batch_alter_table("documents") as documents:
        documents.drop_column("state")  # always "digitized"; `reviews` has what people did
    _people()
    _review()
    _chain()


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(32), nullable=False, unique=True),
        sa.Column("roles", sa.String, nullable=False),
        sa.Column("password", sa.String, nullable=False),
        sa.Column("must_change", sa.Integer, nullable=False),
        sa.Column("totp", sa.String(64)),
        sa.Column("totp_step", sa.Integer, nullable=False),
        sa.Column("disabled", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.Float, nullable=False),
        sa.Column("glass_until", sa.Float, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("started", sa.Float, nullable=False),
        sa.Column("seen", sa.Float, nullable=False),
    )


def _review() -> None:
    op.create_table(
        "reviews",
        sa.Column("document_id", sa.String(32), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("assignee", sa.String(32)),
        sa.Column("lease_until", sa.Float, nullable=False),
        sa.Column("held", sa.String, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("document_id", "version", name="decisions_version"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "queries",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("document_id", sa.String(32), nullable=False, index=True),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "versions",
        sa.Column("document_id", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("signed_by", sa.String(32), nullable=False),
        sa.Column("signed_at", sa.String(32), nullable=False),
        sa.Column("released_by", sa.String(32)),
        sa.Column("released_at", sa.String(32)),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "second_reviews",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("auditor", sa.String(32), nullable=False),
        sa.Column("finished_at", sa.String(32)),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("document_id", "number", "auditor", name="second_reviews_once"),
        sqlite_autoincrement=True,
    )


def _chain() -> None:
    with op.batch_alter_table("audit") as audit:
        for name in ("previous", "hash"):
            audit.add_column(sa.Column(name, sa.String(64), nullable=False, server_default=START))
    tx, previous = op.get_bind(), START
    rows = tx.execute(sa.text("SELECT seq, at, actor, action, subject FROM audit ORDER BY seq"))
    for row in rows.mappings().all():
        chained = hash_of(**row, previous=previous)
        tx.execute(
            sa.text("UPDATE audit SET previous = :previous, hash = :hash WHERE seq = :seq"),
            {"previous": previous, "hash": chained, "seq": row["seq"]},
        )
        previous = chained
    with op.batch_alter_table("audit") as audit:
        for name in ("previous", "hash"):
            audit.alter_column(name, server_default=None)
