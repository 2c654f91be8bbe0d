// Stored plans: a list with search, and one by itself.
import { attempt, empty, h, head, search, table } from "./dom.js";
import { draw } from "./board.js";
import { sure } from "./dialog.js";
import { ask, may } from "./session.js";
import { dayName, km, moment, number, span, today } from "./words.js";

export async function list(place) {
  const plans = await ask("GET", "/v1/plans?limit=200");
  place.append(head("Plans"));
  if (!plans.length) return place.append(empty("No plan has been made yet.", h("a", { class: "button", href: `#/day/${today()}` }, "Plan today")));
  const rows = plans.map((plan) => [
    h("a", { href: `#/plan/${plan.id}` }, plan.name || "without a name"), moment(plan.created_at), number(plan.served), number(plan.unserved), km(plan.distance),
    span(plan.duration), number(plan.cost), plan.feasible ? "" : "violates rules",
  ]);
  const numbers = ["Stops", "Unserved", "Distance", "On the road", "Cost"].map((label) => ({ label, number: true }));
  const drawn = table("Plans, the newest first", ["Name", "Made", ...numbers, ""], rows, { id: "plans" });
  place.append(search("Find a plan", () => drawn.querySelectorAll("tbody tr")), drawn);
}

export async function one(place, [id]) {
  const [board, summary] = await Promise.all([ask("GET", `/v1/plans/${id}/board?reasons=true`), ask("GET", `/v1/plans/${id}/summary`)]);
  const actions = h("div", { class: "inline noprint" });
  place.append(head(summary.name || "A plan", h("span", { class: "hint" }, `made ${moment(summary.created_at)}. ${summary.travel.map((travel) => `Travel: ${travel.label}.`).join(" ")}`), actions));
  if (may("plans:write")) {
    const day = h("input", { type: "date", value: today(), "aria-label": "Day" });
    const use = async () => {
      const now = await ask("GET", `/v1/days/${day.value}`).catch((problem) => { if (problem.code === "not_found") return null; throw problem; });
      if (now && !await sure("Replace the plan of the day?", `${dayName(day.value)} has a plan already, version ${now.version}. It stays in the history.`, "Replace")) return;
      await ask("PUT", `/v1/days/${day.value}`, { plan_id: id, version: now?.version ?? 0 });
      location.hash = `#/day/${day.value}`;
    };
    const remove = async () => {
      if (!await sure("Delete the plan?", "It cannot be brought back.", "Delete")) return;
      await ask("DELETE", `/v1/plans/${id}`);
      location.hash = "#/plans";
    };
    actions.append(day, h("button", { type: "button", click: () => attempt(place, use) }, "Use for this day"),
      h("button", { type: "button", class: "quiet", click: () => attempt(place, remove) }, "Delete…"),
      h("button", { type: "button", class: "quiet", click: () => print() }, "Print"));
  }
  const own = h("div", { class: "board" });
  place.append(own);
  draw(own, board, null);
}
