// Alternatives of a day: plans of which none is better than another in all objectives, side by side.
import { attempt, card, empty, field, form, h, input, sayThere, select, table } from "./dom.js";
import { drawing, drawn } from "./board.js";
import { current, dayHead, stale } from "./day.js";
import { follow, request, wanted } from "./planning.js";
import { ask, may, state } from "./session.js";
import { count, dayName, km, moment, more, number, span, today } from "./words.js";

const OBJECTIVES = {
  cost: "cost", distance: "distance", vehicles: "trucks", makespan: "end of the last route", unserved: "unserved", balance: "balance", scatter: "scatter", emissions: "emissions",
};

export async function show(place, [given, front], { signal }) {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(given || "") ? given : today();
  state.day = day;
  const [version, fronts] = await Promise.all([current(day), ask("GET", `/v1/days/${day}/alternatives`)]);
  const back = h("a", { class: "button quiet", href: `#/day/${day}` }, "Back to the plan");
  place.append(dayHead(day, version, back));
  if (may("plans:write")) place.append(card("Look for alternatives", asking(day, signal)));
  if (!fronts.length) return place.append(empty("Nobody has asked for alternatives of this day yet."));
  const chosen = fronts.find((each) => each.id === front) || fronts[0];
  const links = fronts.map((each) => h("a", { href: `#/alternatives/${day}/${each.id}`, "aria-current": each.id === chosen.id && "page" }, `${each.name || "Alternatives"}, ${moment(each.created_at)}`));
  if (fronts.length > 1) place.append(h("nav", { class: "tabs", "aria-label": "Sets of alternatives" }, links));
  await points(place, day, version, await ask("GET", `/v1/alternatives/${chosen.id}`));
}

function asking(day, signal) {
  const job = h("div", { class: "job", hidden: true });
  const boxes = Object.entries(OBJECTIVES).map(([name, words]) => h("label", { class: "check" },
    h("input", { type: "checkbox", name: "objectives", value: name, checked: ["cost", "vehicles"].includes(name) }), h("span", {}, words)));
  const own = form({ id: "ask-alternatives" }, [
    h("fieldset", { class: "checks" }, h("legend", {}, "Two or three objectives"), boxes),
    h("div", { class: "row" }, wanted(), field("About so many plans", input("points", { type: "number", min: 2, max: 20, value: 5, required: true }))),
  ], "Look", async (given, made) => {
    const objectives = [...made.querySelectorAll("[name=objectives]:checked")].map((box) => box.value);
    const body = { ...request(given), objectives, points: Number(given.points) };
    const answer = await ask("POST", `/v1/days/${day}/alternatives`, body);
    const id = answer.front_id ?? (await follow(job, answer.job, body.seconds, signal)).front_id;
    location.hash = `#/alternatives/${day}/${id}`;
  });
  return h("div", {}, own, job);
}

async function points(place, day, version, found) {
  const objectives = found.document.objectives;
  const own = card("Side by side");
  const pairs = h("div", {});
  const choose = (point) => attempt(own, async () => {
    const kept = await ask("POST", `/v1/alternatives/${found.id}/choice`, { point, version: version?.version ?? 0 })
      .catch((problem) => stale(problem, () => location.reload()));
    sayThere(`Alternative ${point + 1} is version ${kept.version} of ${dayName(day)}.`);
    location.hash = `#/day/${day}`;
  });
  const row = (plan, i) => [`${i + 1}${version?.plan_id === plan.id ? " (holds now)" : ""}`,
    ...objectives.map((_, o) => number(found.document.points[i]?.values?.[o], 0)),
    number(plan.cost), km(plan.distance), span(plan.duration), number(plan.served), number(plan.unserved), plan.feasible ? "" : "violates rules",
    h("div", { class: "inline" }, h("a", { href: `#/plan/${plan.id}`, "aria-label": `Show alternative ${i + 1}` }, "Show"),
      may("plans:write") && h("button", { type: "button", "aria-label": `Choose alternative ${i + 1}`, click: () => choose(i) }, "Choose"))];
  const heads = [...objectives.map((name) => `objective: ${OBJECTIVES[name] || name}`), "Cost", "Distance", "On the road", "Stops", "Unserved"];
  own.append(table(count(found.plans.length, "alternative"), ["No.", ...heads.map((label) => ({ label, number: true })), "", ""], found.plans.map(row), { id: "alternatives" }));
  place.append(own);
  if (found.plans.length < 2) return;
  const options = found.plans.map((_, i) => [i, `alternative ${i + 1}`]);
  const of = select("of", options, { value: 0 });
  const withOther = select("with", options, { value: found.plans.length - 1 });
  let asked = 0;
  const compare = () => attempt(pairs, async () => {
    const mine = (asked += 1);
    const both = [Number(of.value), Number(withOther.value)];
    const [comparison, ...boards] = await Promise.all([
      ask("GET", `/v1/alternatives/${found.id}/comparison?of=${both[0]}&with=${both[1]}`), ...both.map((i) => ask("GET", `/v1/plans/${found.plans[i].id}/board`)),
    ]);
    if (mine !== asked) return;
    const names = new Map(boards.flatMap((board) => board.routes.flatMap((route) => [[route.code, route.name], ...route.stops.map((stop) => [stop.code, stop.name])])));
    const name = (code) => names.get(code) || code;
    const moved = comparison.moved.map((each) => [name(each.code), each.from === null ? "unserved" : name(each.from), each.to === null ? "unserved" : name(each.to)]);
    pairs.replaceChildren(
      h("p", {}, `Alternative ${both[1] + 1} against ${both[0] + 1}: cost ${more(comparison.cost, number)}, distance ${more(comparison.distance, km)}, ${more(Math.round(comparison.duration / 60), number)} min on the road, ${more(comparison.served, number)} stops.`),
      h("div", { class: "pair" }, boards.map((board, i) => h("section", { "aria-label": `Alternative ${both[i] + 1}` }, h("h3", {}, `Alternative ${both[i] + 1}`), drawing(board.drawing)))),
      moved.length ? table(`${count(moved.length, "stop")} on another truck`, ["Stop", `Alternative ${both[0] + 1}`, `Alternative ${both[1] + 1}`], moved, { id: "moved" }) : h("p", {}, "Every stop is on the same truck."));
    drawn();
  });
  of.addEventListener("change", compare);
  withOther.addEventListener("change", compare);
  place.append(card("Compare two", h("div", { class: "row" }, field("First", of), field("Second", withOther)), pairs));
  await compare();
}
