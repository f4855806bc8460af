"""The pool `pool_id`, as a plugin of grantrules."""
