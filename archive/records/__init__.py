"""Records: the TOML sidecars beside a text, each read strictly into values, with all its problems at once."""
