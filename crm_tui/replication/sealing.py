"""The file that makes a shop a branch, sealed with a passphrase: the head office writes the file, and
says the passphrase another way; the branch opens it.

    CRMCHAIN1\\n · JSON under the passphrase (age, scrypt)

The JSON names `branch` (its number), `name`, `role`, `host`, `port`, `database`, and as PEM `key`,
`certificate`, `office_certificate`. With `key` (Ed25519) batches that travel as files are signed, too.
"""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from crm_tui.errors import N_, Problem

MOST = 100_000
"""Octets that such a file has at most."""
FIELDS = frozenset({"branch", "name", "role", "host", "port", "database", "key", "certificate",
                    "office_certificate"})  # fmt: skip
_MAGIC = b"CRMCHAIN1\n"
_LENGTH = 20
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""None that is taken for another one when it is read out."""


class SealingMissing(Problem):
    text = N_(
        "Enrolments cannot be sealed or opened on this computer: the library pyrage is missing. Use"
        " another computer, or install it with: pip install pyrage"
    )


class NotAnEnrolment(Problem):
    text = N_("{file} is no enrolment, or it is damaged. Ask the head office for a new one.")


class WrongPassphrase(Problem):
    text = N_(
        "The passphrase does not open {file}. The head office was shown it when the file was made:"
        " 20 letters and digits, without 0, 1, I and O."
    )


def _age() -> ModuleType:
    try:
        import pyrage
    except ImportError as trouble:
        raise SealingMissing() from trouble
    found: ModuleType = pyrage
    return found


def able() -> None:
    """Raises `SealingMissing` where nothing can be sealed."""
    _age()


def passphrase() -> str:
    """A new passphrase: 100 bits, in groups that can be read out."""
    return _grouped("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)))


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + 5] for at in range(0, _LENGTH, 5))


def _as_made(words: str) -> str:
    """A passphrase as it was shown, from what somebody typed who heard it, in whatever groups."""
    letters = "".join(filter(str.isalnum, words.upper()))
    made = len(letters) == _LENGTH and set(letters) <= set(_LETTERS)
    return _grouped(letters) if made else words


def sealed(told: Mapping[str, object], words: str) -> bytes:
    """The file's octets. Raises `SealingMissing`."""
    octets: bytes = _age().passphrase.encrypt(json.dumps(dict(told)).encode(), words)
    return _MAGIC + octets


def opened(path: Path, words: str) -> dict[str, object]:
    """What the file says, all of `FIELDS` there. Raises `NotAnEnrolment`, `WrongPassphrase`,
    `SealingMissing`, `OSError`."""
    age = _age()
    with path.open("rb") as file:
        octets = file.read(MOST + 1)
    if not octets.startswith(_MAGIC) or len(octets) > MOST:
        raise NotAnEnrolment(file=path.name)
    try:
        plain = age.passphrase.decrypt(octets.removeprefix(_MAGIC), _as_made(words))
    except age.DecryptError as trouble:
        damaged = "decryption failed" not in str(trouble).lower()
        raise (NotAnEnrolment if damaged else WrongPassphrase)(file=path.name) from trouble
    try:
        told = json.loads(plain)
    except ValueError as trouble:
        raise NotAnEnrolment(file=path.name) from trouble
    if not isinstance(told, dict) or not told.keys() >= FIELDS:
        raise NotAnEnrolment(file=path.name)
    return told
