"""How good a bundle is, measured on scenes of recordings that it was not trained on."""
