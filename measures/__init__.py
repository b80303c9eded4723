"""What is counted while the assistant runs. Labels come from closed sets: no text, no conversation, no person."""
