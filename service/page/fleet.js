// What is planned with: depots, disposal sites, vehicles, drivers and bins, and who pays for these; with import and search.
import { attempt, empty, field, form, h, head, input, say, sayThere, search, select, table } from "./dom.js";
import { sure } from "./dialog.js";
import { ask, may } from "./session.js";
import { clock, count, number } from "./words.js";

const ALL = [["bins", "Bins"], ["vehicles", "Vehicles"], ["drivers", "Drivers"], ["depots", "Depots"], ["disposal-sites", "Disposal sites"], ["payers", "Payers"]];
/** The kinds that one may see: who pays, and how much, is a matter of those who bill. */
const kinds = () => ALL.filter(([path]) => path !== "payers" || may("billing:manage"));
/** What stands first, whatever the kind. */
const ORDER = ["code", "name"];
/** Things that are shown at a time. */
const PAGE = 500;

/** A field's value as people read it: seconds of the day as times, and so on by how the field is called. */
function shown(name, value) {
  if (value === null || value === "" || value === undefined) return "";
  if (/_(from|until)$/.test(name) && typeof value === "number") return value === 86_400 ? "24:00" : clock(value);
  if (name === "lon" || name === "lat") return number(value, 5);
  if (typeof value === "number" && name.endsWith("_seconds")) return value ? `${number(value)} s` : "";
  return typeof value === "number" ? number(value, Number.isInteger(value) ? 0 : 2) : String(value);
}

const label = (name) => ({
  code: "Code", name: "Name", lon: "Longitude", lat: "Latitude", fill_percent: "Full, %", load_kg: "Load, kg", capacity_kg: "Capacity, kg",
})[name] || (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ").replace(/ kg$/, ", kg").replace(/ seconds$/, "");

export async function show(place, [given]) {
  const kind = kinds().find(([path]) => path === given)?.[0] || "bins";
  const title = Object.fromEntries(kinds())[kind];
  const tabs = h("nav", { class: "tabs", "aria-label": "Kinds" }, kinds().map(([path, text]) =>
    h("a", { href: `#/fleet/${path}`, "aria-current": path === kind && "page" }, text)));
  const lists = h("div", {});
  place.append(head(title), tabs);
  if (may("fleet:write")) place.append(importing(kind, () => list(lists, kind)));
  place.append(lists);
  await list(lists, kind);
}

function importing(kind, done) {
  const own = form({ id: "import" }, [h("div", { class: "row" },
    field("What", select("kind", kinds(), { value: kind })),
    field("File: JSON, CSV or GeoJSON", input("file", { type: "file", required: true, accept: ".csv,.json,.geojson,.txt" })))],
  "Import", async (given, made) => {
    const name = given.file.name.toLowerCase();
    const type = name.endsWith(".geojson") ? "application/geo+json" : name.endsWith(".json") ? "application/json" : "text/csv";
    const answer = await ask("POST", `/v1/fleet/${given.kind}/import`, given.file, type);
    made.elements.file.value = "";
    const text = `${count(answer.imported, "row")} imported.`;
    if (given.kind === kind) {
      await done();
      say(text);
    } else {
      sayThere(text);
      location.hash = `#/fleet/${given.kind}`;
    }
  });
  return h("details", { class: "card" }, h("summary", {}, "Import a file"),
    h("p", { class: "hint" }, "Rows with a known code replace what is there. If anything is wrong, nothing is imported, and every fault is told."), own);
}

async function list(place, kind) {
  let after = "";
  const columns = [];
  const rows = [];
  const add = async () => {
    const page = await ask("GET", `/v1/fleet/${kind}?limit=${PAGE}&after=${encodeURIComponent(after)}`);
    after = page.length === PAGE ? page.at(-1).code : "";
    rows.push(...page);
  };
  await add();
  const draw = () => {
    if (!rows.length) return place.replaceChildren(empty(`There are no ${kind.replace("-", " ")} yet. Import a file.`));
    // Columns in which nothing stands tell nothing.
    columns.splice(0, columns.length, ...ORDER, ...Object.keys(rows[0]).filter((name) => !ORDER.includes(name)).filter((name) => rows.some((row) => shown(name, row[name]) !== "")));
    const heads = columns.map((name) => ({ label: label(name), number: typeof rows[0][name] === "number" }));
    const remove = (row) => h("button", { type: "button", class: "quiet", "aria-label": `Delete ${row.name || row.code}`, click: () => attempt(place, async () => {
      if (!await sure(`Delete ${row.name || row.code}?`, "Plans that were made keep it.", "Delete")) return;
      await ask("DELETE", `/v1/fleet/${kind}/${encodeURIComponent(row.code)}`);
      rows.splice(rows.indexOf(row), 1);
      draw();
    }) }, "Delete");
    const writes = may("fleet:write");
    const lines = rows.map((row) => [...columns.map((name) => shown(name, row[name])), ...(writes ? [remove(row)] : [])]);
    const drawn = table(`${count(rows.length, "row")}${after ? " and more" : ""}`, [...heads, ...(writes ? [""] : [])], lines, { id: "things" });
    const found = h("span", { class: "hint", role: "status" });
    place.replaceChildren(h("div", { class: "inline" },
      search("Search", () => drawn.querySelectorAll("tbody tr"), (n) => { found.textContent = `${n} found`; }), found), drawn,
    ...(after ? [h("div", { class: "actions" }, h("button", { type: "button", click: () => attempt(place, async () => { await add(); draw(); }) }, "Show more"))] : []));
  };
  draw();
}
