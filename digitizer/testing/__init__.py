"""Fakes and contract suites that we ship, for our own tests and those of strangers' plug-ins."""
