// What the page does: move the map, show routes or not, say what is under the pointer. Without it everything is still there.
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const within = (value, low, high) => Math.min(Math.max(value, low), high);

  /** The part of a map that is seen. */
  function mapOf(svg, signal) {
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const whole = { x: 0, y: 0, w: width, h: height };
    let seen = { ...whole };

    /** Units of the drawing in a pixel: marks keep their size while the map is enlarged. */
    function unit() {
      const box = svg.getBoundingClientRect();
      return box.width && box.height ? Math.max(seen.w / box.width, seen.h / box.height) : 1;
    }
    function look() {
      svg.setAttribute("viewBox", `${seen.x} ${seen.y} ${seen.w} ${seen.h}`);
      svg.style.setProperty("--u", unit());
    }
    /** Enlarges around a point of the drawing. */
    function zoom(factor, x = seen.x + seen.w / 2, y = seen.y + seen.h / 2) {
      const w = within(seen.w * factor, whole.w / 200, whole.w * 2);
      const by = w / seen.w;
      seen = { x: x - (x - seen.x) * by, y: y - (y - seen.y) * by, w, h: seen.h * by };
      look();
    }
    function move(dx, dy) {
      seen.x += dx;
      seen.y += dy;
      look();
    }
    /** The point of the drawing under a point of the screen. */
    function under(event) {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      return [at.x, at.y];
    }
    function all() {
      seen = { ...whole };
      look();
    }
    /** Shows a point, near enough to see it by itself. */
    function show(x, y) {
      const w = Math.min(seen.w, whole.w / 6);
      seen = { x: x - w / 2, y: y - (w * whole.h) / whole.w / 2, w, h: (w * whole.h) / whole.w };
      look();
    }

    const fingers = new Map();
    let apart = 0;
    svg.addEventListener("pointerdown", (event) => {
      fingers.set(event.pointerId, event);
      apart = 0;
    });
    svg.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const by = unit();
      if (fingers.size === 1) {
        // A click that trembles is a click.
        if (!svg.hasPointerCapture(event.pointerId)) {
          if (Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY) < 4) return;
          svg.setPointerCapture(event.pointerId);
        }
        move((before.clientX - event.clientX) * by, (before.clientY - event.clientY) * by);
      }
      fingers.set(event.pointerId, event);
      if (fingers.size === 2) {
        const [a, b] = [...fingers.values()];
        const now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
        if (apart && now) zoom(apart / now, ...under({ clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 }));
        apart = now;
      }
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      svg.addEventListener(end, (event) => {
        if (end !== "pointerleave" || !svg.hasPointerCapture(event.pointerId)) fingers.delete(event.pointerId);
      });
    }
    // The wheel scrolls the page, unless the map has been chosen or Ctrl is held.
    svg.addEventListener("wheel", (event) => {
      if (document.activeElement !== svg && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, ...under(event));
    }, { passive: false });
    svg.addEventListener("keydown", (event) => {
      const step = seen.w / 10;
      const keys = {
        ArrowLeft: () => move(-step, 0), ArrowRight: () => move(step, 0), ArrowUp: () => move(0, -step), ArrowDown: () => move(0, step),
        "+": () => zoom(1 / 1.3), "=": () => zoom(1 / 1.3), "-": () => zoom(1.3), 0: all,
      };
      const act = keys[event.key];
      if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        act();
      }
    });
    new ResizeObserver(look).observe(svg);
    window.addEventListener("beforeprint", all, { signal });
    look();
    return { zoom, all, show, unit };
  }

  /** Says what is under the pointer, in the words of its title. */
  function tips(root, signal) {
    const tip = document.createElement("div");
    tip.className = "mr-tip";
    tip.hidden = true;
    root.append(tip);
    const said = (target) => {
      const title = target.querySelector?.(":scope > title");
      // The browser's own, late bubble would cover this one.
      if (title?.textContent) {
        target.dataset.tip = title.textContent;
        target.setAttribute("aria-label", title.textContent);
        title.remove();
      }
      return target.dataset?.tip;
    };
    function place(x, y) {
      const { width, height } = tip.getBoundingClientRect();
      tip.style.left = `${within(x + 14, 4, Math.max(4, innerWidth - width - 4))}px`;
      tip.style.top = `${y + 18 + height > innerHeight ? Math.max(4, y - height - 12) : y + 18}px`;
    }
    const show = (text, x, y) => {
      tip.textContent = text;
      tip.hidden = false;
      place(x, y);
    };
    root.addEventListener("pointerover", (event) => {
      const text = said(event.target);
      if (text) show(text, event.clientX, event.clientY);
      else tip.hidden = true;
    });
    root.addEventListener("pointermove", (event) => { if (!tip.hidden) place(event.clientX, event.clientY); });
    root.addEventListener("pointerleave", () => { tip.hidden = true; });
    addEventListener("scroll", () => { tip.hidden = true; }, { passive: true, signal });
    root.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
    return { at(target) {
      const text = said(target);
      const box = target.getBoundingClientRect();
      if (text) show(text, box.right, box.bottom);
    } };
  }

  function start(root, signal) {
    const find = (selector) => [...root.querySelectorAll(selector)];
    const svg = root.querySelector(".mr-canvas");
    const map = svg && mapOf(svg, signal);
    const tip = tips(root, signal);
    let only = null;

    for (const button of find("[data-do]")) {
      button.addEventListener("click", () => ({ in: () => map.zoom(1 / 1.4), out: () => map.zoom(1.4), all: map.all })[button.dataset.do]());
    }

    // ---- routes on and off

    const boxes = find(".mr-legend input");
    function shown() {
      const hidden = new Set(boxes.filter((box) => !box.checked).map((box) => box.dataset.r));
      for (const part of find(".mr-canvas [data-r]")) {
        part.classList.toggle("mr-hidden", hidden.has(part.dataset.r));
        part.classList.toggle("mr-faded", only !== null && part.dataset.r !== only);
      }
      for (const line of find(".mr-line")) line.classList.toggle("mr-faded", only !== null && line.dataset.r !== only);
      for (const button of find("[data-only]")) button.setAttribute("aria-pressed", button.dataset.only === only);
      numbers();
    }
    /** The numbers of stops, where one route is looked at alone. */
    function numbers() {
      for (const old of find(".mr-order")) old.remove();
      if (only === null || !svg) return;
      const group = document.createElementNS(SVG, "g");
      group.setAttribute("class", "mr-order");
      for (const stop of find(`.mr-stops[data-r="${only}"] .mr-stop`)) {
        const place = document.createElementNS(SVG, "g");
        place.setAttribute("class", "mr-mark");
        place.setAttribute("transform", `translate(${stop.getAttribute("cx")} ${stop.getAttribute("cy")})`);
        const text = document.createElementNS(SVG, "text");
        text.setAttribute("y", "-8");
        text.textContent = stop.dataset.n;
        place.append(text);
        group.append(place);
      }
      svg.append(group);
    }
    for (const box of boxes) box.addEventListener("change", shown);
    for (const button of find("[data-show]")) {
      button.addEventListener("click", () => {
        for (const box of boxes) box.checked = button.dataset.show === "all";
        only = null;
        shown();
      });
    }
    function choose(route) {
      only = only === route ? null : route;
      const box = boxes.find((each) => each.dataset.r === only);
      if (box) box.checked = true;
      shown();
    }
    for (const button of find("[data-only]")) button.addEventListener("click", () => choose(button.dataset.only));

    // ---- from the table to the map, and back

    function mark(route, order) {
      for (const old of find(".mr-found")) old.classList.remove("mr-found");
      const stop = root.querySelector(`.mr-stops[data-r="${route}"] [data-n="${order}"]`);
      const row = root.querySelector(`details[data-r="${route}"] [data-n="${order}"]`);
      stop?.classList.add("mr-found");
      row?.classList.add("mr-found");
      return { stop, row };
    }
    for (const button of find(".mr-find")) {
      button.addEventListener("click", () => {
        const { stop } = mark(button.closest("details").dataset.r, button.closest("tr").dataset.n);
        if (!stop) return;
        map.show(Number(stop.getAttribute("cx")), Number(stop.getAttribute("cy")));
        svg.scrollIntoView({ block: "center", behavior: "smooth" });
        setTimeout(() => tip.at(stop), 500);
      });
    }
    svg?.addEventListener("click", (event) => {
      const stop = event.target.closest(".mr-stop");
      if (!stop) return;
      const { row } = mark(stop.closest("[data-r]").dataset.r, stop.dataset.n);
      const table = row?.closest("details");
      if (!table) return;
      table.open = true;
      row.scrollIntoView({ block: "center", behavior: "smooth" });
    });
    for (const link of find(".mr-trucks a")) {
      link.addEventListener("click", () => { document.querySelector(link.getAttribute("href")).open = true; });
    }
    for (const button of find("[data-details]")) {
      button.addEventListener("click", () => {
        for (const details of find("details")) details.open = button.dataset.details === "open";
      });
    }
    let closed = [];
    addEventListener("beforeprint", () => {
      closed = find("details").filter((details) => !details.open);
      for (const details of closed) details.open = true;
    }, { signal });
    addEventListener("afterprint", () => { for (const details of closed) details.open = false; }, { signal });
  }

  // What a host page has taken away is no longer listened for.
  const served = new Map();
  function serve() {
    for (const [root, gone] of served) {
      if (root.isConnected) continue;
      gone.abort();
      served.delete(root);
    }
    for (const root of document.querySelectorAll(".milkrun:not([data-on])")) {
      const gone = new AbortController();
      root.dataset.on = "";
      served.set(root, gone);
      start(root, gone.signal);
    }
  }
  document.addEventListener("milkrun-drawn", serve);
  serve();
})();
