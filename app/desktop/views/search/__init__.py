"""The search bar: a caption with its understood phrases, filters, history and saved searches."""
