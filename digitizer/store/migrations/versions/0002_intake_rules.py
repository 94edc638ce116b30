"""What the intake knows of a file: its folder's rule, its other half, and a person's release."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; files that are there keep the defaults."""
    with op.batch_alter_table("files") as files:
        files.add_column(sa.Column("priority", sa.Integer, nullable=False, server_default="0"))
        files.add_column(sa.Column("pipeline", sa.String(64)))
        files.add_column(sa.Column("scanner", sa.String(64)))
        files.add_column(sa.Column("department", sa.String(64)))
        files.add_column(sa.Column("backs", sa.Integer))
        files.add_column(sa.Column("released", sa.Integer, nullable=False, server_default="0"))
