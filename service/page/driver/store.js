// What the phone keeps: the queue of reports that are not sent yet, by user; routes as they were seen last; positions.

const NAME = "milkrun-driver";
const VERSION = 1;
/** Most positions that wait to be sent: older ones go first. */
const MOST_POSITIONS = 2_000;

let opened = null;

function open() {
  opened ||= new Promise((done, fail) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const base = request.result;
      base.createObjectStore("queue", { keyPath: ["user", "id"] });
      base.createObjectStore("routes", { keyPath: ["user", "day"] });
      base.createObjectStore("positions", { keyPath: "number", autoIncrement: true });
      base.createObjectStore("notes");
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  return opened;
}

/** Does something within a transaction; it has happened, and is on the disk, when the promise is kept. */
async function within(stores, mode, action) {
  const base = await open();
  return new Promise((done, fail) => {
    const transaction = base.transaction(stores, mode, { durability: "strict" });
    let result;
    transaction.oncomplete = () => done(result);
    transaction.onerror = () => fail(transaction.error);
    transaction.onabort = () => fail(transaction.error ?? new Error("aborted"));
    action(transaction, (value) => { result = value; });
  });
}

const ofUser = (user) => IDBKeyRange.bound([user], [user, []]);

function all(store, range) {
  return within([store], "readonly", (transaction, give) => {
    const request = transaction.objectStore(store).getAll(range);
    request.onsuccess = () => give(request.result);
  });
}

/** The reports of a user that are not sent, in the order in which they were said. */
export async function queued(user) {
  const entries = await all("queue", ofUser(user));
  return entries.sort((a, b) => a.said - b.said);
}

/** How many reports wait, by user. */
export async function waiting() {
  const counts = new Map();
  for (const entry of await all("queue")) {
    const known = counts.get(entry.user) ?? { email: entry.email, count: 0 };
    known.count += 1;
    counts.set(entry.user, known);
  }
  return counts;
}

/** Keeps an entry of the queue, new or changed. */
export function enqueue(entry) {
  return within(["queue"], "readwrite", (transaction) => { transaction.objectStore("queue").put(entry); });
}

/** Takes an entry out of the queue. */
export function drop(user, id) {
  return within(["queue"], "readwrite", (transaction) => { transaction.objectStore("queue").delete([user, id]); });
}

/** A report is stored by the service: it leaves the queue, and the route knows it, at once. With a photo, only the photo waits. */
export function settled(entry) {
  return within(["queue", "routes"], "readwrite", (transaction) => {
    const queue = transaction.objectStore("queue");
    if (entry.photo) queue.put({ ...entry, isReported: true });
    else queue.delete([entry.user, entry.id]);
    const routes = transaction.objectStore("routes");
    const request = routes.get([entry.user, entry.day]);
    request.onsuccess = () => {
      if (request.result) routes.put({ ...request.result, stops: withWord(request.result.stops, entry) });
    };
  });
}

/** Stops with a word on one of them, unless a newer one is known. */
export function withWord(stops, { report }) {
  const isMeant = (stop) => stop.activity === report.activity && stop.code === report.code;
  const isNewer = (stop) => stop.outcome_at === null || stop.outcome_at <= report.at;
  return stops.map((stop) => (isMeant(stop) && isNewer(stop) ? { ...stop, outcome: report.outcome, outcome_at: report.at } : stop));
}

/** Keeps a route as the service gave it. */
export function keepRoute(user, route) {
  return within(["routes"], "readwrite", (transaction) => { transaction.objectStore("routes").put({ ...route, user }); });
}

/** The route of a day as it was seen last. */
export function route(user, day) {
  return within(["routes"], "readonly", (transaction, give) => {
    const request = transaction.objectStore("routes").get([user, day]);
    request.onsuccess = () => give(request.result ?? null);
  });
}

/** Forgets the route of a day. */
export function forgetRoute(user, day) {
  return within(["routes"], "readwrite", (transaction) => { transaction.objectStore("routes").delete([user, day]); });
}

/** Forgets routes before a day. */
export function forgetRoutes(user, before) {
  return within(["routes"], "readwrite", (transaction) => {
    transaction.objectStore("routes").delete(IDBKeyRange.bound([user, ""], [user, before], false, true));
  });
}

/** A note by its name; null where there is none. */
export function note(name) {
  return within(["notes"], "readonly", (transaction, give) => {
    const request = transaction.objectStore("notes").get(name);
    request.onsuccess = () => give(request.result ?? null);
  });
}

/** Keeps a note. */
export function keepNote(name, value) {
  return within(["notes"], "readwrite", (transaction) => { transaction.objectStore("notes").put(value, name); });
}

/** Keeps where the phone was. */
export function keepPosition(entry) {
  return within(["positions"], "readwrite", (transaction) => {
    const store = transaction.objectStore("positions");
    store.add(entry);
    const count = store.count();
    count.onsuccess = () => {
      if (count.result <= MOST_POSITIONS) return;
      const first = store.openKeyCursor();
      first.onsuccess = () => { if (first.result) store.delete(first.result.primaryKey); };
    };
  });
}

/** Positions that wait to be sent, of a user. */
export async function positions(user) {
  return (await all("positions")).filter((entry) => entry.user === user);
}

/** Takes positions out that were sent. */
export function dropPositions(entries) {
  return within(["positions"], "readwrite", (transaction) => {
    const store = transaction.objectStore("positions");
    for (const { number } of entries) store.delete(number);
  });
}
