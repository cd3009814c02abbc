"""Server rules with which a static web host serves linked data."""
