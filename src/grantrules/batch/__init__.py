"""Many applications at once, from files to files, in bounded memory. Needs Polars: `grantrules[columns]`."""
