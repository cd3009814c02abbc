"""The pages of a publication, on three floors, each of which knows only those below it.

*What is shown*, on no page yet: a ``scene`` of facts with their passages, the ``edition`` of a text, what was said
(``speech``), facts as ``rows`` and ``articles`` in ``sections``, ``drawings``, the ``portrait`` of an entity; ``cards``
and ``texts`` are what the page of a release leaves for others.

*What all pages share*: templates, addresses and policy (``pages``), programs for the browser (``browser``,
``vendored``), words of ``columns``, ``recipes`` for stores.

*The pages*: of a release, an entity, a question, the vocabulary, the indexes of folders, and the ``newsroom`` as a
whole. ``wordcheck`` knows all of them: it says before a build which words are missing.
"""
