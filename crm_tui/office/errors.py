"""What can go wrong at the head office, each as a sentence that says what to do."""

from crm_tui.errors import N_, Problem


class OfficeProblem(Problem):
    """Of the head office: its PostgreSQL, its folder, or what it was asked for."""


class ChainExtraMissing(OfficeProblem):
    text = N_(
        "What a chain of branches needs is not installed here. In the program's folder: make chain."
        ' With pipx: pipx inject crm-tui "psycopg[binary]" cryptography'
    )


class NoOffice(OfficeProblem):
    text = N_(
        "There is no head office in {folder} yet. Set one up with: crm-tui --data {folder} office init"
        " DSN"
    )


class BadDsn(OfficeProblem):
    text = N_(
        "{dsn} does not say where PostgreSQL is ({why}). Write it like this: host=localhost dbname=crm"
        " user=crm_office"
    )


class DatabaseSilent(OfficeProblem):
    text = N_("PostgreSQL does not answer, or lets nobody in: {why}")


class DatabaseReadOnly(OfficeProblem):
    text = N_(
        "PostgreSQL takes nothing in, it is only read: it is a copy that follows another server, or"
        " was set so (default_transaction_read_only). Give crm-tui office init the DSN of the server"
        " that is written to, or set that off."
    )


class DatabaseTooOld(OfficeProblem):
    text = N_("This is PostgreSQL {found}; the head office needs 15 or newer.")


class NotTheOwner(OfficeProblem):
    text = N_(
        "{user} may not set up the head office in this database. As PostgreSQL's administrator say:"
        ' ALTER ROLE "{user}" CREATEROLE; ALTER DATABASE "{database}" OWNER TO "{user}";'
    )


class BadDatabaseName(OfficeProblem):
    text = N_("The database cannot be called {database}: no small letter or digit is in its name.")


class DatabaseRefused(OfficeProblem):
    text = N_("PostgreSQL refused it, and nothing was changed: {why}")


class OfficeUnwritable(OfficeProblem):
    text = N_("{file} cannot be written or read: {why}")


class NoteDamaged(OfficeProblem):
    text = N_(
        "{file} is damaged. Set the head office up once more, with the database that it had; all that"
        " is in it stays: crm-tui office init DSN"
    )


class EnrolmentUnwritten(OfficeProblem):
    text = N_(
        "{file} cannot be written: {why}. Branch {name} is there; make its enrolment elsewhere:"
        " crm-tui office epoch {branch} -o FILE"
    )


class BadBranchName(OfficeProblem):
    text = N_("A branch needs a name of 1 to {most} characters, on one line.")


class BranchThere(OfficeProblem):
    text = N_("There is a branch {name} already. Take another name.")


class BranchUnknown(OfficeProblem):
    text = N_("There is no branch {name}. See which there are with: crm-tui office branch list")


class BranchIsClosed(OfficeProblem):
    text = N_(
        "Branch {name} is closed, for good. If its shop is to go on as a new branch: crm-tui office"
        ' branch add NEWNAME --forked-from "{name}" -o FILE, and there crm-tui chain leave, then'
        " crm-tui chain enrol FILE"
    )
