"""Shows one document."""

from __future__ import annotations

from digitizer.errors import UsageError
from digitizer.operations.house import House
from digitizer.store import documents
from digitizer.store.documents import StoredDocument


def show(house: House, key: str) -> StoredDocument:
    """The document with this id, noted in the audit trail as viewed.

    Raises:
        UsageError: there is no such document.
    """
    with house.store.read() as tx:
        found = documents.get(tx, key)
    if found is None:
        raise UsageError(
            "there is no document of that id: `digitizer search` names those there are"
        )
    house.note("view", key)
    return found
