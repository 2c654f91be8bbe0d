// Invoices for emptyings that drivers have confirmed: drafts, what is on them, and their approval.
import { attempt, card, empty, field, form, h, head, input, say, sayThere, table } from "./dom.js";
import { sure } from "./dialog.js";
import { ask } from "./session.js";
import { count, dayName, moment, number, today } from "./words.js";

const STATES = {
  draft: "draft", approved: "approved, to be sent", sent: "sent", paid: "paid", uncollectible: "will not be paid", voided: "taken back", refunded: "given back",
};

/** An amount of a currency's smallest unit as people read it. */
export function money(amount, currency) {
  const format = new Intl.NumberFormat("en", { style: "currency", currency: currency.toUpperCase() });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits).replace("-", "−");
}

const period = ({ from, until }) => (from === until ? dayName(from) : `${dayName(from)} to ${dayName(until)}`);
const stateOf = (invoice) => STATES[invoice.state] + (invoice.problem ? `: given up (${invoice.problem})` : "");

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
    const { invoices, left_out: left } = await ask("POST", "/v1/invoices", given);
    await list(lists, signal);
    const missing = [
      left.without_payer && `${count(left.without_payer, "emptying", "emptyings")} without a payer`,
      left.without_weight && `${left.without_weight} that are paid for by weight and were not weighed`,
      left.without_price && `${left.without_price} that cost nothing`,
    ].filter(Boolean);
    say(`${count(invoices.length, "draft")}.${missing.length ? ` Left out: ${missing.join(", ")}.` : ""}`);
  }));
}

async function list(place, signal) {
  // What waits for approval first, however much there is of the rest.
  const [drafts, newest] = await Promise.all([ask("GET", "/v1/invoices?state=draft&limit=1000"), ask("GET", "/v1/invoices?limit=200")]);
  if (signal.aborted) return;
  const invoices = [...drafts, ...newest.filter((invoice) => invoice.state !== "draft")];
  if (!invoices.length) return place.replaceChildren(empty("There are no invoices yet. Import payers, say in each bin's field payer who pays, and draft."));
  const rows = invoices.map((invoice) => [
    h("a", { href: `#/billing/${invoice.id}` }, invoice.name || invoice.payer), period(invoice), number(invoice.emptyings), money(invoice.total, invoice.currency), stateOf(invoice),
  ]);
  place.replaceChildren(table("Invoices", ["Who pays", "For", { label: "Emptyings", number: true }, { label: "Total", number: true }, "State"], rows, { id: "invoices" }));
}

async function one(place, id) {
  const draw = async () => {
    const invoice = await ask("GET", `/v1/invoices/${encodeURIComponent(id)}`);
    const price = (amount) => money(amount, invoice.currency);
    const facts = [
      ["For", period(invoice)], ["Without tax", price(invoice.net)], [`Tax, ${number(invoice.tax_basis_points / 100, invoice.tax_basis_points % 100 ? 2 : 0)} %`, price(invoice.tax)],
      ["Total", price(invoice.total)], ["State", stateOf(invoice)], ["Drafted", moment(invoice.drafted_at)],
      ...(invoice.sent_at ? [["Sent", `${moment(invoice.sent_at)}, ${invoice.provider} ${invoice.reference}`]] : []),
    ];
    const rows = invoice.items.map((item) => [
      item.day, item.name || item.code, item.material, item.kilograms === null ? "" : number(item.kilograms), price(item.amount),
    ]);
    const isDraft = invoice.state === "draft";
    place.replaceChildren(
      head(`Invoice for ${invoice.name || invoice.payer}`, h("a", { href: "#/billing" }, "All invoices")),
      card("", h("dl", { class: "tiles", id: "invoice-facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
        isDraft && h("div", { class: "actions" },
          h("button", { type: "button", id: "approve", click: () => attempt(place, () => approve(invoice, price)) }, `Approve ${price(invoice.total)}…`),
          h("button", { type: "button", id: "drop", class: "quiet", click: () => attempt(place, () => drop(invoice)) }, "Delete the draft…"))),
      table(count(invoice.items.length, "emptying", "emptyings"), ["Day", "Bin", "Material", { label: "Weight, kg", number: true }, { label: "Amount", number: true }], rows, { id: "items" }));
  };
  async function approve(invoice, price) {
    const text = `${invoice.name || invoice.payer} gets an invoice of ${price(invoice.total)}. It is sent at once, and cannot be deleted any more.`;
    if (!await sure("Approve this invoice?", text, "Approve and send")) return;
    try {
      await ask("POST", `/v1/invoices/${encodeURIComponent(invoice.id)}/approval`, { version: invoice.version, total: invoice.total });
    } catch (problem) {
      if (problem.code === "invoice_changed") await draw().catch(() => {});
      throw problem;
    }
    await draw();
    say("It is approved, and will be sent.");
  }
  async function drop(invoice) {
    if (!await sure("Delete this draft?", "What is on it can be billed again.", "Delete")) return;
    await ask("DELETE", `/v1/invoices/${encodeURIComponent(invoice.id)}`);
    sayThere("The draft is deleted.");
    location.hash = "#/billing";
  }
  await draw();
}
