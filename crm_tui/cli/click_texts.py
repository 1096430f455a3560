"""What click itself says, marked here for the catalogues: click asks Python's gettext for it."""

from crm_tui.errors import N_

TEXTS = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Error: {message}"),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("Try '{command} {option}' for help."),
    N_("No such command {name!r}."),
    N_("Show this message and exit."),
    N_("Show the version and exit."),
    N_("{value!r} is not a valid {number_type}."),
    N_("Invalid value for {param_hint}: {message}"),
    N_("required"),
    N_("Missing command."),
    N_("Got unexpected extra argument ({args})"),
    N_("Got unexpected extra arguments ({args})"),
    N_("Did you mean {possibility}?"),
    N_("(Did you mean one of: {possibilities}?)"),
    N_("{value!r} is not {choice}."),
    N_("{value!r} is not one of {choices}."),
    N_("Option {name!r} requires an argument."),
    N_("No such option {name!r}."),
    N_("{value} is not in the range {range}."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is a file."),
    N_("Aborted!"),
)
