"""What a user would otherwise have: readers to compare with, each from a message to fact mentions."""
