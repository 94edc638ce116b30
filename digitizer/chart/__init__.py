"""The nouns: frozen values that every other package speaks in, and the protocols stages are given.

Standard library only. Spans are half-open. Boxes are in pixels of the *upright* page image with
the origin at the top left, unless a name says otherwise. A layer of a page or document is `None`
until a stage adds it: "not yet looked" is not "looked, nothing there" (`()`).
"""
