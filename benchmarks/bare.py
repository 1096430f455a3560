"""The floor of bench_gateway: a script that writes the commands of one exchange, and thinks nothing.

    python -m benchmarks.bare PORT ANSWER LENGTH [FILE]

ANSWER is a PDU with <sender> where the recipient stands. It sends the PDUs of FILE, if there is one
(one a line), answers what lies on the SIM, and then reads what is announced, takes it off the SIM, and
sends the answer to whoever wrote.
"""

import os
import re
import select
import sys
from pathlib import Path

_OK = b"\r\nOK\r\n"


class Script:
    """One line, one command after the other."""

    def __init__(self, port: str, answer: str, length: int) -> None:
        self._fd = os.open(port, os.O_RDWR | os.O_NOCTTY)
        self._answer = answer
        self._length = length
        self._buffer = b""
        self._announced: list[str] = []

    def _until(self, end: bytes) -> str:
        while True:
            at = self._buffer.find(end)
            if at >= 0:
                heard = self._buffer[: at + len(end)]
                self._buffer = self._buffer[at + len(end) :]
                text = heard.decode()
                self._announced += re.findall(r'\+(?:CMTI|CDSI): "SM",(\d+)', text)
                return text
            select.select([self._fd], [], [])
            self._buffer += os.read(self._fd, 4096)

    def _say(self, text: str, end: bytes) -> str:
        os.write(self._fd, text.encode())
        return self._until(end)

    def run(self, queued: list[str]) -> None:
        ok = _OK
        for command in ("ATE0", "AT+CMEE=1", "AT+CMGF=0", 'AT+CPMS="SM","SM","SM"'):
            self._say(command + "\r", ok)
        self._say("AT+CNMI=2,1,0,2,0\r", ok)
        for pdu in queued:
            self._say(f"AT+CMGS={len(pdu) // 2 - 1 - int(pdu[:2], 16)}\r", b"> ")
            self._say(pdu + "\x1a", ok)
        listed = self._say("AT+CMGL=4\r", ok)
        for index, pdu in re.findall(r"\+CMGL: (\d+),.*\r\n([0-9A-F]{20,})\r", listed):
            self._say(f"AT+CMGD={index}\r", ok)
            self._answer_to(pdu)
        while True:
            while not self._announced:
                self._until(b"\r\n")
            index = self._announced.pop(0)
            read = self._say(f"AT+CMGR={index}\r", ok)
            self._say(f"AT+CMGD={index}\r", ok)
            found = re.search(r"\n([0-9A-F]{20,})\r", read)
            if found is None:
                continue
            self._answer_to(found[1])

    def _answer_to(self, pdu: str) -> None:
        at = 2 * int(pdu[:2], 16) + 2
        # A report needs no answer; a message gets it, to its sender.
        if int(pdu[at : at + 2], 16) & 0b11 == 0:
            digits = int(pdu[at + 2 : at + 4], 16)
            sender = pdu[at + 2 : at + 6 + 2 * ((digits + 1) // 2)]
            self._say(f"AT+CMGS={self._length}\r", b"> ")
            self._say(self._answer.replace("<sender>", sender) + "\x1a", _OK)


if __name__ == "__main__":
    lines = Path(sys.argv[4]).read_text("ascii").split() if len(sys.argv) > 4 else []
    Script(sys.argv[1], sys.argv[2], int(sys.argv[3])).run(lines)
