"""Opens a home for work: its store, its originals, and who is asking."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from digitizer.config import Home
from digitizer.operations.code_book import CodeBook
from digitizer.operations.pipelines import pipeline_of
from digitizer.pipeline import Pipeline
from digitizer.store import Blobs, Store, open_store
from digitizer.store import audit as audit_store


@dataclass(frozen=True, slots=True)
class House:
    """An open home. `actor` is who acts, for the audit trail; `glass`: they broke the glass."""

    home: Home
    store: Store
    blobs: Blobs
    actor: str
    book: CodeBook
    glass: bool = False

    def note(self, action: str, subject: str) -> None:
        """Add an audit event, which says so where it was seen through broken glass."""
        with self.store.begin() as tx:
            said = through(subject, glass=self.glass)
            audit_store.note(tx, actor=self.actor, action=action, subject=said)

    def pipeline(self) -> Pipeline:
        """The pipeline that config.yaml names, checked; ConfigError where it cannot run."""
        return pipeline_of(self.home)


@contextmanager
def open_house(home: Home) -> Iterator[House]:
    """Open the store of a home, making its private folders where they are missing."""
    home.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.data.chmod(0o700)
    home.inbox.mkdir(parents=True, exist_ok=True)
    home.claims.mkdir(mode=0o700, exist_ok=True)
    store = open_store(home.database)
    book, actor = CodeBook(home), system_user()
    try:
        yield House(home=home, store=store, blobs=Blobs(home.blobs), actor=actor, book=book)
    finally:
        book.close()
        store.close()


def through(subject: str, *, glass: bool) -> str:
    """What was looked at, for the audit trail."""
    return f"{subject} through broken glass" if glass else subject


def system_user() -> str:
    """The name of the operating-system user, or its number where it has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
