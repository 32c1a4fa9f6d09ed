"""Reports on what the shop sold."""
