"""Case finding for a cancer registry: which tumors are reportable, and what is said of them."""
