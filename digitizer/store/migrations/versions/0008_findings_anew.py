"""Documents whose findings are to be made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "anew",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("document_id", sa.String(32), nullable=False, unique=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
