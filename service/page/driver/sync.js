// Sends what waits, in order, once the service can be reached. An entry leaves the queue when the service has said what became of it,
// and not before: what was sent and not answered is sent again under the same id, and stored once.

import { Failure, ask, session } from "./session.js";
import * as store from "./store.js";

/** Most reports, and most positions, of one request. */
const BATCH = 50;
const POSITIONS = 100;

let running = null;
let again = false;

/** Sends all that waits; gives why it stopped, or null. Asked while it runs, it runs once more. */
export function flush(changed) {
  if (running) {
    again = true;
    return running;
  }
  running = (async () => {
    let why = null;
    do {
      again = false;
      why = await inTurn(() => once(changed)).catch((failure) => failure);
    } while (again && !why);
    return why;
  })().finally(() => { running = null; });
  return running;
}

// Two tabs would send the same: harmless, and needless.
const inTurn = (action) => (navigator.locks ? navigator.locks.request("milkrun-driver-sync", action) : action());

async function once(changed) {
  const user = session()?.user;
  if (!user) throw new Failure(401, { detail: "Sign in, please." });
  await reports(user, changed);
  await photos(user, changed);
  return positions(user);
}

async function reports(user, changed) {
  for (;;) {
    const open = (await store.queued(user)).filter((entry) => !entry.isReported && !entry.refused);
    if (!open.length) return;
    const batch = open.filter((entry) => entry.day === open[0].day).slice(0, BATCH);
    await post(user, batch);
    await changed();
  }
}

/** Sends a batch of one day. Where the service cannot read it, one by one, so that a single one does not hold up the others. */
async function post(user, batch) {
  const { day } = batch[0];
  let answer;
  try {
    answer = await ask("POST", `/v1/driving/days/${day}/reports`, { reports: batch.map((entry) => entry.report) });
  } catch (failure) {
    if (failure.status === 422 && batch.length > 1) {
      for (const entry of batch) await post(user, [entry]);
    } else if ([404, 413, 422].includes(failure.status)) {
      const why = failure.status === 404 ? "You are not assigned to a vehicle on that day: call the office." : failure.message;
      for (const entry of batch) await store.enqueue({ ...entry, refused: why });
    } else {
      throw failure;
    }
    return;
  }
  if (answer.route) await store.keepRoute(user, answer.route);
  const became = new Map(answer.reports.map((result) => [result.id, result]));
  for (const entry of batch) {
    const result = became.get(entry.id);
    if (result?.state === "refused") await store.enqueue({ ...entry, refused: result.why });
    else if (result) await store.settled(entry);
    else throw new Failure(500, { detail: "The service did not say what became of a report." });
  }
}

async function photos(user, changed) {
  for (const entry of await store.queued(user)) {
    if (!entry.isReported || entry.refused) continue;
    try {
      await ask("PUT", `/v1/driving/reports/${entry.id}/photo`, entry.photo, entry.photo.type || "image/jpeg");
      await store.drop(user, entry.id);
    } catch (failure) {
      if (![404, 409, 413, 422].includes(failure.status)) throw failure;
      await store.enqueue({ ...entry, refused: `The photo was not taken: ${failure.message}` });
    }
    await changed();
  }
}

/** Gives what is wrong with the phone's clock, or null. */
async function positions(user) {
  const waiting = await store.positions(user);
  let wrong = null;
  if (!waiting.length) return wrong;
  const batch = waiting.filter((entry) => entry.day === waiting[0].day).slice(0, POSITIONS);
  try {
    await ask("POST", `/v1/driving/days/${batch[0].day}/positions`, { positions: batch.map((entry) => entry.position) });
  } catch (failure) {
    // Where the vehicle was is no reason to hold up anything; too often is no reason to lose it.
    if (failure.status === 429) return wrong;
    if (![404, 422].includes(failure.status)) throw failure;
    const why = /ahead of the service's clock.*/.exec(failure.message);
    if (why) wrong = new Failure(422, { detail: `Where you are was not told: this phone is ${why[0]}.` });
  }
  await store.dropPositions(batch);
  return wrong;
}
