"""What the views show: Qt models and frozen rows over the library's answers."""
