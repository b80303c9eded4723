"""What is wrong with the content, found in seconds: one small module for each kind of check."""
