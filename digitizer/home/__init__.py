"""The default home, as links to the repository's own; `digitizer init` copies it."""
