"""`python -m crm_tui.shop.backups.process STORE`: what is due of backups, as a process of its own.

Copying, adding up and rehearsing take some megabytes and more modules; a counter, which goes on all
day, would keep a part of them. It gives way to the till and the modem, and ends by itself.
"""

import logging
import os
import signal
import sys
from pathlib import Path

log = logging.getLogger(__name__)


def main(path: Path) -> int:
    """0 if it was done, or is for another time; 1 if it failed, which the log tells."""
    from crm_tui import memory

    memory.begin(asyncio=False)
    from crm_tui.clock import SystemClock
    from crm_tui.errors import Problem
    from crm_tui.shop.backups import schedule
    from crm_tui.shop.backups.errors import BackupRunning, ImportUnfinished
    from crm_tui.shop.gate.context import GATEWAY, Context
    from crm_tui.shop_log import ShopLog
    from crm_tui.store import Store

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if hasattr(os, "nice"):
        os.nice(10)
    os.umask(0o077)
    logging.getLogger().addHandler(ShopLog(path.with_name("crm.log")))
    logging.getLogger().setLevel(logging.INFO)
    try:
        store = Store(path)
        try:
            with store.told():
                reason = schedule.tend(Context(store, SystemClock(), GATEWAY))
        finally:
            store.close()
    except (BackupRunning, ImportUnfinished):
        return 0
    except Problem as problem:
        log.warning("backup: %s", problem)
        return 1
    except Exception:
        log.exception("keeping backups failed")
        return 1
    if reason:
        log.info("backup made (%s)", reason)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
