"""The sounds of a library in some order, page by page, and what the person has marked."""
