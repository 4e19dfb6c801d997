"""What makes a system: encoders are shared, and a matcher holds their captions against clips."""
