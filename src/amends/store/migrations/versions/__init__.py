"""One module a change, in order; what a released one says is never edited, since databases were built by it."""
