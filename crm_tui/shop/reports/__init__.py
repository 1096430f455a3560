"""Reports: each declares its columns once, for the screen, text, CSV, JSON and workbooks."""
