// Asking for a plan, and following the job until it ends.
import { attempt, complain, field, form, h, input, select } from "./dom.js";
import { ask, send, state } from "./session.js";
import { count, number } from "./words.js";

/** Fields that say what is planned, for how long. */
export const wanted = () => [
  field("Bins at least so full, %", input("min_fill", { type: "number", min: 0, max: 200, value: 0, required: true })),
  field("Search for, seconds", input("seconds", { type: "number", min: 1, max: 600, value: 10, required: true })),
  field("Travel", select("travel", [["streets", "on the streets"], ["straight_lines", "straight lines"]])),
];

/** What the fields say, as a request. */
export const request = (given) => ({
  name: given.name || "", min_fill: Number(given.min_fill), seconds: Number(given.seconds), travel: given.travel,
});

/** A form that asks for a plan of a day, and shows its progress; `done` gets the plan's id. */
export function planForm(day, done, signal) {
  const job = h("div", { class: "job", hidden: true });
  const fields = [h("div", { class: "row" }, field("Name", input("name", { maxlength: 200, placeholder: day })), wanted())];
  const own = form({ id: "plan" }, fields, "Plan", async (given) => {
    const body = request({ ...given, name: given.name || day });
    const answer = await ask("POST", "/v1/plans", body);
    const plan = answer.plan_id ?? (await follow(job, answer.job, body.seconds, signal)).plan_id;
    if (plan) await done(plan);
  });
  return h("div", {}, own, job);
}

/** Goes on with a job that is under way, such as after a reload. */
export async function underway() {
  const [job] = await ask("GET", "/v1/jobs?limit=1");
  return job && ["queued", "running"].includes(job.state) ? job : null;
}

/** Follows a job by its events in a place of its own, with a button that cancels it. Where the stream ends early, it is asked for again. */
export async function follow(place, job, seconds, signal) {
  const bar = h("progress", { max: 1, value: 0, "aria-label": "Progress" });
  const text = h("span", { id: "job-text" }, "queued");
  const cancel = h("button", { type: "button", id: "job-cancel", class: "quiet" }, "Cancel");
  cancel.addEventListener("click", () => attempt(place, () => ask("DELETE", `/v1/jobs/${job.id}`)));
  place.replaceChildren(h("div", { class: "progress", role: "group", "aria-label": "Job" }, bar, text, cancel));
  place.hidden = false;
  for (;;) {
    if (signal?.aborted || !state.me) throw { detail: "It goes on without this page." };
    try {
      const answer = await send("GET", `/v1/jobs/${job.id}/events`);
      for await (const now of events(answer.body)) {
        if (signal?.aborted) break;
        bar.value = share(now.progress, seconds);
        text.textContent = said(now);
        if (["queued", "running"].includes(now.state)) continue;
        place.hidden = true;
        if (now.error) throw { detail: now.error };
        if (now.state === "cancelled") throw { detail: "The job was cancelled; nothing has changed." };
        return now;
      }
    } catch (problem) {
      if (!(problem instanceof TypeError) && problem.detail !== "The service cannot be reached.") throw problem;
      complain(place, problem);
    }
    await new Promise((wait) => setTimeout(wait, 1000));
  }
}

const share = ({ seconds: elapsed = 0, share: part }, seconds) => part ?? (seconds ? Math.min(1, elapsed / seconds) : 0);

function said({ state: word, progress: { step, seconds, iterations, best_cost: cost, unserved, searches, done } }) {
  if (step) return `${word}: ${step}`;
  if (searches) return `${word}: ${seconds.toFixed(0)} s, ${done} of ${count(searches, "search", "searches")}`;
  if (iterations === undefined) return word;
  return `${word}: ${seconds.toFixed(1)} s, ${number(iterations)} iterations, cost ${number(cost)}, ${unserved} unserved`;
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const parts = text.split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      const data = part.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("\n");
      if (data) yield JSON.parse(data);
    }
  }
}
