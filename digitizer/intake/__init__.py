"""The in-edge: notices files in the inbox, waits until they are whole, and takes them safely.

Names are bytes relative to the inbox, because a file's name need not be text.
"""
