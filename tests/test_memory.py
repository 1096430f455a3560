"""What the program does not load."""

import subprocess
import sys

_LOOK = """
import sys
from crm_tui import memory
memory.begin()
from crm_tui import app, gateway, store
from crm_tui.screens.shell import loading
loading.load_screens()
heavy = {"_ssl", "_hashlib", "openpyxl", "tabulate", "wcwidth", "babel"} & set(sys.modules)
assert not heavy, heavy
import hashlib, hmac, ssl
assert hmac.new(b"k", b"m", "sha256").digest() and hashlib.sha256(b"x").digest()
assert ssl.OPENSSL_VERSION
"""


def test_the_screens_load_no_more_than_they_need() -> None:
    """Neither OpenSSL nor what writes reports; both are there for whoever asks for them later."""
    ended = subprocess.run([sys.executable, "-c", _LOOK], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
