// The audit log: who did what, with a filter, and whether it is as it was written.
import { attempt, h, head, input, search, select, table } from "./dom.js";
import { ask, askIfAllowed, state } from "./session.js";
import { count, moment } from "./words.js";

/** Entries that are read at a time. */
const PAGE = 500;

export async function show(place) {
  const verdict = h("p", { id: "verdict", role: "status" });
  const [found, users] = await Promise.all([ask("POST", "/v1/audit/verify"), askIfAllowed("/v1/users?limit=1000", [])]);
  const say = ({ valid, entries, reason }) => {
    verdict.className = valid ? "good" : "bad";
    verdict.textContent = valid ? `The whole log is as it was written; ${count(entries, "entry", "entries")} are your organisation's.`
      : `The log is not as it was written: ${reason}. Whoever runs the service finds the place with the command “audit verify”.`;
  };
  say(found);
  const verify = h("button", { type: "button", class: "quiet", click: () => attempt(place, async () => say(await ask("POST", "/v1/audit/verify"))) }, "Verify again");
  const names = new Map(users.map((user) => [user.id, user.name]));
  const entries = [];
  let from = found.entries;
  const list = h("div", {});
  const filter = { action: "", actor: "", since: "", until: "" };
  const older = async () => {
    const after = Math.max(0, from - PAGE);
    const page = await ask("GET", `/v1/audit?after=${after}&limit=${Math.max(1, from - after)}`);
    entries.push(...page.filter((entry) => entry.seq <= from).reverse());
    from = after;
  };
  const name = (id) => (id === state.me.id ? "you" : names.get(id) || id || "the service");
  const matches = (entry) => (!filter.action || entry.action === filter.action) && (!filter.actor || entry.actor === filter.actor)
    && (!filter.since || entry.at >= Date.parse(`${filter.since}T00:00`)) && (!filter.until || entry.at <= Date.parse(`${filter.until}T23:59:59.999`));
  const draw = () => {
    const shown = entries.filter(matches);
    const rows = shown.map((entry) => [moment(entry.at), name(entry.actor), entry.action, names.get(entry.subject) || entry.subject || "",
      h("code", {}, entry.detail === "{}" || entry.detail === "null" ? "" : entry.detail), entry.seq]);
    const drawn = table(`${count(shown.length, "entry", "entries")}, the newest first`, ["When", "Who", "What", "On", "Detail", { label: "No.", number: true }], rows, { id: "entries" });
    const choose = (key) => (event) => { filter[key] = event.target.value; draw(); list.querySelector(`[name=${key}]`).focus(); };
    const options = (key, text) => [["", "all"], ...[...new Set(entries.map((entry) => entry[key]))].filter(Boolean).sort().map((value) => [value, text(value)])];
    list.replaceChildren(h("div", { class: "row filter" },
      h("label", {}, h("span", {}, "What"), select("action", options("action", (word) => word), { value: filter.action, change: choose("action") })),
      h("label", {}, h("span", {}, "Who"), select("actor", options("actor", name), { value: filter.actor, change: choose("actor") })),
      h("label", {}, h("span", {}, "From"), input("since", { type: "date", value: filter.since, change: choose("since") })),
      h("label", {}, h("span", {}, "Until"), input("until", { type: "date", value: filter.until, change: choose("until") })),
      search("Search", () => drawn.querySelectorAll("tbody tr"))), drawn,
    ...(from > 0 ? [h("div", { class: "actions" }, h("button", { type: "button", click: () => attempt(list, async () => { await older(); draw(); }) }, "Show older entries"))] : []));
  };
  await older();
  draw();
  place.append(head("Audit log", h("div", { class: "inline" }, verify)), verdict, list);
}
