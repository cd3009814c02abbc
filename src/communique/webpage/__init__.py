"""Any web page, ours or not: reads its JSON-LD with positions, checks it, and embeds ours."""
