"""The only room that speaks SQL: SQLite for one machine, PostgreSQL for a company, the same tables on both.

`schema` declares the tables, `migrations/` brings any database there, `engine` opens one and hands out transactions;
one module per aggregate turns rows into core records. Nothing here decides: what may change, and when, stands in `usecases/`.
"""
