"""Finding pages: what a person types, what it means, and the index that answers.

    query.parse ──► ladder.rungs ──► a backend (whoosh, tantivy, testing.memory_search) ──► answer
    what is typed    what to ask      which pages                                     best first

`meaning` says what a query means at each rung of the ladder, as a `plan`: all that a backend is
asked. `note` says what was made of a query.

`words` and `fields` say what a page is found by; every backend indexes exactly that, so all of
them agree. `generations` keeps what lies on disk whole; `snapshot`, `segment` and `evaluate`
answer from it. Of Whoosh know only `whoosh`, `schema`, `codec`, `commit`, `merge`, `snapshot`,
`segment` and `spellings`.
"""
