"""Measurements of speed and size: each figure beside that of a peer, taken in the same run.

``measurements`` has a module for each row of the table; ``children`` are the peers, run as
processes; `workplace` makes what rows share, among it a large library (`mixing`,
`mixed_library`) and what a search of it should find (`exhaustive`).
"""
