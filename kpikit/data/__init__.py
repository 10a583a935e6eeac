"""From files to checked tables."""
