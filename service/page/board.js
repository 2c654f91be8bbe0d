// A plan laid out: figures, map and timeline, stops by truck, and what is unserved.
import { card, h, s, table } from "./dom.js";
import { clock, count, km, number, span } from "./words.js";

/** Puts the drawing of the crate of reports into a place. Its colours are read here: the page's policy allows no styles in markup. */
export function drawing(html) {
  const parsed = new DOMParser().parseFromString(html.replaceAll(' style="--c:', ' data-paint="--c:'), "text/html");
  const root = parsed.body.firstElementChild;
  for (const part of root.querySelectorAll("[data-paint]")) part.style.cssText = part.dataset.paint;
  return document.adoptNode(root);
}

/** Tells the drawing's script that there is something new. */
export const drawn = () => document.dispatchEvent(new Event("milkrun-drawn"));

export function tiles({ cost, forgone, distance, duration, waiting, served, unserved }, routes, violations) {
  const tile = (label, value, bad) => h("div", { class: bad && "bad" }, h("dt", {}, label), h("dd", {}, value));
  return h("dl", { class: "tiles" },
    tile("trucks", routes), tile("stops", number(served)), tile("distance", km(distance)), tile("on the road", span(duration)),
    waiting > 0 && tile("waiting", span(waiting)), tile("cost", number(cost)), forgone > 0 && tile("forgone", number(forgone)),
    tile("unserved", number(unserved), unserved > 0), tile("rules violated", violations, violations > 0));
}

/** Draws a board into its place; with moves, stops can be moved. */
export function draw(place, board, moves) {
  const violations = board.violations.length
    ? h("section", { class: "card bad", "aria-label": "Violations" }, h("h2", {}, "This plan violates rules"), h("ul", {}, board.violations.map((text) => h("li", {}, text))))
    : null;
  place.replaceChildren(...[
    tiles(board.figures, board.routes.length, board.violations.length),
    violations, drawing(board.drawing), trucks(board), unserved(board, moves), stops(board, moves),
  ].filter(Boolean));
  drawn();
}

function trucks(board) {
  const numbers = ["Leaves", "Back", "Trips", "Stops", "Load, kg", "Waiting", "Distance", "Cost"];
  const rows = board.routes.map((route) => {
    const served = route.stops.filter((stop) => stop.load || ["client", "pickup", "delivery"].includes(stop.activity));
    const trips = Math.max(0, ...route.stops.map((stop) => stop.trip));
    return [named(route), clock(route.start), clock(route.end), trips, served.length, number(served.reduce((sum, stop) => sum + stop.load, 0)),
      route.waiting ? span(route.waiting) : "–", km(route.distance), number(route.cost)];
  });
  return card("Trucks", table("Routes of the trucks", ["Truck", ...numbers.map((label) => ({ label, number: true }))], rows, { id: "routes" }));
}

/** A name with the code beside it, where that is another one. */
export function named({ name, code }) {
  if (!name || name === code) return code || name;
  return name.includes(code) ? name : [name, h("small", { class: "code" }, code)];
}

/** What is done at a stop. */
export function what(stop) {
  if (stop.activity === "dispose") return ["empties at ", named(stop)];
  if (stop.activity === "break" || stop.activity === "rest") return stop.name || stop.activity;
  return named(stop);
}

const SERVICES = ["client", "pickup", "delivery"];

/** Up and down, drawn: not every font has such a sign. */
const mark = () => s("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, s("path", { d: "M5 3v10M2.5 10.5 5 13l2.5-2.5M11 13V3M8.5 5.5 11 3l2.5 2.5" }));

function stops(board, moves) {
  const lists = board.routes.map((route, r) => {
    let order = 0;
    const rows = route.stops.map((stop) => {
      const service = SERVICES.includes(stop.activity);
      if (service) order += 1;
      const movable = moves && stop.activity === "client";
      const button = movable && h("button", {
        type: "button", class: "quiet move", "aria-label": `Move ${stop.name || stop.code}`, title: "Move… (Alt with ↑ or ↓: earlier, later)",
        click: () => moves.ask(stop, r), keydown: (event) => moves.key(event, stop, r),
      }, mark());
      const waiting = stop.start - stop.arrival;
      const row = h("tr", {
        class: `${service ? "" : "other"} ${moves?.has(stop) ? "moved" : ""}`.trim() || false, "data-client": movable ? stop.index : false,
      }, h("td", { class: "number" }, service ? order : ""), h("td", { class: "number" }, clock(stop.start)), h("td", { class: "number" }, clock(stop.departure)),
      h("th", { scope: "row" }, what(stop), waiting >= 60 && h("small", {}, ` after ${span(waiting)} of waiting`)),
      h("td", { class: "number" }, stop.load ? number(stop.load) : ""), moves && h("td", { class: "tools" }, button));
      if (movable) moves.draggable(row, stop, r);
      return row;
    });
    const caption = h("caption", {}, h("b", {}, `${r + 1} `), named(route), h("small", {}, ` ${count(order, "stop")}, ${clock(route.start)} to ${clock(route.end)}`));
    const heads = [["No.", 1], ["From", 1], ["To", 1], ["Stop"], ["kg", 1], ...(moves ? [["Move"]] : [])];
    const list = h("table", { "data-r": r }, caption,
      h("thead", {}, h("tr", {}, heads.map(([label, right]) => h("th", { scope: "col", class: right && "number" }, label)))), h("tbody", {}, rows));
    const box = h("div", { class: "route", tabindex: "0", role: "region", "aria-label": `Stops of truck ${r + 1}, ${route.name || route.code}` }, list);
    moves?.target(box, { route: r });
    return box;
  });
  const free = moves ? board.vehicles.filter((vehicle) => vehicle.free > 0) : [];
  const depot = free.map((vehicle) => {
    const box = h("div", { class: "route free" }, named(vehicle), h("small", {}, ` stands in the depot${vehicle.free > 1 ? `, ${vehicle.free} of them` : ""}`));
    moves.target(box, { vehicle_type: vehicle.vehicle_type });
    return box;
  });
  const hint = moves && h("p", { class: "hint noprint" },
    "Drag a stop to another place or truck, or choose its button. Price and rules are shown before anything is kept.");
  return h("section", { class: "card stops", "aria-label": "Stops by truck" }, h("h2", {}, "Stops by truck"), hint, h("div", { class: "routes" }, lists, depot));
}

function unserved(board, moves) {
  if (!board.unserved.length) return null;
  const rows = board.unserved.map((each) => h("li", { "data-unserved": `${each.activity}:${each.index}` },
    h("span", {}, named(each)),
    moves && each.activity === "client" && h("button", { type: "button", class: "quiet", "aria-label": `Put on a truck: ${each.name || each.code}`, click: () => moves.ask(each, null) }, "Put on a truck…"),
    h("ul", { class: "reasons" }, each.reasons.map((reason) => h("li", {}, reason)))));
  return card(`Unserved: ${board.unserved.length}`, h("ul", { class: "unserved" }, rows));
}
