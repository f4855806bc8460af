"""The facts of many applications as tables: how they are laid out, and whether given ones keep to it."""
