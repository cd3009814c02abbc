"""The publication about itself, for machines: catalogue, numbers, examples, lists for crawlers."""
