"""How good answers are: retrieval, order, grounding, and how sure the figures are.

Pure NumPy. Functions that return one value a query, group or clip leave the mean to the caller,
so that `bootstrap.interval` can resample them.
"""
