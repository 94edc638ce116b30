"""What holds for every request: where it may come from, how many, and what browsers are told.

Pure ASGI, so that streams pass through untouched.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_FORM = 256 * 1024
"""Bytes of a form; uploads have a limit of their own."""

UPLOADS = "/intake/upload"
LOGINS = ("/login", "/api/login")
_CLIENTS = 2_000


class Buckets:
    """A token bucket a client: `burst` requests at once, `rate` a second on average."""

    def __init__(
        self, *, burst: float, rate: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._rate, self._clock = burst, rate, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, client: str) -> bool:
        """Whether one more request is within the limit; counts it."""
        now = self._clock()
        left, then = self._left.pop(client, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._rate)
        allowed = left >= 1.0
        self._left[client] = (left - allowed, now)
        if len(self._left) > _CLIENTS:
            self._left.popitem(last=False)
        return allowed


class Guard:
    """The outermost layer of the app."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app, self._secure = app, secure
        self._all = Buckets(burst=600, rate=60)
        self._logins = Buckets(burst=20, rate=0.5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what may not be, and give every answer its headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        headers = _headers(nonce, secure=self._secure, static=scope["path"].startswith("/static/"))

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, answer)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        client = str((scope.get("client") or ("",))[0])
        headers = Headers(scope=scope)
        entering = scope["path"] in LOGINS and scope["method"] not in SAFE
        if not (self._all.allows(client) and (not entering or self._logins.allows(client))):
            return PlainTextResponse("Too many requests: wait a minute.", 429)
        if scope["method"] in SAFE:
            return None
        if not (same_origin(headers) or by_program(headers)):
            return PlainTextResponse("This came from another site: open the desk itself.", 403)
        size = headers.get("content-length", "")
        if not size.isdigit():
            return PlainTextResponse("The request does not say how long it is.", 411)
        if int(size) > LARGEST_FORM and scope["path"] != UPLOADS:
            return PlainTextResponse("That is too long for a form.", 413)
        return None


def by_program(headers: Mapping[str, str]) -> bool:
    """Whether it comes from a program and not a browser: other sites' pages cannot leave both out.

    A browser sends Sec-Fetch-Site, or at least Origin, with every post; what a program sends holds
    no cookie that somebody else could have made it send.
    """
    return not any(name in headers for name in ("sec-fetch-site", "origin", "cookie"))


def same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a request that changes something comes from one of our own pages."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(headers.get("origin", "")).netloc == headers.get("host", "-")


def _headers(nonce: str, *, secure: bool, static: bool) -> dict[str, str]:
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "private, max-age=3600" if static else "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers
