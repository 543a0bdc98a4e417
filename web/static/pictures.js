// Pictures that wait to be sent outlive the page: they are kept in IndexedDB until the server has them.

const NAME = "sotong";
const TABLE = "pictures";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = work(database.transaction(TABLE, mode).objectStore(TABLE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

export class Pictures {
  // Kept here too, for browsers that allow a page no database.
  #held = new Map();

  async keep(id, picture) {
    this.#held.set(id, picture);
    await within("readwrite", (table) => table.put(picture, id)).catch(() => {});
  }

  async find(id) {
    return this.#held.get(id) ?? (await within("readonly", (table) => table.get(id)).catch(() => undefined));
  }

  async forget(id) {
    await within("readwrite", (table) => table.delete(id)).catch(() => {});
  }
}
