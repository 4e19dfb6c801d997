"""The timeline: where each phrase sounds, over the waveform, on one time axis."""
