"""Mutants: small mistakes in rules, and whether cases and laws notice them."""
