"""What is dear on purpose, at a thousandth of its price: tests make thousands, and nobody attacks them.

Passwords are hashed by argon2 with the least that it takes. What is sealed under a passphrase is sealed
by another cipher, whose key is not stretched; what the library itself sealed is still opened by it.
"""

import hashlib
import os
from typing import Literal

import argon2
import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

_MARK = b"quick\n"
_CHECK = 8
_NONCE = 12

really_open = pyrage.passphrase.decrypt


class QuickHasher(argon2.PasswordHasher):
    """The same hash with the least time and memory that there is."""

    def __init__(self, **_: int) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)

    def verify(self, kept: str | bytes, secret: str | bytes) -> Literal[True]:
        """Nobody's password fits nothing, which costs nothing here; others are looked at as they were
        hashed."""
        from crm_tui.shop.users.hashing import NOBODY

        if kept == NOBODY:
            raise argon2.exceptions.VerifyMismatchError
        return super().verify(kept, secret)


def _key(words: str) -> bytes:
    return hashlib.sha256(words.encode()).digest()


def seal(plain: bytes, words: str) -> bytes:
    """As `pyrage.passphrase.encrypt`."""
    key, nonce = _key(words), os.urandom(_NONCE)
    check = hashlib.sha256(key).digest()[:_CHECK]
    return _MARK + check + nonce + ChaCha20Poly1305(key).encrypt(nonce, plain, None)


def unseal(octets: bytes, words: str) -> bytes:
    """As `pyrage.passphrase.decrypt`, its errors included."""
    if not octets.startswith(_MARK):
        opened: bytes = really_open(octets, words)
        return opened
    rest = octets.removeprefix(_MARK)
    key = _key(words)
    if len(rest) < _CHECK + _NONCE:
        raise pyrage.DecryptError("Header is invalid")
    if rest[:_CHECK] != hashlib.sha256(key).digest()[:_CHECK]:
        raise pyrage.DecryptError("Decryption failed")
    nonce, sealed = rest[_CHECK : _CHECK + _NONCE], rest[_CHECK + _NONCE :]
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, sealed, None)
    except (InvalidTag, ValueError) as trouble:
        raise pyrage.DecryptError("decryption error") from trouble


def begin() -> None:
    """From now on in this process; to be called before the shop takes the libraries."""
    argon2.PasswordHasher = QuickHasher  # type: ignore[misc, assignment]
    pyrage.passphrase.encrypt, pyrage.passphrase.decrypt = seal, unseal
