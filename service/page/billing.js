// Invoices for emptyings that drivers have confirmed: drafts, what is on them, their approval, and what becomes of those that cannot be sent.
import { attempt, card, empty, field, form, h, head, input, say, sayThere, table } from "./dom.js";
import { open, sure } from "./dialog.js";
import { ask } from "./session.js";
import { count, dayName, moment, number, today } from "./words.js";

const STATES = {
  draft: "draft", approved: "approved, to be sent", sent: "sent", paid: "paid", uncollectible: "will not be paid", voided: "taken back", refunded: "given back",
};

/** Invoices that are read at a time, and emptyings of one. */
const PAGE = 200;
const ITEMS = 500;

/** An amount of a currency's smallest unit as people read it. */
export function money(amount, currency) {
  const format = new Intl.NumberFormat("en", { style: "currency", currency: currency.toUpperCase() });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits).replace("-", "−");
}

const period = ({ from, until }) => (from === until ? dayName(from) : `${dayName(from)} to ${dayName(until)}`);
const isWithdrawn = ({ state, reference }) => state === "voided" && !reference;
const stateOf = (invoice) => (isWithdrawn(invoice) ? "withdrawn" : STATES[invoice.state]) + (invoice.problem ? `: given up (${invoice.problem})` : "");
const isBegun = ({ state, account }) => state === "approved" && account !== "";
const pathOf = (invoice, what = "") => `/v1/invoices/${encodeURIComponent(invoice.id)}${what}`;

/** The month before this one: first and last day. */
function lastMonth() {
  const [year, month] = today().split("-").map(Number);
  const day = (of) => new Date(of).toISOString().slice(0, 10);
  return [day(Date.UTC(year, month - 2, 1)), day(Date.UTC(year, month - 1, 0))];
}

export async function show(place, [id], { signal }) {
  if (id) return one(place, id);
  const lists = h("div", {});
  place.append(head("Billing"), drafting(lists, signal), lists);
  await list(lists, signal);
}

function drafting(lists, signal) {
  const [first, last] = lastMonth();
  return card("Draft invoices", form({ id: "draft" }, [
    h("p", { class: "hint" }, "For each payer one, of the emptyings that drivers have confirmed and no invoice has. Nothing is sent until you approve it."),
    h("div", { class: "row" },
      field("From", input("from", { type: "date", required: true, value: first })),
      field("Until", input("until", { type: "date", required: true, value: last }))),
  ], "Draft", async (given) => {
    let [drafted, left, payers, made] = [0, {}, 0, 0];
    do {
      // Some payers at a time: what is drafted stays, whatever comes then.
      ({ invoices: { length: made }, left_out: left, payers_left: payers } = await ask("POST", "/v1/invoices", given));
      drafted += made;
    } while (payers && made);
    await list(lists, signal);
    const missing = [
      left.without_payer && `${count(left.without_payer, "emptying", "emptyings")} without a payer`,
      left.without_weight && `${left.without_weight} that are paid for by weight and were not weighed`,
      left.without_price && `${left.without_price} that cost nothing`,
    ].filter(Boolean);
    const rest = payers ? ` ${count(payers, "payer")} still to come: draft again.` : "";
    say(`${count(drafted, "draft")}.${rest}${missing.length ? ` Left out: ${missing.join(", ")}.` : ""}`);
  }));
}

/** A list that is read page by page. */
function pages(query, isWanted) {
  const own = { rows: [], after: "" };
  own.read = async () => {
    const page = await ask("GET", `/v1/invoices?limit=${PAGE}${query}&after=${encodeURIComponent(own.after)}`);
    own.after = page.length === PAGE ? page.at(-1).id : "";
    own.rows.push(...page.filter(isWanted));
  };
  return own;
}

async function list(place, signal) {
  // What waits for approval first, however much there is of the rest.
  const drafts = pages("&state=draft", () => true);
  const others = pages("", ({ state }) => state !== "draft");
  await Promise.all([drafts.read(), others.read()]);
  const draw = () => {
    if (signal.aborted) return;
    const invoices = [...drafts.rows, ...others.rows];
    if (!invoices.length && !others.after) return place.replaceChildren(empty("There are no invoices yet. Import payers, say in each bin's field payer who pays, and draft."));
    const rows = invoices.map((invoice) => [
      h("a", { href: `#/billing/${invoice.id}` }, invoice.name || invoice.payer), period(invoice), number(invoice.emptyings), money(invoice.total, invoice.currency), stateOf(invoice),
    ]);
    const more = (part, id, text) => part.after && h("button", { type: "button", id, click: () => attempt(place, async () => { await part.read(); draw(); }) }, text);
    place.replaceChildren(
      table("Invoices", ["Who pays", "For", { label: "Emptyings", number: true }, { label: "Total", number: true }, "State"], rows, { id: "invoices" }),
      h("div", { class: "actions" }, [more(drafts, "more-drafts", "Show more drafts"), more(others, "older", "Show older invoices")].filter(Boolean)));
  };
  draw();
}

