// The driver's page: what is to be done, and what was done. It works without a network, for as long as it takes.

import { areKnown, use } from "/passkey.js";
import { dayOf, follow, secondOf, small } from "./places.js";
import { session, signIn, signOut, signUp, ask } from "./session.js";
import * as store from "./store.js";
import { flush } from "./sync.js";
import { amounts, clear, drawDays, drawReasons, drawRoute, drawState, keyOf } from "./view.js";

const byId = (id) => document.getElementById(id);
/** How often it is tried to send what waits, and to get a newer route, milliseconds. */
const TRY = 15_000;
const LOOK = 60_000;

const state = { user: null, email: "", days: [], day: null, route: null, queue: [], chosen: null, current: null, isOnline: true, isDayChosen: false, link: null, looked: 0 };

function say(text) {
  byId("message").textContent = text ?? "";
}

/** Runs what was asked for, and says what went wrong. */
async function run(action) {
  say("");
  try {
    await action();
  } catch (failure) {
    // What the browser says of a passkey is no error of a request.
    say(failure.message ?? failure.detail);
  }
}

// ---------------------------------------------------------------- what is shown

async function draw() {
  const isSignedIn = session() !== null;
  byId("sign-up").hidden = isSignedIn || !state.link;
  byId("sign-in").hidden = isSignedIn || Boolean(state.link);
  byId("menu-open").hidden = !isSignedIn;
  state.queue = state.user ? await store.queued(state.user) : [];
  const waiting = [...(await store.waiting()).values()];
  byId("waiting").hidden = isSignedIn || !waiting.length;
  byId("waiting").textContent = waiting.map(({ email, count }) => `Not sent yet: ${count} of ${email}.`).join(" ");
  const count = state.queue.filter((entry) => !entry.refused).length;
  drawState({ count: isSignedIn ? count : waiting.reduce((sum, own) => sum + own.count, 0), isOnline: state.isOnline, isSignedIn });
  if (!isSignedIn) {
    clear();
    return;
  }
  state.current = drawRoute({ ...state, choose, dismiss });
}

function choose(stop) {
  state.chosen = keyOf(stop);
  return draw();
}

async function dismiss(entry) {
  await store.drop(entry.user, entry.id);
  await draw();
}

// ---------------------------------------------------------------- what is known

/** The day to show: today, or else the next one on which the user drives, or the last one. */
function usualDay(days) {
  const today = dayOf(new Date());
  const known = days.map(({ day }) => day).sort();
  return known.find((day) => day >= today) ?? known.at(-1) ?? today;
}

/** What was seen last: it is there without a network. */
async function recall() {
  const known = session();
  state.user = known?.user ?? null;
  state.email = known?.email ?? "";
  if (!state.user) return;
  state.days = (await store.note(`days ${state.user}`)) ?? [];
  state.day ??= usualDay(state.days);
  state.route = await store.route(state.user, state.day);
}

/** The newest route, from the service. */
async function look() {
  const { user } = state;
  state.looked = Date.now();
  state.days = await ask("GET", "/v1/driving/days?limit=14");
  await store.keepNote(`days ${user}`, state.days);
  // A page that stays open over night shows the next day in the morning.
  if (!state.isDayChosen || !state.days.some(({ day }) => day === state.day)) state.day = usualDay(state.days);
  try {
    await store.keepRoute(user, await ask("GET", `/v1/driving/days/${state.day}`));
  } catch (failure) {
    if (failure.status !== 404) throw failure;
    await store.forgetRoute(user, state.day);
  }
  await store.forgetRoutes(user, dayOf(new Date(Date.now() - 7 * 86_400_000)));
  await refreshed();
}

async function refreshed() {
  if (state.user) state.route = await store.route(state.user, state.day);
  await draw();
}

/** Sends what waits, and looks for a newer route now and then. */
async function sync(mustLook = false) {
  if (!session()) return draw();
  let why = await flush(refreshed);
  // A clock that is wrong keeps positions back, and nothing else.
  if ((!why || why.status === 422) && (mustLook || Date.now() - state.looked > LOOK)) {
    why = await look().then(() => why, (failure) => failure);
  }
  state.isOnline = why?.status !== 0;
  if (why && why.status !== 0 && why.status !== 401) say(why.message);
  await refreshed();
}

// ---------------------------------------------------------------- what is reported

/** Keeps a word on the chosen stop. It is on the disk before the page says so. */
async function report(outcome, more = {}, photo = null) {
  const { current: stop, route, user, email, day } = state;
  if (!stop || !route) return;
  const id = crypto.randomUUID();
  const now = new Date();
  const word = {
    id, version: route.version, vehicle: route.vehicle, activity: stop.activity, code: stop.code, outcome, at: secondOf(day, now), ...more,
  };
  await store.enqueue({ user, email, id, day, said: now.getTime(), report: word, photo });
  state.chosen = null;
  document.querySelector(".seen")?.remove();
  await draw();
  document.querySelector("#stops li.next")?.scrollIntoView({ block: "center" });
  sync();
}

