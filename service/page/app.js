// Where the page begins: who is here, which screen is shown, and what goes on when the session ends.
import { byId, complain, empty, h, head, sayArrived } from "./dom.js";
import { sure } from "./dialog.js";
import { ask, leave, may, renew, send, state, whenEnded } from "./session.js";
import { signIn, signUp } from "./signin.js";
import { today } from "./words.js";
import * as account from "./account.js";
import * as adapting from "./adapting.js";
import * as alternatives from "./alternatives.js";
import * as analytics from "./analytics.js";
import * as audit from "./audit.js";
import * as billing from "./billing.js";
import * as day from "./day.js";
import * as days from "./days.js";
import * as fleet from "./fleet.js";
import * as networks from "./networks.js";
import * as plans from "./plans.js";
import * as providers from "./providers.js";
import * as users from "./users.js";

/** The screens: what their address begins with, and for whom they are. Those with a label are in the navigation. */
const SCREENS = [
  { at: "day", label: "Day", needs: "plans:read", show: day.show, link: () => `#/day/${state.day || today()}` },
  { at: "alternatives", needs: "plans:read", show: alternatives.show },
  { at: "adapt", needs: "plans:read", show: adapting.show },
  { at: "days", label: "Days", needs: "plans:read", show: days.show },
  { at: "plans", label: "Plans", needs: "plans:read", show: plans.list },
  { at: "plan", needs: "plans:read", show: plans.one },
  { at: "fleet", label: "Fleet", needs: "fleet:read", show: fleet.show },
  { at: "networks", label: "Streets", needs: "fleet:read", show: networks.show },
  { at: "analytics", label: "Analytics", needs: "plans:read", show: analytics.show },
  { at: "billing", label: "Billing", needs: "billing:manage", show: billing.show },
  { at: "users", label: "People", needs: "users:manage", show: users.show },
  { at: "providers", label: "Providers", needs: "providers:manage", show: providers.show },
  { at: "audit", label: "Audit", needs: "audit:read", show: audit.show },
  { at: "account", show: account.show },
];

let shown = null;

/** Shows the screen of the address. */
async function route() {
  shown?.abort();
  state.unsaved = null;
  const place = byId("screen");
  if (!state.me) {
    byId("nav").hidden = byId("me").hidden = true;
    place.replaceChildren(state.link ? signUp(enter) : signIn(enter));
    document.title = state.link ? "Make an account – milkrun" : "Sign in – milkrun";
    place.querySelector("input")?.focus();
    return;
  }
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [at, ...rest] = path.split("/").map(decodeURIComponent);
  const screen = SCREENS.find((each) => each.at === at);
  if (!screen) {
    const first = SCREENS.find((each) => each.label && may(each.needs)) || SCREENS.at(-1);
    return location.replace(first.link?.() ?? `#/${first.at}`);
  }
  navigation(at);
  const gone = new AbortController();
  shown = gone;
  sayArrived();
  const own = h("div", { class: `screen at-${at}` });
  place.replaceChildren(own);
  try {
    if (screen.needs && !may(screen.needs)) throw { detail: `Your roles do not allow you to see this: it needs ${screen.needs}.`, code: "forbidden" };
    await screen.show(own, rest, { query: new URLSearchParams(query), signal: gone.signal });
  } catch (problem) {
    if (gone.signal.aborted || !state.me) return;
    if (problem instanceof Error) console.error(problem);
    if (!own.firstChild) own.append(head(screen.label || "milkrun"));
    complain(own, { ...problem, detail: problem.detail || problem.message, remedy: { label: "Try again", action: route } });
  }
  if (gone.signal.aborted) return;
  const title = own.querySelector("h1");
  document.title = `${title?.textContent || screen.label} – milkrun`;
  // Whoever reads with a screen reader hears where they are; a reload leaves the focus alone.
  if (route.moved) title?.focus({ preventScroll: true });
  route.moved = true;
}

function navigation(at) {
  const same = { alternatives: "day", adapt: "day", plan: "plans" }[at] || at;
  byId("nav").hidden = byId("me").hidden = false;
  byId("who").textContent = state.me.email;
  byId("nav").replaceChildren(...SCREENS.filter((each) => each.label && may(each.needs)).map((each) =>
    h("a", { href: each.link?.() ?? `#/${each.at}`, "aria-current": each.at === same && "page" }, each.label)));
}

/** What follows a sign-in: the screen that was asked for before it. */
async function enter() {
  state.me = await ask("GET", "/v1/me");
  route.moved = false;
  await route();
}

whenEnded(() => {
  state.me = null;
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  route();
  complain(byId("screen").firstElementChild, { detail: "Your session has ended. Sign in to go on where you were." });
});

byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("screen").focus();
});

byId("sign-out").addEventListener("click", async () => {
  await send("DELETE", "/v1/sessions/current").catch(() => {});
  leave();
  location.replace("/");
});

let before = location.hash;
addEventListener("hashchange", async () => {
  if (state.unsaved?.()) {
    const to = location.hash;
    history.replaceState(null, "", before);
    if (!await sure("Leave without saving?", "Stops that you have moved are not saved.", "Leave")) return;
    state.unsaved = null;
    location.hash = to;
    return;
  }
  before = location.hash;
  route();
});

const link = /^#sign-up=([\w-]+)$/.exec(location.hash);
if (link) state.link = link[1];
if (state.refresh && !state.link) {
  byId("screen").replaceChildren(empty("One moment…"));
  renew().then(enter).catch((problem) => {
    if (!state.refresh) return;
    route();
    complain(byId("screen").firstElementChild, { ...problem, remedy: { label: "Try again", action: () => location.reload() } });
  });
} else {
  route();
}
