"""Which windows may answer a query, told without reading their frames; in memory, and as a cache
on disk.
"""
