// Outside systems and how they do, and what waits to be sent.
import { attempt, card, empty, field, form, h, head, input, select, table } from "./dom.js";
import { open, sure } from "./dialog.js";
import { ask, send } from "./session.js";
import { moment, number } from "./words.js";

const CHOICES = { messages: ["twilio", "local"], mail: ["sendgrid", "local"], payments: ["stripe", "local"], telematics: ["samsara", "local"] };

export async function show(place) {
  const [providers, outbox] = await Promise.all([ask("GET", "/v1/providers"), ask("GET", "/v1/outbox?limit=50").catch(() => [])]);
  const again = () => { place.replaceChildren(); return show(place); };
  const health = ({ health: own, dead }) => {
    if (dead) return h("span", { class: "bad" }, `${number(dead)} given up`);
    if (!own) return "not used yet";
    const words = { closed: "works", open: "does not answer: it is left alone for a while", half_open: "is tried again" }[own.breaker] || own.breaker;
    return h("span", { class: own.breaker === "closed" ? "good" : "bad" }, words, own.last_problem && h("small", {}, ` ${own.last_problem}`));
  };
  const money = (millionths) => number(millionths / 1e6, 2);
  const rows = providers.map((each) => [each.capability, each.provider, health(each), each.waiting, each.dead,
    each.day_budget ? `${money(each.spent_today)} of ${money(each.day_budget)}` : money(each.spent_today),
    h("div", { class: "inline" },
      h("button", { type: "button", class: "quiet", "aria-label": `Set up ${each.capability}`, click: () => attempt(place, () => setUp(each, again)) }, "Set up…"),
      each.provider !== "local" && h("button", { type: "button", class: "quiet", "aria-label": `Remove ${each.provider}`, click: () => attempt(place, async () => {
        if (!await sure(`Remove ${each.provider}?`, "What is sent from now on stays in the local outbox.", "Remove")) return;
        await send("DELETE", `/v1/providers/${each.capability}`);
        await again();
      }) }, "Remove…"))]);
  place.append(head("Providers"),
    table("Outside systems and how they do", ["For", "Provider", "Health", { label: "Waiting", number: true }, { label: "Given up", number: true }, { label: "Spent today", number: true }, ""], rows, { id: "providers" }));
  const retry = (each) => (each.state === "dead" ? h("button", { type: "button", class: "quiet", "aria-label": `Try ${each.kind} again`, click: () => attempt(place, async () => {
    await send("POST", `/v1/outbox/${each.id}/retry`);
    await again();
  }) }, "Try again") : "");
  const sent = outbox.map((each) => [moment(each.created_at), each.kind, each.state, each.attempts, each.error ?? "", retry(each)]);
  place.append(card("Outbox", sent.length
    ? table("What was sent or waits", ["When", "What", "State", { label: "Attempts", number: true }, "Problem", ""], sent, { id: "outbox" })
    : empty("Nothing was sent yet.")));
}

function setUp(each, again) {
  return open(`Set up ${each.capability}`, (close) => form({}, [
    field("Provider", select("provider", CHOICES[each.capability] || [each.provider], { value: each.provider })),
    field("Secret", input("secret", { type: "password", autocomplete: "off" }), "With which calls are authorised. It is sealed, and never shown again."),
    field("Settings, JSON", h("textarea", { name: "settings", rows: 4 }, JSON.stringify(each.settings ?? {}, null, 1))),
    field("Day budget", input("budget", { type: "number", min: 0, step: "0.01", value: (each.day_budget || 0) / 1e6 })),
  ], "Set up", async (given) => {
    let settings;
    try { settings = JSON.parse(given.settings || "{}"); } catch { throw { detail: "The settings are no JSON object, such as {\"from\": \"+3120…\"}." }; }
    const body = { provider: given.provider, settings, price: each.price || 0, day_budget: Math.round(Number(given.budget) * 1e6) };
    if (given.secret) body.secret = given.secret;
    await send("PUT", `/v1/providers/${each.capability}`, body);
    close(true);
  })).then((done) => done && again());
}
