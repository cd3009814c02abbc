"""What builds keep for the next one, sealed, in a hidden folder beside the data: only what changed is made again.

`sealed` is the folder. `releases`, `entities`, `segments`, `store` and `answers` say what of each is still true, from
the look-ups noted in `texts`; `dependencies` and `unchanged`, what all rests on, and whether anything differs at all.
"""
