"""The out-edge: what leaves, in the forms that others read."""
