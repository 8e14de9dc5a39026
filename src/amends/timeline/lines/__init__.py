"""Log lines by the million: times, levels and kinds of lines are learnt from few lines and read from all at once.

Work is done on blocks of bytes with numpy, never line by line: a time that was understood once, with each field at its place,
is a template, and every line that is written alike is read by one multiplication.
"""
