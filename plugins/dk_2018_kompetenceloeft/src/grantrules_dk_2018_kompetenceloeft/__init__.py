"""The Danish pool of 2018 for digital competences of health professionals, as a plugin of grantrules."""
