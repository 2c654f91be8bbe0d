// Stops that are moved by hand: by drag, by keyboard, and in a dialog. Each change is judged by the service; nothing is kept until it is saved.
import { attempt, complain, field, h, say, select } from "./dom.js";
import { draw } from "./board.js";
import { open } from "./dialog.js";
import { ask, state } from "./session.js";
import { count, km, more, number } from "./words.js";
import { stale } from "./day.js";

export class Moves {
  constructor({ day, version, board, place, again, signal }) {
    Object.assign(this, { day, version, place, again, board, first: board });
    /** The moves that are not saved yet, and what the judge said after each. */
    this.pending = [];
    this.judged = [];
    this.bar = h("div", { class: "bar noprint", role: "region", "aria-label": "Changes that are not saved", hidden: true });
    place.after(this.bar);
    state.unsaved = () => this.pending.length > 0;
    const leaving = (event) => { if (this.pending.length) event.preventDefault(); };
    addEventListener("beforeunload", leaving, { signal });
    // Ctrl with Z takes back the last move, as everywhere.
    addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== "z" || !this.pending.length || event.target.matches("input, textarea")) return;
      event.preventDefault();
      this.undo();
    }, { signal });
  }

  has(stop) {
    return stop.activity === "client" && this.pending.some((one) => one.client === stop.index);
  }

  judge(moves) {
    return ask("POST", `/v1/days/${this.day}/moves/judgement`, { version: this.version.version, moves });
  }

  /** Makes a move that is not saved; shows what becomes of the plan. */
  make(one) {
    return attempt(this.place, async () => {
      this.took(one, await this.judge([...this.pending, one]).catch((problem) => stale(problem, this.again)));
    });
  }

  took(one, judged) {
    this.pending.push(one);
    this.judged.push(judged);
    this.show(one);
  }

  undo() {
    const one = this.pending.pop();
    this.judged.pop();
    this.show(one);
    say("The last move is taken back.");
  }

  /** Draws the plan as it would be, and what that costs; the focus stays with what was moved. */
  show(one) {
    const judged = this.judged.at(-1);
    this.board = judged?.board ?? this.first;
    const top = scrollY;
    const lists = [...this.place.querySelectorAll(".route")].map((list) => list.scrollTop);
    draw(this.place, this.board, this);
    [...this.place.querySelectorAll(".route")].forEach((list, i) => { list.scrollTop = lists[i] ?? 0; });
    scrollTo(scrollX, top);
    this.bar.hidden = !judged;
    if (judged) this.bar.replaceChildren(...this.summary(judged));
    const row = this.place.querySelector(`[data-client="${one?.client}"]`);
    (row?.querySelector(".move") ?? this.bar.querySelector("button"))?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  summary(judged) {
    const bad = judged.new_violations;
    return [
      h("div", { role: "status" }, h("strong", {}, count(this.pending.length, "move")), ` not saved: ${difference(judged)}`,
        bad.length > 0 && h("ul", { class: "bad" }, bad.slice(0, 5).map((text) => h("li", {}, text)), bad.length > 5 && h("li", {}, `and ${bad.length - 5} more`))),
      h("div", { class: "actions" },
        h("button", { type: "button", class: "quiet", id: "undo", click: () => this.undo() }, "Undo"),
        h("button", { type: "button", class: "quiet", id: "discard", click: () => this.discard() }, "Discard all"),
        h("button", { type: "button", id: "save-moves", click: () => this.save() }, bad.length ? "Save although rules are violated" : "Save")),
    ];
  }

  discard() {
    this.pending = [];
    this.judged = [];
    this.show();
    say("The plan is as it was.");
  }

  save() {
    return attempt(this.bar, async () => {
      const kept = await ask("POST", `/v1/days/${this.day}/moves`, { version: this.version.version, moves: this.pending })
        .catch((problem) => stale(problem, this.again));
      this.pending = [];
      this.bar.remove();
      await this.again();
      say(`Saved as version ${kept.version}. The version before is in the history.`);
    });
  }

  /** Alt with an arrow: earlier or later on the same route. */
  key(event, stop, route) {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const clients = this.clients(route);
    const at = clients.findIndex((each) => each.index === stop.index);
    const to = event.key === "ArrowUp" ? at - 1 : at + 2;
    if (to < 0 || to > clients.length) return;
    this.make({ client: stop.index, route, ...(to < clients.length ? { before: clients[to].index } : {}) });
  }

  clients(route) {
    return this.board.routes[route].stops.filter((stop) => stop.activity === "client");
  }

  // ---- by drag

  draggable(row, stop, route) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text/plain", stop.name || stop.code);
      event.dataTransfer.effectAllowed = "move";
      this.dragged = stop.index;
      row.classList.add("dragged");
    });
    row.addEventListener("dragend", () => {
      this.dragged = undefined;
      row.classList.remove("dragged");
    });
    this.target(row, { route, before: stop.index });
  }

  /** What a stop can be dropped on. */
  target(element, where) {
    const over = (event) => {
      if (this.dragged === undefined || this.dragged === where.before) return;
      event.preventDefault();
      event.stopPropagation();
      for (const old of this.place.querySelectorAll(".over")) old.classList.remove("over");
      element.classList.add("over");
    };
    element.addEventListener("dragover", over);
    element.addEventListener("dragenter", over);
    element.addEventListener("dragleave", () => element.classList.remove("over"));
    element.addEventListener("drop", (event) => {
      if (this.dragged === undefined || this.dragged === where.before) return;
      event.preventDefault();
      event.stopPropagation();
      const client = this.dragged;
      this.dragged = undefined;
      this.make({ client, ...where });
    });
  }

  // ---- in a dialog

  /** Asks where a stop is to go; each choice is judged before it is taken. */
  ask(stop, route) {
    return open(`Move ${stop.name || stop.code}`, (close) => {
      const trucks = this.board.routes.map((each, r) => [`route:${r}`, `${r + 1} ${each.name || each.code}${r === route ? " (is on it)" : ""}`]);
      const free = this.board.vehicles.filter((each) => each.free > 0).map((each) => [`type:${each.vehicle_type}`, `${each.name || each.code}, from the depot`]);
      const none = route === null ? [] : [["none", "no truck: unserved"]];
      const truck = select("truck", [...trucks, ...free, ...none], { value: `route:${route ?? 0}` });
      const position = select("before", []);
      const verdict = h("div", { class: "verdict", role: "status", "aria-live": "polite" });
      const go = h("button", { type: "button", id: "make-move" }, "Move");
      const own = h("div", {}, field("To", truck), field("Place", position), verdict,
        h("div", { class: "actions" }, h("button", { type: "button", class: "quiet", click: () => close(null) }, "Cancel"), go));
      let asked = 0;
      let judged = null;
      const chosen = () => {
        const [kind, index] = truck.value.split(":");
        if (kind === "none") return { client: stop.index, unserved: true };
        if (kind === "type") return { client: stop.index, vehicle_type: Number(index) };
        return { client: stop.index, route: Number(index), ...(position.value ? { before: Number(position.value) } : {}) };
      };
      const places = () => {
        const [kind, index] = truck.value.split(":");
        const clients = kind === "route" ? this.clients(Number(index)).filter((each) => each.index !== stop.index) : [];
        position.replaceChildren(...clients.map((each, i) => h("option", { value: each.index }, `${i + 1}, before ${each.name || each.code}`)),
          h("option", { value: "", selected: true }, clients.length ? `${clients.length + 1}, the last one` : "the only one"));
        position.disabled = kind !== "route" || !clients.length;
        judge();
      };
      const judge = async () => {
        const mine = (asked += 1);
        judged = null;
        go.disabled = true;
        verdict.textContent = "Judging…";
        complain(own, null);
        try {
          const answer = await this.judge([...this.pending, chosen()]);
          if (mine !== asked) return;
          judged = answer;
          go.disabled = false;
          const before = this.judged.at(-1)?.board.figures ?? this.first.figures;
          const bad = answer.new_violations;
          verdict.replaceChildren(h("p", {}, `This move: ${figures(before, answer.board.figures)}.`),
            bad.length ? h("ul", { class: "bad" }, bad.map((text) => h("li", {}, text))) : h("p", { class: "good" }, "No further rule is violated."));
        } catch (problem) {
          if (mine !== asked) return;
          verdict.textContent = "";
          complain(own, problem);
        }
      };
      truck.addEventListener("change", places);
      position.addEventListener("change", judge);
      go.addEventListener("click", () => close({ one: chosen(), judged }));
      places();
      return own;
    }).then((result) => { if (result?.judged) this.took(result.one, result.judged); });
  }
}

const difference = (judged) => `${figures(judged.before, judged.board.figures)}; ${judged.new_violations.length
  ? `${count(judged.new_violations.length, "more rule")} violated` : "no further rule violated"}`;

/** What differs between the figures of two plans. */
export function figures(before, after) {
  const parts = [
    `cost ${more(after.cost - before.cost, number)} (${number(before.cost)} to ${number(after.cost)})`,
    `distance ${more(after.distance - before.distance, km)}`,
  ];
  if (after.waiting !== before.waiting) parts.push(`waiting ${more(Math.round((after.waiting - before.waiting) / 60), number)} min`);
  if (after.unserved !== before.unserved) parts.push(`unserved ${before.unserved} to ${after.unserved}`);
  return parts.join(", ");
}
