// Planned against done: charts with their tables.
import { card, empty, field, h, head, input, s, select, table } from "./dom.js";
import { ask, askIfAllowed } from "./session.js";
import { count, dayAfter, dayName, km, moment, number, span, today } from "./words.js";

const FIGURES = {
  stops: { label: "Stops", planned: "planned_stops", done: "done_stops", text: (value) => number(value) },
  load: { label: "Load, kg", planned: "planned_load", done: "done_load", text: (value) => number(value) },
  distance: { label: "Distance", planned: "planned_distance", done: "done_distance", text: km },
  duration: { label: "Time on the road", planned: "planned_duration", done: "done_duration", text: span },
  cost: { label: "Cost", planned: "planned_cost", done: "done_cost", text: (value) => number(value) },
};
const BY = [["day", "day"], ["truck", "truck"], ["driver", "driver"], ["area", "area"]];

export async function show(place, _, { query }) {
  const now = {
    by: query.get("by") || "day", figure: FIGURES[query.get("figure")] ? query.get("figure") : "stops",
    from: query.get("from") || dayAfter(today(), -30), until: query.get("until") || dayAfter(today(), 7),
  };
  const change = (key) => (event) => {
    if (!event.target.value) return;
    now[key] = event.target.value;
    const next = `#/analytics?${new URLSearchParams(now)}`;
    if (next !== location.hash) location.hash = next;
  };
  place.append(head("Planned and done"), h("div", { class: "row filter" },
    field("By", select("by", BY, { value: now.by, change: change("by") })),
    field("Figure", select("figure", Object.entries(FIGURES).map(([key, { label }]) => [key, label]), { value: now.figure, change: change("figure") })),
    field("From", input("from", { type: "date", value: now.from, change: change("from") })),
    field("Until", input("until", { type: "date", value: now.until, change: change("until") }))));
  const wanted = new URLSearchParams({ by: now.by, from: now.from, until: now.until, limit: 400 });
  const kind = { truck: "vehicles", driver: "drivers", area: "depots" }[now.by];
  const [{ rows, changed }, known] = await Promise.all([
    ask("GET", `/v1/analytics/performance?${wanted}`), kind ? askIfAllowed(`/v1/fleet/${kind}?limit=1000`, []) : [],
  ]);
  const names = new Map(known.map((each) => [each.code, each.name]));
  if (!rows.length) return place.append(empty("No day of this span has a plan.", h("a", { href: `#/day/${today()}` }, "Plan today")));
  const figure = FIGURES[now.figure];
  const flat = rows.map((row) => ({ ...row, ...row.figures, title: now.by === "day" ? dayName(row.name) : names.get(row.name) || row.name || "without a name" }));
  const oldest = Math.min(...flat.map((row) => row.as_of));
  place.append(card(`${figure.label} by ${now.by}`, chart(flat, figure),
    h("p", { class: "hint" }, `Figures of ${moment(oldest)} or later.${changed.length ? ` ${count(changed.length, "day")} ${changed.length === 1 ? "is" : "are"} being worked out anew.` : ""}`)));
  const numbers = ["Planned", "Done", "Missed", "Open", "Late", "Planned km", "Done km", "Planned cost", "Cost per stop", "Cost per tonne"];
  const cells = flat.map((row) => [row.title, number(row.planned_stops), number(row.done_stops), number(row.missed_stops), number(row.open_stops), number(row.late_stops),
    number(row.planned_distance / 1000, 1), number(row.done_distance / 1000, 1), number(row.planned_cost), number(row.cost_per_stop, 1), number(row.cost_per_tonne, 1)]);
  place.append(card("All figures", table(`By ${now.by}, ${dayName(now.from)} to ${dayName(now.until)}`, [now.by[0].toUpperCase() + now.by.slice(1), ...numbers.map((label) => ({ label, number: true }))], cells, { id: "figures" })));
}

/** Two bars for each row, planned and done. The same numbers stand in the table below; what is drawn says so in words. */
function chart(rows, { label, planned, done, text }) {
  const most = Math.max(1, ...rows.flatMap((row) => [row[planned], row[done]]));
  const [height, step] = [30, 100 / most];
  const bars = rows.map((row, i) => {
    const bar = (value, y, name) => s("rect", { class: name, x: "22%", y: i * height + y, height: 10, width: `${Math.max(0.1, value * step * 0.62)}%` });
    const words = (value, y) => s("text", { x: `${22.6 + value * step * 0.62}%`, y: i * height + y + 9 }, text(value));
    return [s("text", { class: "name", x: "21%", y: i * height + 17 }, row.title.length > 22 ? `${row.title.slice(0, 21)}…` : row.title),
      bar(row[planned], 3, "planned"), words(row[planned], 3), bar(row[done], 15, "done"), words(row[done], 15)];
  });
  const all = (name) => rows.reduce((sum, row) => sum + row[name], 0);
  const said = `${label}: planned ${text(all(planned))}, done ${text(all(done))}. The table below has every bar's number.`;
  return h("div", {},
    h("p", { class: "keys" }, h("span", { class: "key planned" }), " planned ", h("span", { class: "key done" }), " done"),
    h("div", { class: "chart", tabindex: "0", role: "region", "aria-label": `Chart of ${label}` }, s("svg", { role: "img", "aria-label": said, width: "100%", height: rows.length * height + 4 }, bars)));
}
