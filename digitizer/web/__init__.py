"""The desk in the browser: search, read and review charts, and see that all is well.

Server-rendered pages; htmx swaps fragments. Nothing comes from another host, no patient text stands
in an address, and a page that shows a chart is never cached.

A screen is a module in `screens/` with a `router`, named in `app.SCREENS`, and its templates. Each
route says with `needs(…)` which permission it takes, or with `PUBLIC` that it takes none; a route
that says nothing does not start. What a screen does it asks of `digitizer.operations`.
"""
