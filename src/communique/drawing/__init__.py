"""Pictures and timelines: facts in, SVG out. Names, addresses and words are handed in.

`facts` reads the quads that a drawing is made from. `picture` draws who is tied to what: `relations` says which facts
tie which nodes, `ties` puts them in order, `grid` and `layout` give them places, `lettering` breaks their names into
lines. `timeline` draws what has a date. Other rooms come in by `facts`, `picture` and `timeline` only.
"""
