"""The workshop of content staff: finds out at once whether what they wrote is right, without training."""
