"""The desktop window: views over models, and one door to the threads that do the work."""
