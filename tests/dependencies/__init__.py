"""What the assistant is made of, and what is known against it: the list of its parts (SBOM), the audit of them."""
