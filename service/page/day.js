// A day: its plan, how to make one, and what was before.
import { attempt, card, empty, h, head, say, table } from "./dom.js";
import { draw } from "./board.js";
import { cause } from "./days.js";
import { open } from "./dialog.js";
import { Moves } from "./moves.js";
import { follow, planForm, underway } from "./planning.js";
import { ask, askIfAllowed, may, state } from "./session.js";
import { count, dayAfter, dayName, km, moment, number, span, today } from "./words.js";

/** The figures of a plan that may be unusual. */
const PLANNED = {
  planned_stops: { label: "Stops", text: number }, planned_distance: { label: "Distance", text: km }, planned_duration: { label: "Time on the road", text: span },
  planned_load: { label: "Load, kg", text: number }, planned_cost: { label: "Cost", text: number },
};

/** The version of a day's plan that holds; null where it has none. */
export const current = (day) => ask("GET", `/v1/days/${day}`).catch((problem) => {
  if (problem.code === "not_found") return null;
  throw problem;
});

/** What the screens of a day have at their head. */
export function dayHead(day, version, ...actions) {
  const pick = h("input", { type: "date", id: "day-pick", value: day, "aria-label": "Another day" });
  const go = (to) => { if (to) location.hash = `#/day/${to}`; };
  // While it is typed, a date is for some moments another one.
  pick.addEventListener("keydown", (event) => { if (event.key === "Enter") go(pick.value); });
  pick.addEventListener("blur", () => { if (pick.value !== day) go(pick.value); });
  const step = (days, label, sign) => h("a", { class: "button quiet", href: `#/day/${dayAfter(day, days)}`, "aria-label": label }, sign);
  const said = version ? `version ${version.version}, ${cause(version.cause)} ${moment(version.changed_at)}` : "no plan yet";
  return head(dayName(day, "long"), h("span", { class: "hint", id: "day-version" }, said),
    h("div", { class: "inline noprint" }, step(-1, "The day before", "‹"), pick, step(1, "The day after", "›"), actions));
}

export async function show(place, [given], { signal }) {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(given || "") ? given : today();
  state.day = day;
  const version = await current(day);
  const writes = may("plans:write");
  const planning = h("div", { class: "planning" });
  const chosen = async (plan) => {
    if (!version) {
      await ask("PUT", `/v1/days/${day}`, { plan_id: plan, version: 0 });
      return again();
    }
    offer(planning, { day, version, plan, again });
  };
  /** Shows the day as it is now; what is seen of it stays where it is. */
  const again = async () => {
    if (signal.aborted) return;
    place.style.minHeight = `${place.offsetHeight}px`;
    place.replaceChildren();
    await show(place, [day], { signal });
    place.style.minHeight = "";
    place.querySelector("h1")?.focus({ preventScroll: true });
  };
  const ways = version ? [
    writes && h("button", { type: "button", id: "plan-anew", click: () => { form.hidden = !form.hidden; if (!form.hidden) form.querySelector("input").focus(); } }, "Plan anew"),
    h("a", { class: "button quiet", href: `#/alternatives/${day}` }, "Alternatives"),
    writes && h("a", { class: "button quiet", href: `#/adapt/${day}` }, "Adapt"),
    h("button", { type: "button", class: "quiet", click: () => history(day, version, again) }, "History"),
    h("button", { type: "button", class: "quiet", click: () => print() }, "Print"),
  ] : [h("a", { class: "button quiet", href: `#/alternatives/${day}` }, "Alternatives")];
  const form = card(version ? "Plan the day anew" : "Plan the day", planForm(day, chosen, signal));
  form.hidden = Boolean(version);
  place.append(dayHead(day, version, ways), planning);
  if (writes) planning.append(form);
  if (!version) {
    place.append(empty(writes
      ? "This day has no plan. It is made of the stored fleet: bins, vehicles, depots and disposal sites."
      : "This day has no plan.", h("a", { href: "#/fleet/bins" }, "Look at the fleet")));
    if (writes) resume(form, chosen, signal);
    alike(place, day, signal);
    return;
  }
  const board = await ask("GET", `/v1/plans/${version.plan_id}/board`);
  const own = h("div", { class: "board" });
  place.append(own);
  const moves = writes ? new Moves({ day, version, board, place: own, again, signal }) : null;
  draw(own, board, moves);
  if (board.figures.unserved) reasons(own, version.plan_id, board, moves, signal);
  alike(place, day, signal);
}

