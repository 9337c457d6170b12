"""The coming issue in a browser on this machine, as `publish` would make it now; nothing is logged, nothing written."""
