"""Reads code systems out of files of the user's own: what CMS, the AMA or the house publishes.

`archive` opens a file or zip, `recognise` says what each file in it is, and one module a form reads
it. Nothing here believes a file: sizes, depths and counts are bounded, names are only shown.
"""
