"""A line of a modem's answer, taken apart (27.007 § 4.1)."""

import re


def fields(line: str) -> list[str]:
    """The comma-separated fields behind the colon of a line, without their quotes."""
    _, _, rest = line.partition(":")
    return [field.strip().strip('"') for field in re.findall(r'"[^"]*"|\([^)]*\)|[^,]+', rest)]
