"""The head office: reports over all branches, and of each."""
