"""What becomes of applications under other rules."""
