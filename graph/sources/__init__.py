"""One module per origin of records."""
