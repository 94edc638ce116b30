"""Opens a home for work: its store, its originals, and who is asking."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from digitizer.config import Home
from digitizer.operations.pipelines import pipeline_of
from digitizer.pipeline import Pipeline
from digitizer.store import Blobs, Store, open_store
from digitizer.store import audit as audit_store


@dataclass(frozen=True, slots=True)
class House:
    """An open home. `actor` is who acts, for the audit trail."""

    home: Home
    store: Store
    blobs: Blobs
    actor: str

    def note(self, action: str, subject: str) -> None:
        """Add an audit event."""
        with self.store.begin() as tx:
            audit_store.note(tx, actor=self.actor, action=action, subject=subject)

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
    try:
        yield House(home=home, store=store, blobs=Blobs(home.blobs), actor=system_user())
    finally:
        store.close()


def system_user() -> str:
    """The name of the operating-system user, or its number where it has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
