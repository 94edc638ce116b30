"""When each file was last written, so that the newest can be told in a burst."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; files of before count as the oldest."""
    with op.batch_alter_table("files") as files:
        files.add_column(sa.Column("written", sa.Float, nullable=False, server_default="0"))
