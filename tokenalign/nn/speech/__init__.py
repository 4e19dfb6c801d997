"""Text-aligned speech: a speech encoder, what it says of each token, and the units it makes.

After L.-H. Tseng et al., "TASTE: Text-Aligned Speech Tokenization and Embedding for Spoken
Language Modeling" (arXiv 2504.07053). Shapes: B batch, T mel frames, F mel bands, M frames of the
encoder, L rows of text (tokens and the gaps between words), H heads, U units, C and D widths.
"""
