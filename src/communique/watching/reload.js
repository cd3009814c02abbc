// Loads the page again when the publication has changed. Only while it is watched: no published page has this.
(() => {
  const address = new URL(document.currentScript.src);
  const events = address.pathname.replace(/[^/]*$/, "events") + address.search;
  let stream = null;

  const listen = () => {
    if (document.hidden) {
      stream?.close(); // a browser keeps six connections to a server, for all its tabs
      stream = null;
    } else if (!stream) {
      stream = new EventSource(events);
      stream.onmessage = () => location.reload();
    }
  };

  document.addEventListener("visibilitychange", listen);
  listen();
})();
