"""Finding pages: what a person types, what it means, and the index that answers.

    query.parse ──► ladder.rungs ──► a backend (whoosh, tantivy, testing.memory_search) ──► answer
    what is typed    what to ask      which pages                                     best first

`meaning` says what a query means at each rung of the ladder, as a `plan`: all that a backend is
asked. `note` says what was made of a query.

`words` and `fields` say what a page is found by; every backend indexes exactly that, so all of
them agree. `generations` keeps what lies on disk whole; of one commit, `snapshot` opens its
segments, `segment` and `columns` are one of them, `stack` all of them end to end; `evaluate`
carries out a plan on one, `answering` a request on all, and `facets` counts what it found. Of
Whoosh know only `whoosh`, `schema`, `codec`, `commit`, `merge`, `snapshot`, `segment`, `columns`
and `spellings`.
"""
