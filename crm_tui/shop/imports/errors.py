"""What is wrong with a file."""

from typing import TYPE_CHECKING

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput, RuleBroken

if TYPE_CHECKING:
    from crm_tui.shop.imports.questions import Question


class ImportProblem(BadInput):
    """A file that cannot be imported; nothing of it was."""


class ImportRunning(RuleBroken):
    text = N_("Another import is under way in this shop. Wait until it is done.")


class ImportRepeated(BadInput):
    text = N_(
        "{file} was imported on {at} already. The same book twice would count everything twice."
    )


class ImportUnknown(BadInput):
    text = N_("There is no import of sales with the number {number} that could be taken back.")


class ImportBuiltOn(RuleBroken):
    text = N_(
        "{file} cannot be taken back: {count} of its sales were returned or voided since, or given "
        "points."
    )


class ImportLost(RuleBroken):
    text = N_("The import of {file} was cut off, and what was left of it is gone. Import it again.")


class FileMissing(ImportProblem):
    text = N_("There is no file {file}.")


class FileUnreadable(ImportProblem):
    text = N_("{file} cannot be opened: {why}.")


class FileNoFile(ImportProblem):
    text = N_("{file} is a folder, a pipe or a device. Name a file.")


class FileLineEndless(ImportProblem):
    text = N_(
        "{file}: line {line} is longer than a line of a list can be. Open the file in Excel, and save "
        "it as .xlsx."
    )


class FileEmpty(ImportProblem):
    text = N_("{file} is empty.")


class FileNotText(ImportProblem):
    text = N_(
        "{file} is neither CSV nor XLSX. Save it as an Excel workbook (.xlsx) or as CSV (UTF-8)."
    )


class FileWrongEncoding(ImportProblem):
    text = N_(
        "{file} is in an alphabet that is not known: line {line} cannot be read. Save it as CSV "
        "(UTF-8)."
    )


class ColumnsMissing(ImportProblem):
    text = N_("{file} lacks the columns {columns}. One of the first 20 lines must name them.")


class ColumnsUnnamed(ColumnsMissing):
    text = N_(
        "{file} does not tell which column is {columns}. Name the column that has it, or add one in "
        "Excel."
    )


class ItemsWithoutCodes(ColumnsMissing):
    text = N_(
        "{file} has no codes, and items are known by them here. Add a column “Kode” in Excel with a "
        "code of its own for each item (B001, B002, …), or name the column that has them."
    )


class SalesWithoutDays(ColumnsMissing):
    text = N_(
        "{file} tells nowhere when things were sold. Add a column “Tanggal” in Excel with the day of "
        "each sale, or name the column that has it."
    )


class RowsRefused(ImportProblem):
    """`rows` lists (line, Problem)."""

    text = N_("{file}: {count} lines cannot be taken, so nothing was imported.")


class RowProblem(BadInput):
    """What is wrong with a row; `field` is where, if `column` is no parameter."""

    field = ""

    @property
    def value(self) -> str:
        """What stands there, as far as it is known."""
        for name in ("value", "code", "barcode", "phone"):
            if name in self.params:
                return str(self.params[name])
        return ""


class RowQuote(RowProblem):
    text = N_(
        "a quotation mark that is not closed, or stands within a text. Open the file in Excel, and "
        "save it as .xlsx"
    )


class RowTooLong(RowProblem):
    text = N_("more cells than columns: a number with a comma, perhaps, or a quote missing")


class RowOtherHeadings(RowProblem):
    text = N_(
        "another table begins here, with other columns: put it on a sheet of its own, or bring its "
        "columns into the order of the first one"
    )


class RowCodeMissing(RowProblem):
    field = "code"
    text = N_("the code is missing")


class RowNameMissing(RowProblem):
    field = "name"
    text = N_("the name is missing")


class RowCodeBad(RowProblem):
    field = "code"
    text = N_("{value} is no code: it needs a letter or digit, and at most {most} characters")


class RowNumberMissing(RowProblem):
    text = N_("{column} is missing")


class RowNumberBad(RowProblem):
    text = N_("{column} is {value}, but must be a whole number from 0 to {most}")


class RowLetters(RowProblem):
    text = N_(
        "{column} is {value}: a letter stands among the digits, an O for a 0, perhaps. Write digits "
        "there"
    )


class RowMinusBehind(RowProblem):
    text = N_("{column} is {value}: if it is below zero, write the minus in front of it")


