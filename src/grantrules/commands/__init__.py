"""The commands for people who change rules, each a module of its own that adds itself to the command line."""
