// A day's plan, adapted to what has happened: what is asked, what would change and why, and whether it is taken.
import { attempt, card, empty, field, form, h, input, say, sayThere, select, table } from "./dom.js";
import { current, dayHead, stale } from "./day.js";
import { ask, state } from "./session.js";
import { clock, count, km, moment, more, number, span, today } from "./words.js";

const EVENTS = [["late", "A truck is late"], ["broken_down", "A truck has broken down"], ["cancelled", "A stop is cancelled"], ["shift_ends", "A shift ends earlier or later"], ["site_closed", "A disposal site is closed"]];
const KEEP = [["nothing", "anything may change"], ["vehicles", "stops stay on their trucks"], ["order", "and in their order"], ["times", "and at their times"]];

const seconds = (time) => {
  const [hours, minutes] = time.split(":").map(Number);
  return hours * 3600 + minutes * 60;
};
const twoDigits = (value) => String(value).padStart(2, "0");
const timeOf = (at) => `${twoDigits(Math.floor(at / 3600) % 24)}:${twoDigits(Math.floor((at % 3600) / 60))}`;

export async function show(place, [given]) {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(given || "") ? given : today();
  state.day = day;
  const version = await current(day);
  place.append(dayHead(day, version, h("a", { class: "button quiet", href: `#/day/${day}` }, "Back to the plan")));
  if (!version) return place.append(empty("This day has no plan that could be adapted.", h("a", { class: "button", href: `#/day/${day}` }, "Plan it")));
  const board = await ask("GET", `/v1/plans/${version.plan_id}/board`);
  const list = h("div", {});
  const redraw = async () => {
    const adaptations = await ask("GET", `/v1/days/${day}/adaptations?limit=20`);
    list.replaceChildren(...adaptations.map((each) => proposal(each, board, version, redraw)));
  };
  place.append(card("What has happened?", asking(day, board, redraw)), list);
  await redraw();
}

function asking(day, board, redraw) {
  const events = h("ol", { class: "events" });
  const trucks = board.routes.map((route, r) => [r, `${r + 1} ${route.name || route.code}`]);
  const clients = board.routes.flatMap((route, r) => route.stops.filter((stop) => stop.activity === "client").map((stop) => [stop.index, `${stop.name || stop.code}, truck ${r + 1}`]));
  const sites = [...new Map(board.routes.flatMap((route) => route.stops.filter((stop) => stop.activity === "dispose").map((stop) => [stop.index, stop.name || stop.code])))];
  const add = () => {
    const kind = select("kind", EVENTS.filter(([word]) => (word !== "site_closed" || sites.length) && (word !== "cancelled" || clients.length)));
    const fields = h("div", { class: "row" });
    const item = h("li", {}, h("div", { class: "row" }, field("Event", kind), fields,
      h("button", { type: "button", class: "quiet", "aria-label": "Remove this event", click: () => item.remove() }, "×")));
    const truck = () => field("Truck", select("route", trucks));
    const fill = () => fields.replaceChildren(...{
      late: () => [truck(), field("By, minutes", input("by", { type: "number", min: 1, max: 600, value: 20 }))],
      broken_down: () => [truck()],
      cancelled: () => [field("Stop", select("client", clients))],
      shift_ends: () => [truck(), field("At", input("at", { type: "time", value: "15:00" }))],
      site_closed: () => [field("Site", select("site", sites)), field("From", input("from", { type: "time", value: "10:00" })), field("To", input("to", { type: "time", value: "12:00" }))],
    }[kind.value]());
    kind.addEventListener("change", fill);
    fill();
    events.append(item);
    return kind;
  };
  const starts = Math.min(24 * 3600 - 60, ...board.routes.map((route) => route.start));
  const now = new Date();
  const at = day === today() ? now.getHours() * 3600 + now.getMinutes() * 60 : starts;
  add();
  return form({ id: "adapt" }, [events,
    h("div", { class: "actions left" }, h("button", { type: "button", class: "quiet", click: () => add().focus() }, "Another event")),
    h("div", { class: "row" }, field("It is", input("now", { type: "time", value: timeOf(at), required: true })), field("What may change", select("keep", KEEP)),
      field("Search for, seconds", input("seconds", { type: "number", min: 1, max: 10, value: 3 })))],
  "Propose a change", async (given) => {
    const body = { now: seconds(given.now), keep: given.keep, seconds: Number(given.seconds), events: [...events.children].map(eventOf) };
    await ask("POST", `/v1/days/${day}/adaptations`, body);
    await redraw();
    say("A change is proposed. Nothing changes until it is accepted.");
    document.querySelector(".proposal")?.focus();
  });
}

function eventOf(item) {
  const value = (name) => item.querySelector(`[name=${name}]`).value;
  const kind = value("kind");
  return { kind, ...{
    late: () => ({ route: Number(value("route")), by: Number(value("by")) * 60 }),
    broken_down: () => ({ route: Number(value("route")) }),
    cancelled: () => ({ client: Number(value("client")) }),
    shift_ends: () => ({ route: Number(value("route")), at: seconds(value("at")) }),
    site_closed: () => ({ site: Number(value("site")), from: seconds(value("from")), to: seconds(value("to")) }),
  }[kind]() };
}

