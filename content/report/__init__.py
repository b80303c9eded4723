"""The content as a page to look at, and what a change of it changes."""
