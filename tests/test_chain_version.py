"""What branches and offices agree on changes only together with its number."""

import json
import re
from hashlib import blake2b

from crm_tui.office import schema
from crm_tui.shipped import LEDGERS, VERSION, VERSIONS

PINNED = {
    1: "e88fdeb0888227ce",
    2: "9fb63b97b9f0e779",
    3: "3a24c6736d4d6394",
    4: "a31bcde6788275ba",
    # A branch that is told that it closes spends no more points.
    5: "a31bcde6788275ba",
}
"""By `VERSION`: the mark of all that is shipped, and of the functions that a branch calls."""

_SIGNATURE = re.compile(
    r"CREATE OR REPLACE FUNCTION crm\.(\w+)\((.*?)\)\s*RETURNS (.*?)\s*LANGUAGE", re.S
)


def agreed() -> str:
    """A mark of tables, columns, keys, numbers and signatures."""
    called = {each.split("(")[0] for each in schema._FUNCTIONS}
    texts = schema.protocol() + schema.routing()
    signatures = sorted(
        " ".join(" ".join(found.groups()).split())
        for found in _SIGNATURE.finditer(texts)
        if found[1] in called
    )
    assert len(signatures) == len(called), "every function that a branch calls is found"
    ledgers = [
        [each.table, each.spec, each.key, each.number, each.factor, each.numbered_by]
        for each in LEDGERS
    ]
    versions = [[each.table, each.spec, each.key, each.only] for each in VERSIONS]
    told = json.dumps([ledgers, versions, sorted(schema._FUNCTIONS), signatures])
    return blake2b(told.encode(), digest_size=8).hexdigest()


def test_what_is_agreed_on_changes_with_its_number() -> None:
    """The declaration and the functions are those that were pinned for this `VERSION`."""
    assert PINNED.get(VERSION) == agreed(), (
        "What branches send, or the functions that they call, has changed. New columns stand at the end"
        " of their table's, none is taken out or given another kind; then let"
        " crm_tui.shipped.VERSION grow by one, let OLDEST follow if an older program cannot"
        f" work with it any more, and pin it here: {VERSION + 1}: {agreed()!r}."
    )
    assert max(PINNED) == VERSION
