"""The screens of the desk, one module each; see `digitizer.web`."""
