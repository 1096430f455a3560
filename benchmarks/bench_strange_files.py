"""Files that were made to hurt: how much of the processor it takes to refuse each, and what memory.

Within a second and 200 MB is wanted, in a process of its own that has the program loaded.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests import strange_files

SECONDS, MEGABYTES = 1.0, 200

_READ = """
import resource, sys, time
from pathlib import Path
from crm_tui.errors import Problem
from crm_tui.shop.imports import files, text_files, workbooks
began = time.process_time()
told = "READ"
try:
    file = Path(sys.argv[1])
    source = files.opened(file, files.look(file))
    for sheet in source.sheets:
        for _ in source.rows(sheet):
            pass
except Problem as problem:
    told = problem.id
took = time.process_time() - began
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, told)
"""


def main() -> int:
    bad = 0
    with tempfile.TemporaryDirectory() as made:
        for name in strange_files.NAMES:
            file = strange_files.make(name, Path(made))
            words = [sys.executable, "-c", _READ, str(file)]
            ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
            seconds, megabytes, told = ended.stdout.split() or [
                "inf",
                "0",
                f"died {ended.returncode}",
            ]
            good = float(seconds) <= SECONDS and int(megabytes) <= MEGABYTES and told != "READ"
            bad += not good
            print(
                f"{name:28} {float(seconds):6.2f} s {megabytes:>5} MB  {told}{'' if good else '  !'}"
            )
    print(f"{SECONDS:.0f} s and {MEGABYTES} MB wanted for each")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
