"""An example extension of grantrules: an invented duty for all Danish pools and an invented formal rule for one."""