class RowCodeTwice(RowProblem):
    field = "code"
    text = N_("code {code} already stands in line {line}")


class RowCodeAlike(RowProblem):
    field = "code"
    text = N_("code {code} cannot be told from {other} when typed without dashes")


class RowPhoneMissing(RowProblem):
    field = "phone"
    text = N_("the number is missing")


class RowPhoneBad(RowProblem):
    field = "phone"
    text = N_("{value} is no telephone number")


class RowPhonesOfTwo(RowProblem):
    field = "phone"
    text = N_("the numbers belong to two customers: {names}")


class RowTextLong(RowProblem):
    text = N_("{column} is longer than {most} characters")


class RowConsentBad(RowProblem):
    text = N_("{column} is {value}, but must be ya or tidak")


class RowDateMissing(RowProblem):
    field = "date"
    text = N_("the date is missing")


class RowDateBad(RowProblem):
    field = "date"
    text = N_("{value} is no day of the past; write it as 2024-12-31 or 31/12/2024")


class RowTotalMissing(RowProblem):
    field = "total"
    text = N_("neither a total nor a price with a quantity is there")


class CellError(RowProblem):
    text = N_("{column} holds an error of the spreadsheet, {value}: put it right there")


class CellDate(RowProblem):
    text = N_(
        "{column}: the spreadsheet made a date of it ({value}). Format the column as text there, and "
        "write it anew"
    )


class CellLogical(RowProblem):
    text = N_(
        "{column}: the spreadsheet made a truth value of it ({value}). Format the column as text "
        "there, and write it anew"
    )


class CellShortened(RowProblem):
    text = N_(
        "{column}: the spreadsheet shortened it to {value}. Format the column as a number without "
        "decimals there, and save the file as .xlsx"
    )


class FileUncalculated(ImportProblem):
    text = N_(
        "{file} holds formulas without their values (line {line}, {column}). Open it in Excel, save it "
        "as .xlsx there, and take that file."
    )


class FileOldExcel(ImportProblem):
    text = N_(
        "{file} is an old Excel file (.xls), or has a password. Open it in Excel, choose “Save as” and "
        "“Excel Workbook (.xlsx)”, without a password, and take that file."
    )


class FileWebPage(ImportProblem):
    text = N_(
        "{file} is a web page with the name of another file. Open it in Excel, choose “Save as” and "
        "“Excel Workbook (.xlsx)”, and take that file."
    )


class FileAddressBook(ImportProblem):
    text = N_(
        "{file} is an address book (.vcf). Take it into Google Contacts, choose “Export” and “Google "
        "CSV” there, and take that file."
    )


class FilePacked(ImportProblem):
    text = N_("{file} is a packed file. Unpack it first (“Extract all”), and take the file in it.")


class FileUnparted(ImportProblem):
    text = N_(
        "Only blanks part the columns of {file}. Open it in Excel, choose “Text to Columns” in the menu"
        " “Data”, save it as “Excel Workbook (.xlsx)”, and take that file."
    )


class FileOtherWorkbook(ImportProblem):
    text = N_(
        "{file} is a workbook of another form. Open it in Excel, choose “Save as” and “Excel Workbook "
        "(.xlsx)”, not “Strict”, and take that file."
    )


class FileTooWide(ImportProblem):
    text = N_("{file} has {count} columns; at most {most} are read. Leave those that are wanted.")


class FileTooLarge(ImportProblem):
    text = N_(
        "{file} would fill too much memory. Save the sheet as CSV (UTF-8), and take that file."
    )


class FileTooLong(ImportProblem):
    text = N_(
        "{file} has more than {most} lines. Delete those in which nothing stands, or take it in parts."
    )


class QuestionsOpen(ImportProblem):
    """`questions` lists them; `rows` (line, Problem) what is wrong besides."""

    text = N_("{file}: {count} questions must be answered first, so nothing was imported.")

    @property
    def questions(self) -> list["Question"]:
        """What is open."""
        asked = self.params["questions"]
        assert isinstance(asked, list)
        return asked


class ColumnUnknown(BadInput):
    text = N_("There is no column “{column}” in the file, or no field {field}.")


class AnswerUnknown(BadInput):
    text = N_("{answer} is no answer to a question of this file.")


class RowBarcodeTwice(RowProblem):
    field = "barcode"
    text = N_("barcode {barcode} already stands in line {line}")


class RowBarcodeTaken(RowProblem):
    field = "barcode"
    text = N_("barcode {barcode} is that of {code} already")
