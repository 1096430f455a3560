"""Broken rules about users and roles."""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput, RuleBroken


class BadLogin(BadInput):
    text = N_("A user's name has 2 to 30 letters, digits, dots or dashes: {login} is not one.")


class LoginReserved(BadInput):
    text = N_("{login} is a name of the program's own. Choose another one.")


class LoginTaken(BadInput):
    text = N_("There is already a user called {login}.")


class LoginAlike(LoginTaken):
    text = N_("{login} looks like the login of somebody else. Choose another one.")


class LoginWas(LoginTaken):
    text = N_("Another user was called {login} before, and stands in the books by that name. Choose"
              " another one.")  # fmt: skip


class BadPassword(BadInput):
    text = N_("A password has at least {least} characters.")


class WrongLogin(BadInput):
    text = N_("The name or the password is wrong.")


class FewTries(WrongLogin):
    text = N_("The name or the password is wrong. Tries left before a pause: {left}.")


class PauseBegins(WrongLogin):
    text = N_("The name or the password is wrong. The next try is in {seconds} seconds.")


class SecretMissing(WrongLogin):
    """Enter alone is no try: nothing is counted."""

    text = N_("The password is missing. Type it first.")


class WrongOldPassword(WrongLogin):
    text = N_("The current password is not right.")


class FewOldPasswords(WrongOldPassword):
    text = N_("The current password is not right. Tries left: {left}; then you are signed out.")


class WrongPin(BadInput):
    """Digits that opened nothing: said in the same words whether there is such a name, whether it has
    a PIN, and whether that counts now."""

    text = N_(
        "The name or the PIN is wrong, or the whole password is needed first: the PIN counts for the"
        " rest of that day."
    )


class FewPins(WrongPin):
    text = N_(
        "The name or the PIN is wrong, or the whole password is needed first. Tries left before a"
        " pause: {left}."
    )


class PinSpent(WrongPin):
    text = N_(
        "The name or the PIN is wrong. The next try is in {seconds} seconds, with the whole password."
    )


class BadPin(BadInput):
    text = N_("A PIN has 4 to 8 digits.")


class EasyPin(BadPin):
    text = N_("This PIN is too easy to guess: take no year, no row like 1234 and nothing repeated.")


class PinsDiffer(BadInput):
    text = N_("The two PINs differ. Type the same one twice.")


class PasswordFirst(RuleBroken):
    text = N_("{login} must sign in and choose a password of their own first.")


class TooManyTries(BadInput):
    text = N_("Too many wrong tries. Wait {seconds} seconds.")


class TooEasy(BadInput):
    text = N_("This password is too easy to guess. Take two or three words, for example.")


class SamePassword(BadInput):
    text = N_("The new password is the old one.")


class UserUnknown(RuleBroken):
    text = N_("There is no user {login}.")


class NoManager(RuleBroken):
    text = N_(
        "{login} may not manage users. Only those who may get a new password here; others get one from"
        " them, on the page Users."
    )


class RoleUnknown(RuleBroken):
    text = N_("There is no role {name}.")


class RoleNameMissing(BadInput):
    text = N_("The role needs a name of at most {most} characters.")


class RoleTaken(BadInput):
    text = N_("There is already a role called {name}.")


class RoleUsed(RuleBroken):
    text = N_("{name} cannot be deleted: {count} users have it. Give them another role first.")


class NotYourself(RuleBroken):
    text = N_("You cannot do this to yourself.")


class PasswordsDiffer(BadInput):
    text = N_("The two passwords differ. Type the same one twice.")


class NameMissing(BadInput):
    text = N_("The shop needs a name.")


class ShopExists(RuleBroken):
    text = N_("There is already a shop in {path}: {name}. Nothing was changed.")
