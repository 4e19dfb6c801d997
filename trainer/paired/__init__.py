"""Training on captioned clips: two published encoders, brought together pair by pair."""
