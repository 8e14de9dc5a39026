"""What a user can do with Amends, one module per capability; the only layer that interfaces call."""
