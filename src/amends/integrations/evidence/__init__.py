"""Evidence on this machine: from a folder, an archive, a repository or standard input to pieces of bytes that can be cited.

`sources` is the door: `find` gives the members of what people named, `reopen` finds one again by the name in its citation. Nothing is ever
unpacked to a place that an archive names; copies are nameless temporary files.
"""
