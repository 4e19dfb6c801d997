"""The comparison: systems at equal data, encoders and budget, and what each part is worth."""
