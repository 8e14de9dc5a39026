"""Finding drift between two tellings: read in clauses, held together, looked at, weighed, chosen, said.

| step | modules |
|---|---|
| read | `clauses` (with `signs`, and the times and figures of the language engine) |
| hold together | `aligning`, by the meaning of words (`vocabulary`) |
| look | `dropping` and `altering` at every clause; `timing`, `counting` and `asserting` by rules; `finding` gathers |
| weigh and choose | `weighing` (the fitted model), `choosing`, `withholding` (what is declared is no drift) |
| say | `saying` |
"""
