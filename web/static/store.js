// What the person sent, kept on this phone only: the server does not give it back.

const MOST = 300;

export class Store {
  // One store a conversation: whoever begins anew on the same phone does not see the words before.
  constructor(conversation) {
    this.key = `sotong.${conversation}`;
    this.memory = { sent: [], draft: "" };
    for (const key of this.#keys()) {
      if (key.startsWith("sotong.") && key !== this.key) localStorage.removeItem(key);
    }
  }

  get entries() {
    return this.#read().sent;
  }

  get draft() {
    return this.#read().draft;
  }

  set draft(words) {
    this.#write({ ...this.#read(), draft: words });
  }

  add(entry) {
    const kept = this.#read();
    const settled = kept.sent.filter((one) => one.state !== "waiting");
    const tooMany = new Set(settled.slice(0, Math.max(0, kept.sent.length + 1 - MOST)));
    this.#write({ ...kept, sent: [...kept.sent.filter((one) => !tooMany.has(one)), entry] });
  }

  update(id, changes) {
    const kept = this.#read();
    const sent = kept.sent.map((one) => (one.id === id ? { ...one, ...changes } : one));
    this.#write({ ...kept, sent });
    return sent.find((one) => one.id === id);
  }

  // Each time anew: another tab may have written.
  #read() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? this.memory;
    } catch {
      return this.memory;
    }
  }

  #write(kept) {
    this.memory = kept;
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      // No room, or storage is forbidden: it lives as long as the page.
    }
  }

  #keys() {
    try {
      return Object.keys(localStorage);
    } catch {
      return [];
    }
  }
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
