// The engine as the page sees it: what has to be loaded, once and asked for; a worker that answers; a limit of time.

export class Failed extends Error {
  constructor(key, more = {}) {
    super(key);
    Object.assign(this, { key, more });
  }
}

export class Engine {
  /** `files` are the addresses and sizes told by the page; `seconds` is the limit for one question. */
  constructor({ files, seconds }) {
    Object.assign(this, { files, seconds, worker: null, waiting: null, loaded: null });
  }

  /** The answer to a message; `progress` is told how many bytes have come. Throws `Failed`. */
  async ask(message, progress) {
    this.cancelled = new AbortController();
    try {
      this.loaded ??= await this.load(progress);
      this.cancelled.signal.throwIfAborted();
      if (!this.worker) await this.start();
      return await this.send(message, this.seconds);
    } catch (error) {
      if (this.cancelled.signal.aborted) throw new Failed("cancelled");
      throw error;
    }
  }

  cancel() {
    this.cancelled?.abort();
    this.stop("cancelled");
  }

  async load(progress) {
    let done = 0;
    const came = bytes => progress((done += bytes));
    const { signal } = this.cancelled;
    const read = answer => whole(answer.body.getReader(), came);
    const [program, data] = await Promise.all(["program", "data"].map(key => load(this.files[key].href, read, signal)));
    return { program: await WebAssembly.compile(program), data };
  }

  async start() {
    this.worker = new Worker(this.files.worker.href);
    this.worker.onmessage = ({ data }) => this.settle(data);
    this.worker.onerror = event => {
      event.preventDefault();
      this.stop("broken");
    };
    await this.send({ kind: "load", ...this.loaded, format: "trig" });
  }

  send(message, seconds) {
    return new Promise((resolve, reject) => {
      const timer = seconds && setTimeout(() => this.stop("too_long", { n: seconds }), seconds * 1000);
      this.waiting = { resolve, reject, timer };
      this.worker.postMessage(message);
    });
  }

  settle({ answer, failed }) {
    if (failed?.broken) {
      this.stop("broken");
      return;
    }
    const { resolve, reject, timer } = this.waiting;
    clearTimeout(timer);
    this.waiting = null;
    if (failed) reject(new Failed(failed.wrong ? "wrong" : "refused", failed));
    else resolve(answer);
  }

  /** End the worker: the next question starts a new one, from what is loaded already. */
  stop(key, more) {
    this.worker?.terminate();
    this.worker = null;
    if (!this.waiting) return;
    clearTimeout(this.waiting.timer);
    this.waiting.reject(new Failed(key, more));
    this.waiting = null;
  }
}

/** What a small file beside the page says. Throws `Failed`. */
export function fetchJson(href) {
  return load(href, answer => answer.json());
}

async function load(href, read, signal) {
  try {
    const answer = await fetch(href, { signal });
    if (!answer.ok) throw new Error(String(answer.status));
    return await read(answer);
  } catch {
    throw new Failed("not_loaded", { file: href.split("/").pop() });
  }
}

async function whole(reader, came) {
  const parts = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    parts.push(value);
    came(value.length);
  }
}
