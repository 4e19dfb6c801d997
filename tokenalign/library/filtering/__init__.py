"""Which sounds meet what is asked of their facts and their words: conditions in SQL."""
