"""Tables that are refused, and rows that are reported."""
