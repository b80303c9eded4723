"""How fast the assistant is, and whether it stays so: `make bench`, `make soak`."""
