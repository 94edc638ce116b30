"""How many reportable tumors a document speaks of, and what registrars found of cases."""

import re
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_NEOPLASM = re.compile(rb'"code":"(?:C\d|D[0-4]\d)')


def upgrade() -> None:
    """Add the table and the column; documents that name a neoplasm are read for tumors anew."""
    op.create_table(
        "case_steps",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("place", sa.String(8), nullable=False),
        sa.Column("laterality", sa.String(16), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("because", sa.String, nullable=False),
        sa.Column("contact", sa.String(10)),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("documents") as documents:
        documents.add_column(sa.Column("tumors", sa.Integer, nullable=False, server_default="0"))
    tx = op.get_bind()
    for row in tx.execute(sa.text("SELECT id, content FROM documents")).all():
        if _names_neoplasm(row.content):
            asked = {"id": row.id}
            tx.execute(sa.text("DELETE FROM anew WHERE document_id = :id"), asked)
            tx.execute(sa.text("INSERT INTO anew (document_id, tries) VALUES (:id, 0)"), asked)


def _names_neoplasm(content: bytes) -> bool:
    try:
        return _NEOPLASM.search(zlib.decompress(content)) is not None
    except zlib.error:
        return False
