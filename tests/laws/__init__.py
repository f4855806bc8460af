"""What holds of every decision, whatever the pool."""
