"""Codes: what the code system knows, what terms mean in it, and what a chart suggests."""
