"""The Danish pool of 2022 and 2023 for digital competences in health care, as a plugin of grantrules."""
