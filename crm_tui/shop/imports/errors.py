"""What is wrong with a file."""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput, RuleBroken


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
