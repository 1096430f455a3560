"""Broken rules and bad input, as sentences for the person who met them.

RuleBroken
├── NotAllowed
├── BadInput …       what was typed cannot be taken as it is
└── the others …     what was asked cannot be done now
"""

from crm_tui.errors import N_, Problem


class RuleBroken(Problem):
    """The shop's rules forbid it; nothing was changed."""


class NotAllowed(RuleBroken):
    text = N_("{who} may not do this (permission: {permission}).")


class BadInput(RuleBroken):
    """What was typed cannot be taken."""


class BadPhone(BadInput):
    text = N_("{phone} is no telephone number that an SMS can be sent to.")


class BadLogin(BadInput):
    text = N_("A user's name has 2 to 30 letters, digits, dots or dashes: {login} is not one.")


class LoginTaken(BadInput):
    text = N_("There is already a user called {login}.")


class BadPassword(BadInput):
    text = N_("A password has at least {least} characters.")


class WrongLogin(BadInput):
    text = N_("The name or the password is wrong.")


class WrongPin(BadInput):
    text = N_("The PIN is wrong.")


class BadPin(BadInput):
    text = N_("A PIN has 4 to 8 digits.")


class PinsDiffer(BadInput):
    text = N_("The two PINs differ. Type the same one twice.")


class PinNotYet(BadInput):
    text = N_("Sign in with the whole password first; the PIN counts for the rest of the day.")


class TooManyTries(BadInput):
    text = N_("Too many wrong tries. Wait {seconds} seconds.")


class TooEasy(BadInput):
    text = N_("This password is too easy to guess. Take two or three words, for example.")


class SamePassword(BadInput):
    text = N_("The new password is the old one.")


class LockedOut(BadInput):
    text = N_("{login} is locked after too many wrong tries. An Administrator unlocks it.")


class UserUnknown(RuleBroken):
    text = N_("There is no user {login}.")


class RoleUnknown(RuleBroken):
    text = N_("There is no role {name}.")


class RoleNameMissing(BadInput):
    text = N_("The role needs a name of at most {most} characters.")


class RoleTaken(BadInput):
    text = N_("There is already a role called {name}.")


class RoleUsed(RuleBroken):
    text = N_("{name} cannot be deleted: {count} users have it. Give them another role first.")


class LastManager(RuleBroken):
    text = N_("Somebody must be left who manages the users. Give that right to another one first.")


class NotYourself(RuleBroken):
    text = N_("You cannot do this to yourself.")


class PersonNameMissing(BadInput):
    text = N_("The name is missing, or longer than {most} characters.")


class PasswordsDiffer(BadInput):
    text = N_("The two passwords differ. Type the same one twice.")


class NameMissing(BadInput):
    text = N_("The shop needs a name.")


class ReasonTooLong(BadInput):
    text = N_("The reason is too long: {characters} characters, {most} at most.")


class ReasonMissing(BadInput):
    text = N_("Give a reason: the customer is told.")


class TextMissing(BadInput):
    text = N_("The message is empty.")


class BadCode(BadInput):
    text = N_("{code} is no code: it needs a letter or digit, and at most {most} characters.")


class CodeTaken(BadInput):
    text = N_("{code} cannot be told from {other}, which is there already.")


class ItemNameMissing(BadInput):
    text = N_("The item needs a name of at most {most} characters.")


class UnitBad(BadInput):
    text = N_("The unit has 1 to {most} characters: pcs, set, botol …")


class BadMoney(BadInput):
    text = N_("{text} is no amount in rupiah. Write it as 85000 or 85.000.")


class BadLevel(BadInput):
    text = N_("{text} is no number of pieces. Write a whole number, or nothing.")


class BadPercent(BadInput):
    text = N_("{text} is no percentage. Write it as 10 or -2,5.")


class BadDiscount(BadInput):
    text = N_("{text} is no discount. Write it as 10% or 5000.")


class DiscountTooLarge(BadInput):
    text = N_("The discount of {discount} is more than the amount of {amount}.")


class ItemGone(RuleBroken):
    text = N_("{code} is not sold any more.")


class ItemChanged(RuleBroken):
    text = N_("{code} was changed by somebody else meanwhile. Look at it once more.")


class NothingChosen(BadInput):
    text = N_("Nothing was chosen.")


class StockChanged(RuleBroken):
    text = N_("The stock of {code} is {there} by now, not {seen}. Look at it once more.")


