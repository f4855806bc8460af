"""Aiming: applications brought to wanted results by small changes, and made as small as they can be."""
