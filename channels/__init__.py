"""The ways in: each channel takes messages from its platform and draws the assistant's answers there."""
