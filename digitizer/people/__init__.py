"""Passwords, one-time codes, and the limits of a login. Nothing here is stored."""
