"""How passwords and PINs are kept: Argon2id at the price that OWASP's Password Storage Cheat Sheet
asks for: 19 MiB, two passes, one lane.

The library's own default takes 64 MiB and four threads for each try: on a counter's PC with little
memory left that failed, and a right password was called wrong.
"""

from argon2 import PasswordHasher
from argon2.exceptions import HashingError, InvalidHashError, VerificationError, VerifyMismatchError

from crm_tui.errors import N_, Problem

NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
"""Nobody's password: a name that does not exist takes as long as one that does."""


class CannotHash(Problem):
    text = N_(
        "The computer has too little memory left to look at a password. Close other programs and try"
        " again."
    )


def _hasher() -> PasswordHasher:
    return PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)


def hashed(secret: str) -> str:
    """What is kept of a password or a PIN. Raises `CannotHash`."""
    try:
        return _hasher().hash(secret)
    except (HashingError, MemoryError) as trouble:
        raise CannotHash() from trouble


def fits(kept: str, secret: str) -> bool:
    """Whether `secret` is what was hashed. Raises `CannotHash`: that is no wrong password."""
    try:
        return _hasher().verify(kept, secret)
    except (VerifyMismatchError, InvalidHashError):
        return False
    except (VerificationError, MemoryError) as trouble:
        raise CannotHash() from trouble


def outdated(kept: str) -> bool:
    """Whether it was hashed at another price than today's."""
    return _hasher().check_needs_rehash(kept)
