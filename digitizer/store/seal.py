"""Signs the head of the audit trail, so that a copy kept elsewhere can be told from a forgery.

Ed25519 and not an HMAC: who checks a head needs only the public key and cannot make another one.
The private key lies in the private folder; who has that folder can sign anew, but cannot change
the heads that were carried away before.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from digitizer.errors import ConfigError, UsageError
from digitizer.store.chain import Head


def signed(head: Head, at: str, key: Path) -> str:
    """The head as JSON with its signature; makes the key where there is none yet.

    Raises:
        ConfigError: the key cannot be read or written.
    """
    private = _private(key)
    said = {"seq": head.seq, "hash": head.hash, "at": at}
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    return json.dumps({**said, "key": public, "signature": private.sign(_bytes(said)).hex()})


def checked(exported: str, key: Path | str) -> Head:
    """The head in what `signed` wrote; `key` is the private key's file, or the public key in hex.

    Raises:
        UsageError: it is no such thing, or was not signed with this key.
        ConfigError: the key cannot be read.
    """
    try:
        found = json.loads(exported)
        said = {"seq": int(found["seq"]), "hash": str(found["hash"]), "at": str(found["at"])}
        signature = bytes.fromhex(found["signature"])
    except (ValueError, TypeError, KeyError):
        raise UsageError("that is no exported head: `digitizer audit head` writes one") from None
    try:
        _public(key).verify(signature, _bytes(said))
    except InvalidSignature:
        raise UsageError("the head was changed, or signed with another key") from None
    return Head(seq=int(found["seq"]), hash=str(found["hash"]))


def _bytes(said: dict[str, object]) -> bytes:
    return json.dumps(said, sort_keys=True).encode()


def _public(key: Path | str) -> Ed25519PublicKey:
    if isinstance(key, Path):
        return _private(key).public_key()
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    except ValueError:
        raise UsageError("that is no public key: an exported head names it") from None


def _private(key: Path) -> Ed25519PrivateKey:
    try:
        if not key.exists():
            descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(Ed25519PrivateKey.generate().private_bytes_raw())
        return Ed25519PrivateKey.from_private_bytes(key.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError(f"{key.name} in the private folder cannot be used ({error})") from None
