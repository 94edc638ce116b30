"""The work folder of one file, and bounded child processes for reading hostile bytes."""
