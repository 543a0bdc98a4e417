// Sends what waits, first things first, each until the server says it has it. The id stays the same, so
// what arrived twice counts once.

import { giveUpAfter } from "./patience.js";

const PAUSES = [1, 2, 4, 8, 15];
const PATIENCE = { photo: 120_000, other: 20_000 };

export class Sending {
  #busy = false;
  #wanted = false;
  #failures = 0;
  #timer = 0;

  constructor(store, pictures, locale, hear) {
    this.store = store;
    this.pictures = pictures;
    this.locale = locale;
    this.hear = hear; // changed(entry), reached(boolean)
  }

  // Send all that waits, now. One tab at a time where the browser can say so.
  async run() {
    clearTimeout(this.#timer);
    this.#wanted = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#wanted) {
      this.#wanted = false;
      await (navigator.locks?.request("sotong.sending", () => this.#all()) ?? this.#all());
    }
    this.#busy = false;
  }

  async #all() {
    for (let entry = this.#next(); entry; entry = this.#next()) {
      const answer = await this.#post(entry).catch(() => null);
      if (answer === null || answer.status >= 500 || answer.status === 429 || answer.status === 408) {
        this.hear.reached(answer !== null && answer.status === 429);
        const pause = PAUSES[Math.min(this.#failures++, PAUSES.length - 1)];
        this.#timer = setTimeout(() => this.run(), pause * 1000);
        return;
      }
      this.#failures = 0;
      this.hear.reached(true);
      await this.#settle(entry, answer);
    }
  }

  #next() {
    return this.store.entries.find((entry) => entry.state === "waiting");
  }

  async #settle(entry, answer) {
    const refusal = answer.ok ? "" : await this.#reason(answer);
    if (entry.kind === "photo" && answer.ok) await this.pictures.forget(entry.id);
    const changes = answer.ok ? { state: "sent" } : { state: "failed", reason: refusal };
    this.hear.changed(this.store.update(entry.id, changes));
  }

  async #reason(answer) {
    try {
      return (await answer.json()).message[this.locale];
    } catch {
      return "";
    }
  }

  async #post(entry) {
    if (entry.kind === "photo") return this.#postPhoto(entry);
    const { id, text, choice, message, location } = entry;
    return fetch("/chat/turns", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id, text, choice, message, location, locale: this.locale }),
      signal: giveUpAfter(PATIENCE.other),
    });
  }

  async #postPhoto(entry) {
    const picture = await this.pictures.find(entry.id);
    if (!picture) return new Response(null, { status: 410 });
    const form = new FormData();
    form.set("id", entry.id);
    form.set("locale", this.locale);
    form.set("file", picture, "picture");
    return fetch("/chat/photos", { method: "POST", body: form, signal: giveUpAfter(PATIENCE.photo) });
  }
}
