"""Published updates, from wherever they were published: one module for each kind of source, one record for all of them.

Every reader is a generator over something that is open already, and gives an `Update` or a `Problem` at a time: what cannot
be used is a value that is shown, and the rest is read. `sources.open_source` tells by the content which reader is meant.
"""
