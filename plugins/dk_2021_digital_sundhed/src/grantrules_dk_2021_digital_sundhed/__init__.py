"""The Danish pool of 2021 for digital health, as a plugin of grantrules; its call is not at hand."""
