"""Pictures and timelines as SVG, from facts. The caller passes in names, addresses and words.

`facts` reads the quads that a drawing is made from. `picture` draws who is tied to what: `relations` finds the facts
that tie nodes to each other, `ties` makes lines of them and orders the nodes, `grid` and `layout` place boxes, lines
and labels, `lettering` breaks names into lines. `timeline` draws what has a date. Other rooms use `facts`, `picture`
and `timeline`.
"""
