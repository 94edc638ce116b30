"""The durable truth: what arrived, what was read, what was done. The index is derived from it.

SQLAlchemy lives here and nowhere else. Functions take the connection of a transaction that the
caller opened with `Store.begin()` (to write) or `Store.read()`.
"""

from digitizer.store.blobs import Blobs
from digitizer.store.engine import Store, Transaction, open_store

__all__ = ["Blobs", "Store", "Transaction", "open_store"]
