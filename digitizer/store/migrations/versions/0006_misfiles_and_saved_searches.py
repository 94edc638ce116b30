"""Which documents may lie in the wrong chart, and the searches that people keep."""

import zlib

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column, filled from the warnings of the documents that are there, and the table."""
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("user_id", "name", name="saved_searches_name"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("documents") as documents:
        documents.add_column(sa.Column("misfile", sa.Integer, nullable=False, server_default="0"))
    tx = op.get_bind()
    for row in tx.execute(sa.text("SELECT id, content FROM documents")).all():
        if _is_marked(row.content):
            tx.execute(sa.text("UPDATE documents SET misfile = 1 WHERE id = :id"), {"id": row.id})


def _is_marked(content: bytes) -> bool:
    try:
        return b'"possible misfile' in zlib.decompress(content)
    except zlib.error:
        return False