/** What the days before that were most like this one say of it. */
async function alike(place, day, signal) {
  const found = await ask("GET", `/v1/days/${day}/similar?count=6`).catch(() => null);
  if (!found?.days.length || signal.aborted) return;
  const range = ({ low, middle, high }, text) => (low === high ? text(middle) : `${text(low)} to ${text(high)}`);
  const unusual = found.unusual.map(({ figure, value, similar }) => {
    const { label, text } = PLANNED[figure];
    return h("li", {}, `${label}: ${text(value)}, on days like this ${range(similar, text)}`);
  });
  const expected = found.expected;
  const rows = found.days.map((each) => [
    h("a", { href: `#/day/${each.name}` }, dayName(each.name)), number(each.planned_stops), number(each.planned_load), km(each.planned_distance), span(each.planned_duration),
    number(each.done_stops), number(each.missed_stops), number(each.late_stops), each.overtime ? span(each.overtime) : "–"]);
  const heads = ["Stops", "Load, kg", "Distance", "On the road", "Done", "Missed", "Late", "Overtime"].map((label) => ({ label, number: true }));
  place.append(h("section", { class: "card", id: "alike" }, h("h2", {}, "Days like this one"),
    unusual.length > 0 && h("div", { class: "warning" }, h("p", {}, "Unusual in this plan:"), h("ul", {}, unusual)),
    expected && h("p", {}, `What happened on ${count(expected.days, "of them", "of them")}: ${range(expected.done_load, number)} kg, ${range(expected.missed_stops, number)} missed, ${range(expected.late_stops, number)} late.`),
    table("The most similar days before, the most similar first", ["Day", ...heads], rows)));
}

/** Why something is unserved takes a while to find out: the board is there before that. */
async function reasons(own, plan, board, moves, signal) {
  const found = await ask("GET", `/v1/plans/${plan}/board?reasons=true`).catch(() => null);
  if (!found || signal.aborted || moves?.pending.length) return;
  for (const each of found.unserved) {
    const row = own.querySelector(`[data-unserved="${each.activity}:${each.index}"] .reasons`);
    row?.replaceChildren(...each.reasons.map((reason) => h("li", {}, reason)));
  }
}

/** A job that was under way before this screen was opened. */
async function resume(form, chosen, signal) {
  const job = await underway().catch(() => null);
  if (!job || signal.aborted) return;
  const place = h("div", { class: "job" });
  form.append(place);
  await attempt(form, async () => {
    const ended = await follow(place, job, 0, signal);
    if (ended.plan_id && !signal.aborted) await chosen(ended.plan_id);
  });
}

/** A new plan for a day that has one: a person says which it is to be. */
function offer(place, { day, version, plan, again }) {
  const box = h("section", { class: "card offer", tabindex: "-1", "aria-label": "A new plan" });
  const figures = async () => {
    const [was, is] = await Promise.all([version.plan_id, plan].map((id) => ask("GET", `/v1/plans/${id}/summary`)));
    const row = (name, summary) => [name, summary.cost.toLocaleString("en"), (summary.distance / 1000).toFixed(1), summary.served, summary.unserved];
    box.append(h("h2", {}, was.id === is.id ? "The same plan was found again" : "A new plan is ready"),
      table("The plan that holds and the new one", ["Plan", ...["Cost", "km", "Stops", "Unserved"].map((label) => ({ label, number: true }))],
        [row("holds now", was), row("new", is)]));
    if (was.id === is.id) return;
    box.append(h("div", { class: "actions" },
      h("a", { class: "button quiet", href: `#/plan/${plan}` }, "Look at it"),
      h("button", { type: "button", class: "quiet", click: () => box.remove() }, "Keep the plan that holds"),
      h("button", { type: "button", id: "take-new", click: () => attempt(box, async () => {
        await ask("PUT", `/v1/days/${day}`, { plan_id: plan, version: version.version }).catch((problem) => stale(problem, again));
        await again();
      }) }, "Take the new plan")));
  };
  place.append(box);
  attempt(box, figures).then(() => box.focus());
}

/** Another version holds by now: the remedy is to look at it. */
export function stale(problem, again) {
  if (problem.code === "day_changed") problem.remedy = { label: "Show the version that holds", action: () => again() };
  throw problem;
}

/** All versions, and a way back to each. */
async function history(day, version, again) {
  const [versions, users] = await Promise.all([ask("GET", `/v1/days/${day}/history`), askIfAllowed("/v1/users?limit=1000", [])]);
  const by = (id) => (id === state.me.id ? "you" : users.find((user) => user.id === id)?.name || "another user");
  const back = await open(`Versions of ${dayName(day)}`, (close) => {
    const rows = versions.map((each) => [
      each.version, cause(each.cause), by(each.changed_by), moment(each.changed_at),
      h("a", { href: `#/plan/${each.plan_id}`, click: () => close(null) }, "Show"),
      each.version !== version.version && may("plans:write")
        ? h("button", { type: "button", class: "quiet", click: () => close(each) }, "Take again") : "",
    ]);
    return table("Versions, the newest first", [{ label: "Version" }, "How", "By", "When", "Plan", ""], rows);
  });
  if (!back) return;
  await attempt(document.querySelector(".board"), async () => {
    await ask("PUT", `/v1/days/${day}`, { plan_id: back.plan_id, version: version.version }).catch((problem) => stale(problem, again));
    await again();
    say(`The plan of version ${back.version} holds again.`);
  });
}
