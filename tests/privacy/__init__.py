"""Tests of privacy/: what points to a person is removed, and nothing else."""
