"""Tests of the guideline store and the decision engine."""
