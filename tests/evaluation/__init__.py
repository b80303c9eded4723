"""The benchmark: labeled messages, a simulated clinician, and the figures that the README shows."""
