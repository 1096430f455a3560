"""Which passwords are taken: long ones that nobody tries first (NIST SP 800-63B).

No rule of signs and capitals: those make people write the password down.
"""

from importlib.resources import files

from crm_tui.shop.users.errors import BadPassword, TooEasy

LEAST = 8
_FEWEST_SIGNS = 4
_HERE = ("kata sandi", "katasandi", "rahasia", "admin123", "qwertyui")
"""What people here would try, besides the commonest of all."""


def check(password: str, login: str) -> None:
    """Whether a user may have this password. Raises `BadPassword` if it is too short, `TooEasy`."""
    if len(password) < LEAST:
        raise BadPassword(least=LEAST)
    plain = password.casefold().strip()
    told = (*_HERE, login.casefold(), login.casefold() * 2)
    if len(set(plain)) < _FEWEST_SIGNS or plain in told or _is_common(plain):
        raise TooEasy()


def _is_common(plain: str) -> bool:
    # Read each time: passwords are chosen seldom, and a megabyte is not kept for it.
    with files(__package__).joinpath("common.txt").open(encoding="utf-8") as lines:
        return any(line.rstrip("\n") == plain for line in lines)