let taken = null;

function clearWhy() {
  byId("why-form").reset();
  URL.revokeObjectURL(byId("preview").src);
  byId("preview").hidden = true;
  taken = null;
}

byId("done").addEventListener("click", () => run(() => report("done", amounts())));
byId("missed").addEventListener("click", () => { clearWhy(); byId("why").showModal(); });
byId("why-cancel").addEventListener("click", () => byId("why").close());
byId("photo").addEventListener("change", async ({ target }) => {
  taken = target.files.length ? await small(target.files[0]) : null;
  byId("preview").hidden = !taken;
  if (taken) byId("preview").src = URL.createObjectURL(taken);
});
byId("why-form").addEventListener("submit", (event) => {
  const form = event.target;
  const [reason, remark] = [form.reason.value, form.remark.value.replace(/\s+/g, " ").trim()];
  run(() => report("missed", { reason, remark }, taken));
});

// ---------------------------------------------------------------- signing in and out

/** Shows what is theirs alone to those who are in. */
async function enter(form) {
  form.reset();
  byId("code-field").hidden = byId("confirmation-field").hidden = byId("use-passkey").hidden = true;
  await begin();
}

/** Offers the passkey that the service asks for; each answer needs a question of its own. */
function offer(asked, form) {
  const button = byId("use-passkey");
  button.hidden = !asked || !areKnown();
  button.onclick = () => run(async () => {
    button.hidden = true;
    await signIn({ email: form.email.value, password: form.password.value, passkey: await use(asked) });
    await enter(form);
  });
}

byId("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  run(async () => {
    const code = form.code.value ? { code: form.code.value } : {};
    if (form.confirmation.value) code.confirmation = form.confirmation.value.trim().toLowerCase();
    try {
      await signIn({ email: form.email.value, password: form.password.value, ...code });
    } catch (failure) {
      const asked = { mfa_required: "code", confirmation_required: "confirmation" }[failure.code];
      offer(failure.passkey, form);
      if (!asked) throw failure;
      byId(`${asked}-field`).hidden = false;
      form[asked].focus();
      return;
    }
    await enter(form);
  });
});

byId("sign-up").addEventListener("submit", (event) => {
  event.preventDefault();
  const { name, email, password } = event.target;
  run(async () => {
    await signUp({ link: state.link, name: name.value, email: email.value, password: password.value });
    state.link = null;
    await signIn({ email: email.value, password: password.value });
    event.target.reset();
    await begin();
  });
});

async function leave() {
  follow(null);
  await signOut();
  Object.assign(state, { user: null, route: null, day: null, days: [], queue: [], chosen: null });
  await draw();
}

// ---------------------------------------------------------------- the menu

byId("menu-open").addEventListener("click", () => {
  byId("who").textContent = state.email;
  drawDays(state.days, state.day, (day) => {
    Object.assign(state, { day, chosen: null, isDayChosen: true });
    run(async () => { await refreshed(); await sync(true); });
  });
  byId("menu").showModal();
});
byId("menu").addEventListener("close", ({ target }) => {
  if (target.returnValue === "reload") run(() => sync(true));
  if (target.returnValue === "sign-out") run(leave);
  target.returnValue = "";
});
byId("share").addEventListener("change", ({ target }) => run(async () => {
  await store.keepNote(`share ${state.user}`, target.checked);
  share(target.checked);
}));

/** Tells where the phone is, or no longer; only of the day that is shown, and only today. */
function share(isWanted) {
  byId("share").checked = isWanted;
  follow(isWanted ? (moment, position) => {
    const day = dayOf(moment);
    if (!state.user || day !== state.day) return;
    store.keepPosition({ user: state.user, day, position: { at: secondOf(day, moment), ...position } });
  } : null);
}

// ---------------------------------------------------------------- beginning

async function begin() {
  Object.assign(state, { day: null, isDayChosen: false, route: null, chosen: null });
  await recall();
  await draw();
  if (!state.user) return;
  navigator.storage?.persist?.().catch(() => {});
  share((await store.note(`share ${state.user}`)) === true);
  await sync(true);
}

const link = /^#sign-up=(.+)$/.exec(location.hash);
if (link) {
  state.link = link[1];
  // It stays in no history.
  history.replaceState(null, "", location.pathname);
}
drawReasons();
navigator.serviceWorker?.register("/driver/worker.js").catch(() => {});
addEventListener("online", () => run(() => sync(true)));
addEventListener("offline", () => { state.isOnline = false; draw(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) run(() => sync()); });
setInterval(() => { if (!document.hidden) sync().catch((failure) => say(failure.message)); }, TRY);
run(begin);
