"""What `digitizer init` copies into a new home: links to the repository's own home."""
