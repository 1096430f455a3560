"""What the program does not load."""

import subprocess
import sys

import pytest

_LOOK = """
import sys
from crm_tui import memory
memory.begin()
from crm_tui import app, gateway, store
from crm_tui.screens.shell import loading
loading.load_screens()
heavy = {"_ssl", "_hashlib", "openpyxl", "tabulate", "wcwidth", "babel", "sqlite3", "dateutil"}
heavy &= set(sys.modules)
assert not heavy, heavy
import hashlib, hmac, ssl
assert hmac.new(b"k", b"m", "sha256").digest() and hashlib.sha256(b"x").digest()
assert ssl.OPENSSL_VERSION
"""


def test_the_screens_load_no_more_than_they_need() -> None:
    """Neither OpenSSL nor what writes reports; both are there for whoever asks for them later."""
    ended = subprocess.run([sys.executable, "-c", _LOOK], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


_CHAIN = """
import sys
from crm_tui.cli import chain
chain.memory.begin(asyncio=False)
from crm_tui.replication import down, line, rounds
line.driver()
heavy = {"asyncio", "ssl", "_hashlib", "sqlite3", "dateutil", "rapidfuzz", "phonenumbers",
         "crm_tui.reading.index", "textual"} & set(sys.modules)
assert not heavy, heavy
import asyncio, ssl
assert asyncio.run(asyncio.sleep(0, 1)) == 1 and ssl.OPENSSL_VERSION
"""


def test_the_chains_process_loads_no_more_than_it_needs() -> None:
    """Neither reading nor what the driver loads for others; it is there for whoever asks later."""
    pytest.importorskip("psycopg")
    ended = subprocess.run([sys.executable, "-c", _CHAIN], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
