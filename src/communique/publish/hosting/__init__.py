"""Rules that make a static web host answer as linked data."""