class NothingToCorrect(BadInput):
    text = N_("The stock of {code} is {there} already.")


class ReasonNeeded(BadInput):
    text = N_("Give a reason; it is kept with the change.")


class CountOpen(RuleBroken):
    text = N_("A count is under way already. Post it or drop it first.")


class NoCountOpen(RuleBroken):
    text = N_("This count has ended.")


class NothingCounted(RuleBroken):
    text = N_("Nothing has been counted yet.")


class CustomerUnknown(RuleBroken):
    text = N_("This customer is not there any more.")


class PhoneTaken(BadInput):
    text = N_("{phone} belongs to {name}. Merge the two if they are one person.")


class LastPhone(RuleBroken):
    text = N_("{phone} has written SMS, which are found by it. Merge the customers instead.")


class MergeSame(RuleBroken):
    text = N_("These two are one customer already.")


class TooLateToUndo(RuleBroken):
    text = N_("This cannot be undone any more.")


class CartEmpty(BadInput):
    text = N_("Nothing is in the sale yet.")


class PriceChanged(RuleBroken):
    text = N_("The price of {code} is {now} by now, not {seen}. Look at the sum once more.")


class PaymentWrong(BadInput):
    text = N_("{paid} is paid, but {total} is to be paid.")


class NotEnoughCash(BadInput):
    text = N_("{received} is less than {amount}.")


class AccountNeedsCustomer(BadInput):
    text = N_("On account needs a customer. Choose one first.")


class OverLimit(RuleBroken):
    text = N_("{name} may owe {limit}; with this it would be {due}.")


class SaleUnknown(RuleBroken):
    text = N_("There is no sale {number}.")


class NotReturnable(RuleBroken):
    text = N_("Of {code} in sale {number} only {left} can still be given back.")


class SaleVoided(RuleBroken):
    text = N_("Sale {number} was voided or is no sale that can be taken back.")


class UseReturn(RuleBroken):
    text = N_("Something was given back or repaid of sale {number}. Take the rest back instead.")


class NothingDue(RuleBroken):
    text = N_("{name} owes nothing.")


class TooMuchPaid(BadInput):
    text = N_("{amount} is more than the {due} that is due.")


class DrawerUsed(RuleBroken):
    text = N_("Money has moved in the drawer meanwhile. Count once more.")


class ParkedGone(RuleBroken):
    text = N_("Somebody has taken this sale up already.")


class BadQuantity(BadInput):
    text = N_("{quantity} is no quantity: a whole number of 1 or more is needed.")


class UnknownSetting(BadInput):
    text = N_("There is no setting called {key}.")


class BadSetting(BadInput):
    text = N_("{key} cannot be {value}: {why}.")


class BadDate(BadInput):
    text = N_("{date} is no date. Write it as 2026-12-31 or 31/12/2026.")


class UnknownReport(BadInput):
    text = N_("There is no report called {name}. There are: {names}.")


class UnknownPart(BadInput):
    text = N_("The report has no part called {name}. There are: {names}.")


class ShopExists(RuleBroken):
    text = N_("There is already a shop in {path}: {name}. Nothing was changed.")


class OrderUnknown(RuleBroken):
    text = N_("There is no order number {number}.")


class OrderNotOpen(RuleBroken):
    text = N_("Order {number} is {status}; this cannot be done any more.")


class OrderChanged(RuleBroken):
    text = N_("Order {number} has changed meanwhile. Look at it once more; nothing was done.")


class TellsADecision(RuleBroken):
    text = N_("This SMS tells the customer about order {number}. Take the decision back instead.")


class AnsweredMeanwhile(RuleBroken):
    text = N_("Somebody has answered meanwhile. Look at that answer first; yours was not sent.")


class TooLateToTakeBack(RuleBroken):
    text = N_("Too late: the SMS about order {number} is on its way, or there is nothing to undo.")


class MessageSettled(RuleBroken):
    text = N_("This message has been settled already.")


class NotAnswerable(RuleBroken):
    text = N_("{phone} cannot be answered by SMS.")


class NotEnoughStock(RuleBroken):
    text = N_("There is not enough stock of {code}: {available} left, {wanted} wanted.")


class UnknownItem(RuleBroken):
    text = N_("There is no item with the code {code}.")


class NothingLeft(RuleBroken):
    text = N_("An order needs at least one item. Reject it if nothing is left.")


