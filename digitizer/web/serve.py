"""Runs the desk: opens the home, binds, and says where it is."""

from __future__ import annotations

import gc
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from digitizer.config import Home
from digitizer.errors import ConfigError, TransientError
from digitizer.operations.house import House, open_house
from digitizer.operations.index import mend, open_index
from digitizer.operations.knowledge import open_codes
from digitizer.operations.users import first_administrator
from digitizer.search.backend import SearchBackend
from digitizer.web.app import make_app
from digitizer.web.desk import Desk

_GRACE_SECONDS = 3

_WATCH_SECONDS = 15
"""Between looks at the index; a daemon looks every five, and so comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the desk is served, and what keeps the way to it private."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by HTTPS."""
        return self.certificate is not None or self.behind_proxy

    @property
    def address(self) -> str:
        """What a browser on this machine opens."""
        return f"{'https' if self.certificate else 'http'}://{self.host}:{self.port}/"


def check(place: Place) -> None:
    """Refuse a way that others could listen on.

    Raises:
        ConfigError: it is beyond this machine without TLS, or half of a certificate is named.
    """
    if (place.certificate is None) != (place.key is None):
        raise ConfigError("web: name both certificate and key in config.yaml, or neither")
    if not (place.secure or _is_loopback(place.host)):
        raise ConfigError(
            f"web: {place.host} can be reached from other machines, and charts may not travel in "
            "the clear: name certificate and key, or say behind_proxy: true where a proxy does TLS"
        )


def serve(home: Home, place: Place, say: Callable[[str], None]) -> None:
    """Serve until told to stop.

    Raises:
        ConfigError: the place is refused or taken.
    """
    check(place)
    with ExitStack() as stack:
        bound = stack.enter_context(_bound(place))
        house = stack.enter_context(open_house(home))
        index = stack.enter_context(open_index(home))
        stack.enter_context(_watched(house, index))
        knowledge = open_codes(home)
        stack.callback(knowledge.close)
        newcomer = first_administrator(house, now=time.time())
        if newcomer is not None:
            say(f"The desk's first user is {newcomer.user.name}, password {newcomer.password}")
            say("It is shown this once: log in and change it, then add people.")
        desk = Desk(house=house, index=index, knowledge=knowledge, secure=place.secure, say=say)
        say(f"The desk is at {place.address}")
        app = make_app(desk)
        gc.collect()
        gc.freeze()  # what lives as long as the server is not looked through again: 0.1 s each time
        config = uvicorn.Config(
            app,
            access_log=False,  # addresses hold no patient text, and still nobody needs them
            log_level="critical",  # a traceback could hold chart text; see app._bug
            proxy_headers=place.behind_proxy,
            server_header=False,
            ssl_certfile=place.certificate,
            ssl_keyfile=place.key,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        uvicorn.Server(config).run(sockets=[bound])


@contextmanager
def _watched(house: House, index: SearchBackend) -> Iterator[None]:
    """Mend the index where nobody else does."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_WATCH_SECONDS):
            with suppress(TransientError):
                mend(house, index)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _bound(place: Place) -> socket.socket:
    try:
        return socket.create_server((place.host, place.port))
    except OSError as error:
        raise ConfigError(
            f"the desk cannot be at {place.host}:{place.port} ({error.strerror}): "
            "set web.port in config.yaml"
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
