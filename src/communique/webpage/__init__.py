"""Web pages of anybody: their JSON-LD read with positions and checked, and ours put into them."""
