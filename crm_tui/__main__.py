"""`python -m crm_tui` is `crm-tui`."""

from crm_tui.cli import main

main()
