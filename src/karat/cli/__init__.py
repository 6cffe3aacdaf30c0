"""The command line: the same services as the API, for whoever owns the data folder."""
