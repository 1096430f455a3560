"""Sealing: with a passphrase set, what lies in the folders of backups can be read with it alone.

    CRMTUI1\\n · length (4 octets) · the identity under the passphrase (age, scrypt) · the store (age)

Each backup is written for a key whose secret half is in the store, as all that it protects is; with the
file only goes that half under the passphrase. So backups are made by themselves and can be tried out,
and the passphrase itself is nowhere. Behind the head both parts are age files (age-encryption.org).
"""

import struct
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, Protocol

from crm_tui.errors import N_
from crm_tui.shop.backups.errors import (
    PassphraseNeeded,
    PassphraseTooShort,
    SealBroken,
    SealMissing,
    WrongPassphrase,
)
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context

LEAST = 10
"""A passphrase has at least so many characters."""
CHANGED = N_("decryption error")
"""What the library says of a sealed file that is not as it was written, for the catalogues."""
_MAGIC = b"CRMTUI1\n"
_MOST_WRAPPED = 10_000


@dataclass(frozen=True)
class Key:
    """`identity` opens what was written for `recipient`; `wrapped` is it under the passphrase."""

    recipient: str
    identity: str
    wrapped: bytes


def _age() -> ModuleType:
    """The library: 3 MB that only a shop which seals needs. Raises `SealMissing`."""
    try:
        import pyrage
    except ImportError as trouble:
        raise SealMissing() from trouble
    found: ModuleType = pyrage
    return found


def make_key(passphrase: str) -> Key:
    """A key under a passphrase, tried out: what it seals the passphrase opens. It takes a second.

    Raises `PassphraseTooShort`, `SealBroken`.
    """
    passphrase = _as_kept(passphrase)
    if len(passphrase) < LEAST:
        raise PassphraseTooShort(least=LEAST)
    age = _age()
    made = age.x25519.Identity.generate()
    key = Key(
        str(made.to_public()), str(made), age.passphrase.encrypt(str(made).encode(), passphrase)
    )
    trial = b"crm-tui"
    try:
        sealed = age.encrypt(trial, [age.x25519.Recipient.from_str(key.recipient)])
        again = age.x25519.Identity.from_str(
            age.passphrase.decrypt(key.wrapped, passphrase).decode()
        )
        well = age.decrypt(sealed, [again]) == trial
    except Exception as trouble:
        raise SealBroken(why=trouble) from trouble
    if not well:
        raise SealBroken(why="?")
    return key


def _as_kept(passphrase: str) -> str:
    """A passphrase as it is used from now on: keyboards write é as one sign or as two, and nobody
    sees, or writes down, a blank at its end."""
    return unicodedata.normalize("NFC", passphrase).strip()


def _as_meant(passphrase: str) -> list[str]:
    """What it may have been when somebody chose it; older ones were used as they were typed."""
    forms = (_as_kept(passphrase), passphrase, unicodedata.normalize("NFD", passphrase))
    return list(dict.fromkeys(forms))


def identity_under(wrapped: bytes, passphrase: str, file: str) -> str:
    """The secret half that a passphrase opens. Raises `WrongPassphrase`."""
    age = _age()
    for form in _as_meant(passphrase):
        with suppress(age.DecryptError):
            return str(age.passphrase.decrypt(wrapped, form).decode())
    raise WrongPassphrase(file=file)


def set_passphrase(ctx: Context, passphrase: str) -> None:
    """Seal backups from now on; "" seals them no more. Older ones keep the passphrase they have."""
    _keep_key(ctx, make_key(passphrase) if passphrase else Key("", "", b""))


@command("backups.seal", "backups.restore")
def _keep_key(ctx: Context, key: Key) -> None:
    ctx.db.execute(
        "INSERT INTO backup_keys (at, recipient, identity, wrapped) VALUES (?, ?, ?, ?)",
        (ctx.at, key.recipient, key.identity, key.wrapped),
    )
    ctx.record("backup passphrase", None, {"sealed": bool(key.recipient)})
    ctx.changed("backups", 0)


def current(ctx: Context) -> Key | None:
    """The key in force; None if backups are not sealed."""
    row = ctx.db.execute(
        "SELECT recipient, identity, wrapped FROM backup_keys ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return None if row is None or not row[0] else Key(*row)


def known_identities(ctx: Context) -> list[str]:
    """The secret halves that this store holds, newest first."""
    rows = ctx.db.execute("SELECT identity FROM backup_keys WHERE identity <> '' ORDER BY id DESC")
    return [str(row[0]) for row in rows]


class _Watched:
    """A file for age to read: `alive` is called with the size of each piece, and may raise; age would
    make that an error of its own, so it is kept."""

    def __init__(self, file: BinaryIO, alive: Callable[[int], object]) -> None:
        self._file, self._alive = file, alive
        self.raised: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            piece = self._file.read(size)
            self._alive(len(piece))
        except Exception as raised:
            self.raised = raised
            raise
        return piece


def seal(plain: Path, into: BinaryIO, key: Key, alive: Callable[[int], object]) -> None:
    """Write the store at `plain` into a file, sealed. Raises `OSError`, whatever `alive` raises."""
    age = _age()
    into.write(_MAGIC + struct.pack(">I", len(key.wrapped)) + key.wrapped)
    with plain.open("rb") as file:
        watched = _Watched(file, alive)
        try:
            age.encrypt_io(watched, into, [age.x25519.Recipient.from_str(key.recipient)])
        except age.EncryptError as trouble:
            raise watched.raised or OSError(str(trouble)) from trouble


class Sink(Protocol):
    """Where what was sealed goes."""

    def write(self, octets: bytes, /) -> int: ...
    def seek(self, place: int, /) -> int: ...
    def truncate(self) -> int: ...
    def flush(self) -> None: ...


def is_sealed(path: Path) -> bool:
    """Whether this is a sealed backup. Raises `OSError`."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def head_of(path: Path) -> bytes:
    """The identity under the passphrase with which a file was sealed; b"" if it is none. Raises
    `OSError`."""
    with path.open("rb") as file:
        head = file.read(len(_MAGIC) + 4)
        if len(head) != len(_MAGIC) + 4 or not head.startswith(_MAGIC):
            return b""
        length = struct.unpack(">I", head[-4:])[0]
        return file.read(length) if length <= _MOST_WRAPPED else b""


def unseal(
    path: Path,
    into: Sink,
    *,
    identities: list[str],
    passphrase: str | None,
    alive: Callable[[int], object] = lambda size: None,
) -> None:
    """Write what a sealed backup holds into a file; one of the identities opens it, or the passphrase.

    Raises `PassphraseNeeded`, `WrongPassphrase`; `OSError` for a damaged file.
    """
    age = _age()
    wrapped = head_of(path)
    if not wrapped:
        raise OSError("no sealed backup")
    with path.open("rb") as file:
        file.seek(len(_MAGIC) + 4 + len(wrapped))
        body = file.tell()
        keys = [age.x25519.Identity.from_str(each) for each in identities]
        if passphrase is not None:
            keys = [age.x25519.Identity.from_str(identity_under(wrapped, passphrase, path.name))]
        for key in keys:
            file.seek(body)
            into.seek(0)
            into.truncate()
            watched = _Watched(file, alive)
            try:
                age.decrypt_io(watched, into, [key])
            except age.DecryptError:
                if watched.raised is not None:
                    raise watched.raised from None
                # It was sealed for another key.
                continue
            return
    raise PassphraseNeeded(file=path.name)
