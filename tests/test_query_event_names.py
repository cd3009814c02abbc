"""The name of an event in a row is the one that this release gives it; without one there is no row."""

import pyoxigraph as ox

from communique.query.ask import run
from communique.query.catalogue import Catalogue
from communique.store.embedded import open_embedded

BASE = "https://news.example/id/"
TRIG = """
PREFIX fabio: <http://purl.org/spar/fabio/>
PREFIX schema: <http://schema.org/>
BASE <https://news.example/id/>
<graph/one> { <release/one> a fabio:PressRelease . <event/fair> a schema:Event ; schema:location <place/hall> ;
  schema:startDate "2020" ; schema:name "Fair" .
  <event/silent> a schema:Event ; schema:location <place/hall> ; schema:startDate "2020" }
<graph/one/inferred> { <event/fair> schema:name "A concluded name" }
<graph/two> { <release/two> a fabio:PressRelease . <event/fair> a schema:Event ; schema:location <place/hall> ;
  schema:startDate "2020" ; schema:name "Another Name" . <event/silent> schema:name "Named Elsewhere" }
"""


def test_an_event_has_the_name_of_its_release_and_a_stated_one_before_a_concluded_one() -> None:
    store = open_embedded()
    store.extend(ox.parse(TRIG, format=ox.RdfFormat.TRIG))
    rows = run(dict(Catalogue()), "events-by-place", {}, store, base=BASE).to_dicts()
    names = [(str(row["release"]).rpartition("/")[2], str(row["name"])) for row in rows]
    assert names == [("one", "Fair"), ("two", "Another Name")]
