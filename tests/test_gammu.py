"""A program that nobody here wrote, Debian's gammu, finds a modem where our simulator is."""

import subprocess
from pathlib import Path

from crm_tui.gsm.notices import is_flash
from crm_tui.gsm.text import join, segments
from tests.peers import Simulator, need, simulator

LONG = "Bagian demi bagian, sampai tiga. " * 12


def _gammu(folder: Path, port: Path, *words: str, given: str = "") -> str:
    config = folder / "gammurc"
    config.write_text(f"[gammu]\ndevice = {port}\nconnection = at115200\n", "utf-8")
    done = subprocess.run(
        [need("gammu"), "-c", str(config), *words],
        input=given, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _inject(modem: Simulator) -> None:
    modem.do("inject", **{"from": "+6281234567890", "text": "PESAN AB-1 2"})
    modem.do("inject", **{"from": "+6281234567891", "text": LONG})
    modem.do("inject", **{"from": "TELKOMSEL", "text": "Pulsa Anda €5 {promo} 😀"})


def test_identifies(tmp_path: Path) -> None:
    """gammu identifies the modem."""
    need("gammu")
    with simulator(tmp_path) as modem:
        told = _gammu(tmp_path, modem.port, "identify")
    assert "crm-tui" in told
    assert "490154203237518" in told


def test_reads_and_deletes(tmp_path: Path) -> None:
    """gammu reads three SMS, one of them in three parts, and takes them off the SIM."""
    need("gammu")
    with simulator(tmp_path) as modem:
        _inject(modem)
        told = _gammu(tmp_path, modem.port, "getallsms")
        assert "PESAN AB-1 2" in told
        assert "+6281234567890" in told
        assert "TELKOMSEL" in told
        assert "😀" in told
        assert "Bagian demi bagian" in told
        assert len(modem.do("sim")) == 5
        _gammu(tmp_path, modem.port, "deleteallsms", "1")
        _gammu(tmp_path, modem.port, "deleteallsms", "3")
        assert modem.do("sim") == []


def test_sends(tmp_path: Path) -> None:
    """gammu sends through it, in one part and in three."""
    need("gammu")
    with simulator(tmp_path) as modem:
        _gammu(
            tmp_path, modem.port, "sendsms", "TEXT", "+6281234567890", "-text", "Halo dari gammu"
        )
        _gammu(
            tmp_path, modem.port, "sendsms", "TEXT", "+6281234567890", "-len", "400", "-text", LONG
        )
        sent = modem.do("sent")
    assert [entry["text"] for entry in sent] == ["Halo dari gammu", LONG]
    assert sent[1]["parts"] == 3


def test_reads_what_we_encode(tmp_path: Path) -> None:
    """What our encoder makes of any alphabet, in one part or several, gammu reads letter by letter."""
    need("gammu")
    texts = [
        "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ", "{}[]~|^€\\ " * 3, "ä" * 160, "日本語 бюро", "a€" * 90,
        "Kampas rem 😀 " * 12, "x" * 153 + "€" + "y" * 200,
    ]  # fmt: skip
    with simulator(tmp_path) as modem:
        for text in texts:
            modem.do("inject", **{"from": "+6281234567890", "text": text})
        told = _gammu(tmp_path, modem.port, "getallsms")
    # It says the parts of long texts one by one.
    parts = [part for text in texts for part in (join([each]) for each in segments(text))]
    assert [part for part in parts if part.strip() not in told] == []


def test_we_read_what_it_encodes(tmp_path: Path) -> None:
    """What gammu encodes, in the default alphabet, its extension and UCS-2, and as flash, we read."""
    need("gammu")
    texts = ["Halo {1} [2] ~ | € ^", "日本語 😀", "z" * 161]
    with simulator(tmp_path) as modem:
        for text in texts:
            more = ["-unicode"] if not text.isascii() and "€" not in text else []
            _gammu(
                tmp_path, modem.port, "sendsms", "TEXT", "+6281234567890", "-len", "400", *more,
                "-text", text,
            )  # fmt: skip
        _gammu(tmp_path, modem.port, "sendsms", "TEXT", "+6281234567890", "-flash", "-text", "Awas")
        sent = [entry["text"] for entry in modem.do("sent")]
        flash = bytes.fromhex(modem.do("segments")[-1]["pdu"])
    assert sent == [*texts, "Awas"]
    # The coding scheme: behind the service centre, first octet, reference, address of 13 digits and
    # protocol identifier.
    assert is_flash(flash[1 + flash[0] + 2 + 2 + 7 + 1])
