// Draws what there is: the route with what was said of it, what waits to be sent, and what was not taken.

import { clock, dayInWords, navigation } from "./places.js";
import { withWord } from "./store.js";

const byId = (id) => document.getElementById(id);

/** Why a stop was not possible, by the service's words. */
export const REASONS = {
  no_access: "No access", blocked: "Street blocked", not_out: "Not put out", contaminated: "Wrong contents", too_heavy: "Too heavy",
  closed: "Closed", vehicle: "Vehicle trouble", no_time: "No time", other: "Other",
};

/** Activities that can be reported. */
const SERVICES = ["client", "pickup", "delivery"];
export const isService = (stop) => SERVICES.includes(stop.activity);

/** What names a stop within a route. */
export const keyOf = (stop) => `${stop.activity} ${stop.code}`;

/** The stops of a route, with what waits on this phone laid over what the service knows. */
export function told(route, queue) {
  const own = queue.filter((entry) => entry.day === route.day && !entry.refused && !entry.isReported);
  return own.reduce(withWord, route.stops);
}

/** The stop that comes next: the first service behind the last one of which something was said, or else the first that is open. */
export function nextStop(stops) {
  const last = stops.findLastIndex((stop) => isService(stop) && stop.outcome);
  const isOpen = (stop) => isService(stop) && !stop.outcome;
  return stops.slice(last + 1).find(isOpen) ?? stops.find(isOpen) ?? null;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** What a stop is called. */
export function nameOf(stop) {
  if (stop.activity === "break" || stop.activity === "rest") return "Break";
  const name = [stop.code, stop.name].filter(Boolean).join(" ");
  if (stop.activity === "dispose") return `Empty at ${name}`;
  if (stop.activity === "pickup") return `Load ${name}`;
  return stop.activity === "delivery" ? `Deliver ${name}` : name;
}

function drawStop(stop, { isNext, isChosen, waits, choose }) {
  const line = element("li", [stop.outcome ?? "open", isNext && "next", isChosen && "chosen"].filter(Boolean).join(" "));
  line.dataset.code = stop.code;
  const button = element("button", "stop");
  button.type = "button";
  button.append(element("span", "time", clock(stop.arrival)), element("span", "name", nameOf(stop)));
  if (stop.address) button.append(element("span", "more", stop.address));
  if (stop.remarks) button.append(element("span", "more remarks", stop.remarks));
  const facts = [];
  if (stop.load) facts.push(`${stop.load} kg`);
  if (stop.fill_percent !== null && isService(stop)) facts.push(`${stop.fill_percent} % full`);
  if (stop.outcome) facts.push(`${stop.outcome === "done" ? "done" : "not possible"} at ${clock(stop.outcome_at)}`);
  if (waits) facts.push("not sent yet");
  if (facts.length) button.append(element("span", "more", facts.join(", ")));
  if (isService(stop) || stop.map) {
    button.setAttribute("aria-pressed", String(isChosen));
    button.addEventListener("click", () => choose(stop));
  } else {
    button.disabled = true;
  }
  line.append(button);
  if (isChosen && isService(stop)) line.append(seen(stop));
  return line;
}

/** Fields for what was seen at the stop that is chosen; what is typed stays while the list is drawn anew. */
function seen(stop) {
  const known = document.querySelector(".seen");
  if (known?.dataset.key === keyOf(stop)) return known;
  const fields = element("div", "seen");
  fields.dataset.key = keyOf(stop);
  for (const [name, text, most] of [["amount", "Kilograms", 1_000_000], ["fill_percent", "Per cent full", 200]]) {
    const label = element("label", "", text);
    const input = element("input");
    Object.assign(input, { name, type: "number", min: 0, max: most, step: 1, inputMode: "numeric" });
    label.append(input);
    fields.append(label);
  }
  return fields;
}

/** What was typed of the chosen stop: numbers in their range, or nothing. */
export function amounts() {
  const value = (name) => {
    const input = document.querySelector(`.seen [name=${name}]`);
    return input?.value && input.validity.valid ? Number(input.value) : undefined;
  };
  return { amount: value("amount"), fill_percent: value("fill_percent") };
}

let drawn = "";

/** Draws the route; the list only where it is another one than was drawn, so that nothing moves under a thumb. */
export function drawRoute({ route, queue, chosen, choose, dismiss }) {
  byId("route").hidden = false;
  const stops = route ? told(route, queue) : [];
  const next = nextStop(stops);
  const current = stops.find((stop) => keyOf(stop) === chosen) ?? next;
  const waits = new Set(queue.filter((entry) => entry.day === route?.day && !entry.refused).map((entry) => keyOf(entry.report)));
  const asked = JSON.stringify([stops, [...waits], next && keyOf(next), current && keyOf(current)]);
  if (asked !== drawn) {
    drawn = asked;
    const focused = document.activeElement;
    byId("stops").replaceChildren(...stops.map((stop) => drawStop(stop, {
      isNext: stop === next, isChosen: stop === current, waits: isService(stop) && waits.has(keyOf(stop)), choose,
    })));
    if (focused?.isConnected) focused.focus();
  }
  const services = stops.filter(isService);
  const said = services.filter((stop) => stop.outcome).length;
  byId("progress").textContent = services.length ? `${said} of ${services.length} stops` : "";
  byId("empty").hidden = services.length > 0;
  byId("empty").textContent = route ? "There is nothing to do on this day yet." : "You are not assigned to a vehicle: call the office.";
  byId("subtitle").textContent = route ? `${route.vehicle}, ${dayInWords(route.day)}` : "";
  drawRefused(queue, dismiss);
  drawActions(current);
  return current;
}

/** Draws nothing of a route: nobody is signed in. */
export function clear() {
  drawn = "";
  for (const id of ["stops", "refused"]) byId(id).replaceChildren();
  byId("route").hidden = byId("actions").hidden = true;
  byId("subtitle").textContent = byId("progress").textContent = "";
}

function drawRefused(queue, dismiss) {
  byId("refused").replaceChildren(...queue.filter((entry) => entry.refused).map((entry) => {
    const line = element("li", "", `${entry.report.code}, ${clock(entry.report.at)}: ${entry.refused} `);
    const button = element("button", "quiet", "I have told the office");
    button.addEventListener("click", () => dismiss(entry));
    line.append(button);
    return line;
  }));
}

function drawActions(stop) {
  byId("actions").hidden = !stop;
  if (!stop) return;
  byId("chosen").textContent = nameOf(stop);
  byId("done").hidden = byId("missed").hidden = !isService(stop);
  byId("navigate").hidden = !stop.map;
  if (stop.map) byId("navigate").href = navigation(stop);
}

/** Says how things stand: what is not sent yet, and why. */
export function drawState({ count, isOnline, isSignedIn }) {
  const what = count === 1 ? "1 report is not sent yet" : `${count} reports are not sent yet`;
  const state = byId("state");
  state.classList.toggle("waits", count > 0);
  if (!isSignedIn) state.textContent = count ? `${what}: sign in again to send.` : "";
  else if (!isOnline) state.textContent = count ? `No network. ${what}, and kept on this phone.` : "No network. You can go on.";
  else state.textContent = count ? `${what}.` : "All is sent.";
}

/** Draws the reasons to choose from. */
export function drawReasons() {
  byId("reasons").append(...Object.entries(REASONS).map(([value, text]) => {
    const label = element("label", "", text);
    const input = element("input");
    Object.assign(input, { type: "radio", name: "reason", value, required: true });
    label.prepend(input);
    return label;
  }));
}

/** Draws the days on which the user drives. */
export function drawDays(days, chosen, choose) {
  byId("days").replaceChildren(...days.map(({ day, vehicle }) => {
    const button = element("button", day === chosen ? "" : "quiet", `${dayInWords(day)}, ${vehicle}`);
    button.value = "day";
    button.addEventListener("click", () => choose(day));
    return button;
  }));
}
