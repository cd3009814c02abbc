"""HTTP: the publication, a SPARQL endpoint that cannot be knocked over, and the canned questions."""
