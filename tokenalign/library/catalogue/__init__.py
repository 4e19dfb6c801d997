"""The SQLite database, the only commit point: its tables, how older ones are brought up to date,
and what it knows of files, contents and vectors.
"""
