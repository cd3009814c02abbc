"""Descriptions of the publication for machines: catalogue, VoID, query examples, lists for crawlers."""