/** An event in words, with the names of the plan that it happened to. */
function words(event, board, isOwn) {
  const truck = (r) => (isOwn && board.routes[r] ? `truck ${r + 1} (${board.routes[r].name || board.routes[r].code})` : `truck ${r + 1}`);
  return ({
    late: () => `${truck(event.route)} is ${span(event.by)} late`,
    broken_down: () => `${truck(event.route)} has broken down`,
    cancelled: () => `${isOwn ? stopName(board, event.client) : "a stop"} is cancelled`,
    shift_ends: () => `the shift of ${truck(event.route)} ends at ${clock(event.at)}`,
    site_closed: () => `a disposal site is closed from ${clock(event.from)} to ${clock(event.to)}`,
  }[event.kind] || (() => event.kind.replaceAll("_", " ")))();
}

const stopName = (board, client) => {
  const found = board.routes.flatMap((route) => route.stops).find((stop) => stop.activity === "client" && stop.index === client);
  return found?.name || found?.code || "a stop";
};

/** Changes in words; what weighs most stands first. */
const CHANGES = {
  dropped: "no longer served", inserted: "served, too", called_out: "truck called out", stood_down: "truck stays in the depot", moved: "on another truck", retimed: "at another time",
};
const weight = (change) => Object.keys(CHANGES).indexOf(change.change);

function proposal(each, board, version, redraw) {
  const isOwn = each.version === version.version;
  const { difference } = each.answer;
  const events = each.request.events || [];
  const because = events.map((event) => words(event, board, isOwn)).join("; ") || "nothing but the time";
  const names = new Map(board.routes.flatMap((route) => [[route.code, route.name], ...route.stops.map((stop) => [stop.code, stop.name])]));
  const route = (r) => (r === null || r === undefined ? "–" : `${r + 1}`);
  const time = (at) => (at === null || at === undefined ? "–" : clock(at));
  const rows = [...difference.changes].sort((a, b) => weight(a) - weight(b)).map((change) => [names.get(change.name) || change.name || "a stop", CHANGES[change.change] || change.change,
    `${route(change.route_before)} to ${route(change.route_after)}`, `${time(change.start_before)} to ${time(change.start_after)}`,
    change.cause === null || change.cause === undefined ? "follows from the rest" : words(events[change.cause], board, isOwn)]);
  const pair = (name) => ({ before: difference[name][0], after: difference[name][1] });
  const [cost, distance, duration] = ["cost", "distance", "duration"].map(pair);
  const compared = table("Before and after", ["Figure", "Before", "After", "Difference"].map((label, i) => (i ? { label, number: true } : label)), [
    ["Cost", number(cost.before), number(cost.after), more(cost.after - cost.before, number)],
    ["Distance", km(distance.before), km(distance.after), more(distance.after - distance.before, km)],
    ["On the road", span(duration.before), span(duration.after), more(Math.round((duration.after - duration.before) / 60), (value) => `${number(value)} min`)],
    ["Trucks", difference.routes[0], difference.routes[1], more(difference.routes[1] - difference.routes[0], number)]]);
  const own = h("section", { class: "card proposal", tabindex: "-1", "aria-label": "A proposal" },
    h("h2", {}, `${{ proposed: "Proposed", accepted: "Accepted", rejected: "Rejected" }[each.state]}: ${because}`),
    h("p", { class: "hint" }, `Asked ${moment(each.asked_at)}, for version ${each.version}. ${each.feasible ? "It keeps all rules." : "It violates rules: no plan that keeps them was found."}`));
  if (each.state !== "proposed") {
    own.append(h("details", {}, h("summary", {}, count(rows.length, "change")), compared, changes(rows)));
    return own;
  }
  const decide = (word, text) => attempt(own, async () => {
    await ask("POST", `/v1/adaptations/${each.id}/${word}`, {}).catch((problem) => stale(problem, () => location.reload()));
    if (word === "acceptance") {
      sayThere(text);
      location.hash = `#/day/${each.day}`;
    } else {
      await redraw();
      say(text);
    }
  });
  own.append(compared, rows.length ? changes(rows) : h("p", {}, "Nothing has to change."), h("div", { class: "actions" },
    h("button", { type: "button", class: "quiet reject", click: () => decide("rejection", "Rejected: the day is as it was.") }, "Reject"),
    h("button", { type: "button", class: "accept", disabled: !isOwn, click: () => decide("acceptance", "Accepted: the adapted plan is that of the day.") }, "Accept")),
  ...(isOwn ? [] : [h("p", { class: "hint" }, "Another version of the day holds by now: propose anew.")]));
  return own;
}

const changes = (rows) => table(`${count(rows.length, "change")}, and why`, ["Stop", "What changes", "Truck", "Time", "Why"], rows, { class: "changes" });
