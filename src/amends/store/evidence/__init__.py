"""What was read of evidence: Parquet parts of entries, a record of each unit of work, and DuckDB to ask them.

Everything in the folder can be made again from the sources; it is kept so that an interrupted run goes on, and a second one is quick.
"""
