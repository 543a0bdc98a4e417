// Follows what the server has to show: a stream while it holds, else asking every few seconds.

import { giveUpAfter } from "./patience.js";

const ASK_EVERY = 4000;
const STREAM_AGAIN = 30_000;

export class Following {
  last = 0;
  #stream = null;
  #asking = 0;

  constructor(hear) {
    this.hear = hear; // reply(reply, old), passed(), reached(boolean)
  }

  // Everything there is behind the last position. False when the server could not be reached.
  async catchUp(old = false) {
    try {
      for (let more = true; more; ) {
        const answer = await fetch(`/chat/replies?after=${this.last}`, { signal: giveUpAfter(15_000) });
        if (!answer.ok) throw new Error(String(answer.status));
        const found = await answer.json();
        for (const reply of found.replies) this.#take(reply, old);
        if (found.last > this.last) this.#pass(found.last);
        more = found.more;
      }
      this.hear.reached(true);
      return true;
    } catch {
      this.hear.reached(false);
      return false;
    }
  }

  follow() {
    clearInterval(this.#asking);
    this.#stream?.close();
    this.#stream = new EventSource(`/chat/stream?after=${this.last}`);
    this.#stream.onopen = () => this.hear.reached(true);
    this.#stream.onmessage = (event) => this.#take(JSON.parse(event.data), false);
    this.#stream.addEventListener("position", (event) => this.#pass(Number(event.data)));
    this.#stream.onerror = () => this.#broken();
  }

  // The page is looked at again, or the network is back.
  async wake() {
    await this.catchUp();
    if (this.#stream?.readyState !== EventSource.OPEN) this.follow();
  }

  // A browser connects again by itself unless the server refused: then we ask for a while.
  #broken() {
    if (this.#stream.readyState !== EventSource.CLOSED) {
      this.catchUp();
      return;
    }
    clearInterval(this.#asking);
    const since = Date.now();
    this.#asking = setInterval(async () => {
      const reached = await this.catchUp();
      if (reached && Date.now() - since > STREAM_AGAIN) this.follow();
    }, ASK_EVERY);
  }

  #take(reply, old) {
    if (reply.position <= this.last) return;
    this.last = reply.position;
    this.hear.reply(reply, old);
  }

  #pass(position) {
    this.last = Math.max(this.last, position);
    this.hear.passed();
  }
}
