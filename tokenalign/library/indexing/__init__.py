"""From folders to the catalogue and the segments: what is new is hashed, decoded, encoded and
committed, by one writer at a time.
"""