async function one(place, id) {
  const read = (after) => ask("GET", pathOf({ id }, `?limit=${ITEMS}&after=${encodeURIComponent(after)}`));
  const draw = async () => present(await read(""));
  const present = (invoice) => {
    const price = (amount) => money(amount, invoice.currency);
    const facts = [
      ["For", period(invoice)], ["Without tax", price(invoice.net)], [`Tax, ${number(invoice.tax_basis_points / 100, invoice.tax_basis_points % 100 ? 2 : 0)} %`, price(invoice.tax)],
      ["Total", price(invoice.total)], ["State", stateOf(invoice)], ["Drafted", moment(invoice.drafted_at)],
      ...(invoice.sent_at ? [["Sent", `${moment(invoice.sent_at)}, ${invoice.provider} ${invoice.reference}`]] : []),
      ...(isBegun(invoice) ? [["Begun at", `${invoice.provider}, account ${invoice.account}`]] : []),
    ];
    const rows = invoice.items.map((item) => [
      item.day, item.name || item.code, item.material, item.kilograms === null ? "" : number(item.kilograms), price(item.amount),
    ]);
    const button = (id, quiet, action, label) => h("button", { type: "button", id, class: quiet && "quiet", click: () => attempt(place, () => action(invoice, price)) }, label);
    const buttons = {
      draft: () => [button("approve", false, approve, `Approve ${price(invoice.total)}…`), button("drop", true, drop, "Delete the draft…")],
      approved: () => (!isBegun(invoice) ? [button("withdraw", true, withdraw, "Withdraw…")]
        : invoice.problem ? [button("was-made", false, wasMade, "It is there…"), button("was-not-made", true, wasNotMade, "It is not there…")] : []),
    }[invoice.state]?.() ?? [];
    const last = invoice.items.at(-1);
    const isLong = invoice.items.length > 0 && invoice.items.length < invoice.emptyings;
    place.replaceChildren(
      head(`Invoice for ${invoice.name || invoice.payer}`, h("a", { href: "#/billing" }, "All invoices")),
      card("", h("dl", { class: "tiles", id: "invoice-facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
        isBegun(invoice) && invoice.problem && h("p", { class: "hint" }, "Have it sent again on the screen Providers, or look there and say what became of it: so it is neither sent twice nor lost."),
        buttons.length > 0 && h("div", { class: "actions" }, buttons)),
      table(`${count(invoice.items.length, "emptying", "emptyings")}${isLong ? ` of ${number(invoice.emptyings)}` : ""}`, ["Day", "Bin", "Material", { label: "Weight, kg", number: true }, { label: "Amount", number: true }], rows, { id: "items" }));
    if (!isLong) return;
    const more = async () => {
      const { items } = await read(`${last.day} ${last.code}`);
      // Where there are none left, some were taken off meanwhile: it is looked at anew.
      return items.length ? present({ ...invoice, items: [...invoice.items, ...items] }) : draw();
    };
    place.append(h("div", { class: "actions" }, h("button", { type: "button", id: "more-items", click: () => attempt(place, more) }, "Show more")));
  };
  async function approve(invoice, price) {
    const text = `${invoice.name || invoice.payer} gets an invoice of ${price(invoice.total)}. It is sent at once.`;
    if (!await sure("Approve this invoice?", text, "Approve and send")) return;
    try {
      await ask("POST", pathOf(invoice, "/approval"), { version: invoice.version, total: invoice.total });
    } catch (problem) {
      if (problem.code === "invoice_changed") await draw().catch(() => {});
      throw problem;
    }
    await draw();
    say("It is approved, and will be sent.");
  }
  async function drop(invoice) {
    if (!await sure("Delete this draft?", "What is on it can be billed again.", "Delete")) return;
    await ask("DELETE", pathOf(invoice));
    sayThere("The draft is deleted.");
    location.hash = "#/billing";
  }
  /** Tells something of an approved invoice, which may have become another one meanwhile, and what came of that. */
  async function tell(invoice, what, body, said) {
    try {
      await ask("POST", pathOf(invoice, what), { version: invoice.version, ...body });
    } catch (problem) {
      await draw().catch(() => {});
      throw problem;
    }
    await draw();
    say(said);
  }
  async function withdraw(invoice) {
    if (!await sure("Withdraw this invoice?", "No provider has anything of it. What is on it can be billed again.", "Withdraw")) return;
    await tell(invoice, "/withdrawal", {}, "It is withdrawn.");
  }
  async function wasMade(invoice) {
    const reference = await open("What is it called there?", (close) => form({}, [
      h("p", {}, `The invoice as it stands at ${invoice.provider}, account ${invoice.account}.`),
      field("Its name there", input("reference", { required: true, maxlength: 200, autocomplete: "off" }), "Such as in_1Q…"),
    ], "It is there", async (given) => close(given.reference.trim())));
    if (reference) await tell(invoice, "/resolution", { was_made: true, reference }, "It is sent.");
  }
  async function wasNotMade(invoice) {
    const text = `You have looked at ${invoice.provider}, account ${invoice.account}, and nothing of it is there, no draft either. It can then be sent anew, or withdrawn.`;
    if (!await sure("Is it not there?", text, "It is not there")) return;
    await tell(invoice, "/resolution", { was_made: false }, "It can be sent anew, or withdrawn.");
  }
  await draw();
}
