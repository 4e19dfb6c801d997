"""A person's files, before anything is known of their sound: which there are, how the catalogue
names their paths, and what tells that one has changed.
"""
