"""Files of others: read, checked, laid aside, merged."""
