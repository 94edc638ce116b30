"""What people do with the paper of a scan: arranged pages, checks, and where it lies."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the tables, and the place and turn of pages; pages that are there stand by number."""
    with op.batch_alter_table("document_pages") as pages:
        pages.add_column(sa.Column("place", sa.Integer, nullable=False, server_default="0"))
        pages.add_column(sa.Column("turn", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "paper_steps",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("file_id", sa.Integer, sa.ForeignKey("files.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("file_id", "version", name="paper_steps_version"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "papers",
        sa.Column("file_id", sa.Integer, sa.ForeignKey("files.id"), primary_key=True),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("good", sa.Integer, nullable=False),
        sa.Column("again", sa.Integer, nullable=False),
        sa.Column("sorting", sa.LargeBinary),
    )
