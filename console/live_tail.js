// New entries as the server stores them, by its event stream. The browser connects again by itself, and the server goes
// on where it was.

import { tailUrl } from "./api.js";

/**
 * Follows one query at a time. Callbacks: onStart() when the stream runs, onEntry(entry), onDropped(count) for entries
 * that this reader was too slow for, onRefused() when the server does not give a stream (signed out, too many readers).
 */
export class LiveTail {
  #callbacks;
  #source = null;
  #query = null;

  constructor(callbacks) {
    this.#callbacks = callbacks;
  }

  /** False when it follows this query already. */
  follow(query) {
    if (this.#source && this.#query === query) return false;
    this.stop();
    this.#query = query;
    const source = new EventSource(tailUrl(query));
    this.#source = source;
    let isStarted = false;
    source.addEventListener("open", () => {
      if (!isStarted) this.#callbacks.onStart();
      isStarted = true;
    });
    source.addEventListener("entry", (event) => this.#callbacks.onEntry(JSON.parse(event.data)));
    source.addEventListener("dropped", (event) => this.#callbacks.onDropped(JSON.parse(event.data).dropped));
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      this.stop();
      this.#callbacks.onRefused();
    });
    return true;
  }

  stop() {
    this.#source?.close();
    this.#source = null;
  }
}
