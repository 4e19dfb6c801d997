"""MGA-CLAP (Li et al., ACM MM 2024): one codebook that sounds and words are both made of."""
