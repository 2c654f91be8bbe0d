// Keeps the page itself, so that it opens without a network. What is sent and received otherwise is none of its business.
"use strict";

const CACHE = "milkrun-driver-3";
const FILES = [
  "/driver/", "/driver/driver.css", "/driver/driver.js", "/driver/places.js", "/driver/session.js", "/driver/store.js",
  "/driver/sync.js", "/driver/view.js", "/driver/manifest.webmanifest", "/driver/icon.svg", "/device.js", "/passkey.js",
];
/** How long the network may take before what is kept is shown, milliseconds. */
const PATIENCE = 3_000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const others = async () => (await caches.keys()).filter((name) => name.startsWith("milkrun-driver-") && name !== CACHE);
  event.waitUntil(others().then((old) => Promise.all(old.map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !FILES.includes(url.pathname)) return;
  event.respondWith(newest(url.pathname));
});

/** The file from the network; where that is slow, absent or answers with an error, the one that is kept. */
async function newest(path) {
  const cache = await caches.open(CACHE);
  const asked = fetch(path).then(async (answer) => {
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    await cache.put(path, answer.clone());
    return answer;
  });
  const late = new Promise((_, fail) => { setTimeout(fail, PATIENCE, new Error("late")); });
  try {
    return await Promise.race([asked, late]);
  } catch {
    asked.catch(() => {});
    return (await cache.match(path)) ?? Response.error();
  }
}
