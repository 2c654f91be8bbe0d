// Elements, forms, tables, and errors where they arise.
import { told } from "./words.js";

export const byId = (id) => document.getElementById(id);

/** Makes an element. Attributes that are functions listen to the event of their name; those that are false are omitted. */
export function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same in SVG. */
export function s(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Says something that went well, for everybody to hear. */
export function say(text) {
  byId("message").textContent = text || "";
}

let next = "";

/** Says something once the next screen is there. */
export function sayThere(text) {
  next = text;
}

/** Says what was to be said on this screen, or nothing. */
export function sayArrived() {
  say(next);
  next = "";
}

/** Shows what went wrong in a place of its own; nothing takes it away. */
export function complain(place, problem) {
  let box = place.querySelector(":scope > .problem");
  if (!problem) return box?.remove();
  if (!box) {
    box = h("div", { class: "problem", role: "alert" });
    place.prepend(box);
  }
  box.replaceChildren(...told(problem).map((line, i) => h(i ? "p" : "strong", {}, line)));
  const remedy = problem.remedy;
  if (remedy) box.append(h("button", { type: "button", click: remedy.action }, remedy.label));
  box.scrollIntoView({ block: "nearest" });
}

/** Does what a person asked for, with buttons that wait, and errors in the place where they arise. Gives whether it went well. */
export async function attempt(place, action) {
  complain(place, null);
  say("");
  const buttons = [...place.querySelectorAll("button:not([disabled])")];
  for (const button of buttons) button.setAttribute("aria-disabled", "true");
  try {
    await action();
    return true;
  } catch (problem) {
    if (problem instanceof Error) console.error(problem);
    if (place.isConnected) complain(place, problem);
    return false;
  } finally {
    for (const button of buttons) button.removeAttribute("aria-disabled");
  }
}

/** A labelled field. */
export function field(label, input, hint) {
  return h("label", {}, h("span", {}, label), input, hint && h("small", {}, hint));
}

export const input = (name, attributes = {}) => h("input", { name, ...attributes });

/** A choice: options are texts, or pairs of value and text. */
export function select(name, options, attributes = {}) {
  const value = attributes.value;
  const own = options.map((option) => {
    const [key, text] = Array.isArray(option) ? option : [option, option];
    return h("option", { value: key, selected: String(key) === String(value) }, text);
  });
  return h("select", { ...attributes, value: undefined, name }, own);
}

/** A form with its fields and a button; errors stand in it, those of a field at that field. */
export function form(attributes, fields, label, action) {
  const made = h("form", { ...attributes, novalidate: false }, fields, h("div", { class: "actions" }, h("button", {}, label)));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (made.dataset.busy) return;
    made.dataset.busy = "";
    for (const wrong of made.querySelectorAll("[aria-invalid]")) wrong.removeAttribute("aria-invalid");
    await attempt(made, async () => {
      try {
        await action(Object.fromEntries(new FormData(made)), made);
      } catch (problem) {
        const wrong = (problem.faults || []).map((fault) => made.elements[fault.path?.replace(/^\$\./, "").replace(/\[.*/, "")]);
        for (const each of wrong) each?.setAttribute?.("aria-invalid", "true");
        wrong.find((each) => each?.focus)?.focus();
        throw problem;
      }
    });
    delete made.dataset.busy;
  });
  return made;
}

/** A table. Columns are texts, or `{ label, number, wide }`; cells are texts or elements. */
export function table(caption, columns, rows, attributes = {}) {
  const heads = columns.map((column) => (typeof column === "string" ? { label: column } : column));
  const cell = (value, i) => h(i === 0 ? "th" : "td", { scope: i === 0 && "row", class: heads[i]?.number && "number" }, value ?? "");
  const lines = rows.map((row) => {
    const { cells, ...rest } = Array.isArray(row) ? { cells: row } : row;
    return h("tr", rest, cells.map(cell));
  });
  const drawn = h("table", attributes,
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col", class: head.number && "number" }, head.label)))),
    h("tbody", {}, lines));
  return h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption }, drawn);
}

/** A search field that hides the rows of a table, or items of a list, without its words. */
export function search(label, rows, found = () => {}) {
  const look = (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows()) {
      row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
      if (!row.hidden) count += 1;
    }
    found(count);
  };
  return h("label", { class: "search" }, h("span", {}, label), h("input", { type: "search", input: look }));
}

/** The head of a screen. */
export const head = (title, ...more) => h("div", { class: "head" }, h("h1", { tabindex: "-1" }, title), ...more);

export const card = (title, ...children) => h("section", { class: "card" }, title && h("h2", {}, title), children);

/** What stands where there is nothing yet, with what to do about it. */
export const empty = (text, ...more) => h("div", { class: "empty" }, h("p", {}, text), more);