class BadText(BadInput):
    text = N_("{text} cannot be read: it is not in UTF-8.")


class FolderMissing(BadInput):
    text = N_("There is no folder {folder}.")


class BadPeriod(BadInput):
    text = N_("{first} is after {last}. The first day comes first.")


class FileUnwritable(RuleBroken):
    text = N_("{file} cannot be written: {why}.")


class NoPrinter(RuleBroken):
    text = N_("This computer has no printing program. Save the receipt to a file instead.")


class PrinterFailed(RuleBroken):
    text = N_("The printer {printer} did not take it: {why}")


class TargetTaken(BadInput):
    text = N_("{file} may be a file of the shop itself. Name another one.")


class ModemHeld(RuleBroken):
    text = N_("Another crm-tui already serves this shop's modem: {holder}. Close that one first.")


class ClockWentBack(RuleBroken):
    text = N_(
        "The computer's clock went back (it showed {seen} before). Set it right; until then nothing "
        "expires. If it is right now, start once with: crm-tui gateway --trust-clock"
    )


class Unexpected(RuleBroken):
    text = N_("Something went wrong in the worker; it begins anew. The details are in crm.log.")


class SimFull(RuleBroken):
    text = N_("The SIM card is full and its messages cannot be taken off: {used} of {capacity}.")


class ImportProblem(BadInput):
    """A file that cannot be imported; nothing of it was."""


class ImportRunning(RuleBroken):
    text = N_("Another import is under way in this shop. Wait until it is done.")


class ImportRepeated(BadInput):
    text = N_(
        "{file} was imported on {at} already. The same book twice would count everything twice."
    )


class ImportLost(RuleBroken):
    text = N_("The import of {file} was cut off, and what was left of it is gone. Import it again.")


class Cancelled(RuleBroken):
    text = N_("Called off. Nothing was changed.")


class FileMissing(ImportProblem):
    text = N_("There is no file {file}.")


class FileUnreadable(ImportProblem):
    text = N_("{file} cannot be opened: {why}.")


class FileEmpty(ImportProblem):
    text = N_("{file} is empty. The first line names the columns: {columns}.")


class FileNotText(ImportProblem):
    text = N_("{file} is neither CSV nor XLSX. Save it as CSV (UTF-8) or as an Excel workbook.")


class FileWrongEncoding(ImportProblem):
    text = N_("{file} is not in UTF-8: line {line} cannot be read. Save it as CSV (UTF-8).")


class ColumnsMissing(ImportProblem):
    text = N_("{file} lacks the columns {columns}. The first line must name them.")


class RowsRefused(ImportProblem):
    """`rows` lists (line, Problem)."""

    text = N_("{file}: {count} lines cannot be taken, so nothing was imported.")


class RowQuote(BadInput):
    text = N_("a quotation mark that is not closed")


class RowTooLong(BadInput):
    text = N_("more cells than columns: a number with a comma, perhaps, or a quote missing")


class RowCodeMissing(BadInput):
    text = N_("the code is missing")


class RowNameMissing(BadInput):
    text = N_("the name is missing")


class RowCodeBad(BadInput):
    text = N_("{value} is no code: it needs a letter or digit, and at most {most} characters")


class RowNumberMissing(BadInput):
    text = N_("{column} is missing")


class RowNumberBad(BadInput):
    text = N_("{column} is {value}, but must be a whole number from 0 to {most}")


class RowCodeTwice(BadInput):
    text = N_("code {code} already stands in line {line}")


class RowCodeAlike(BadInput):
    text = N_("code {code} cannot be told from {other} when typed without dashes")


class RowPhoneMissing(BadInput):
    text = N_("the number is missing")


class RowPhoneBad(BadInput):
    text = N_("{value} is no telephone number")


class RowPhoneTwice(BadInput):
    text = N_("number {phone} already stands in line {line}")


class RowPhonesOfTwo(BadInput):
    text = N_("the numbers belong to two customers: {names}")


class RowTextLong(BadInput):
    text = N_("{column} is longer than {most} characters")


class RowConsentBad(BadInput):
    text = N_("{column} is {value}, but must be ya or tidak")


class RowDateMissing(BadInput):
    text = N_("the date is missing")


class RowDateBad(BadInput):
    text = N_("{value} is no day of the past; write it as 2026-12-31 or 31/12/2026")


class RowTotalMissing(BadInput):
    text = N_("neither a total nor a price with a quantity is there")
