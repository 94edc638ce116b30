"""Record numbers that people found to be one patient's."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("gone", sa.String, nullable=False),
        sa.Column("stays", sa.String, nullable=False),
        sa.Column("because", sa.String, nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("undone_because", sa.String, nullable=False),
        sa.Column("undone_by", sa.String(32), nullable=False),
        sa.Column("undone_at", sa.String(32), nullable=False),
        sqlite_autoincrement=True,
    )
