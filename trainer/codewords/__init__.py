"""What the codewords of an MGA-CLAP bundle mean: the phrases near them, the clips they sound in."""
