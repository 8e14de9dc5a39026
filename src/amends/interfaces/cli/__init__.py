"""The command line: one thin face over the use cases. `check` starts without click; the other commands load lazily."""
