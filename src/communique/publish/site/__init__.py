"""The pages of a publication, in three layers; each layer imports only from those below it.

*Content*, before it is placed on a page: ``scene`` (the facts of a graph with their passages), ``edition`` (the text of
a release), ``speech`` (what was said), facts as ``rows`` and ``articles`` in ``sections``, ``drawings``, and
``portrait`` (what all releases say of an entity). ``cards`` and ``texts`` hold what the page of a release saves for
other pages.

*What all pages share*: templates, URLs and security policy (``pages``), programs for the browser (``browser``,
``vendored``), labels of ``columns``, ``recipes`` for stores.

*The pages*: of a release, an entity, a question, the vocabulary, the indexes of folders, and the ``newsroom`` as a
whole. ``wordcheck`` imports all of them: before a build it reports which words are missing.
"""
