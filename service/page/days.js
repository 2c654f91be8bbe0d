// Days that have a plan.
import { empty, h, head, search, table } from "./dom.js";
import { ask } from "./session.js";
import { dayName, moment, today } from "./words.js";

export async function show(place) {
  const days = await ask("GET", "/v1/days?limit=400");
  const go = h("input", { type: "date", value: today(), "aria-label": "Day" });
  const open = h("form", { class: "inline" }, go, h("button", {}, "Open"));
  open.addEventListener("submit", (event) => {
    event.preventDefault();
    if (go.value) location.hash = `#/day/${go.value}`;
  });
  place.append(head("Days", open));
  if (!days.length) return place.append(empty("No day has a plan yet.", h("a", { class: "button", href: `#/day/${today()}` }, "Plan today")));
  const rows = days.map((day) => [
    h("a", { href: `#/day/${day.day}` }, dayName(day.day)), day.version, cause(day.cause), moment(day.changed_at),
  ]);
  const drawn = table("Days that have a plan, the newest first", ["Day", { label: "Version", number: true }, "How it came about", "Since"], rows);
  place.append(search("Find a day", () => drawn.querySelectorAll("tbody tr")), drawn);
}

export const cause = (word) => ({ chosen: "chosen by hand", adapted: "adapted" })[word] || word;
