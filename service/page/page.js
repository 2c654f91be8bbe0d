// The page: sign-in, import, planning, and a map that is drawn here, without tiles from elsewhere.
"use strict";

const SVG = "http://www.w3.org/2000/svg";

/** Tells a person something: what went wrong, unless it is `good`. */
function say(text, kind = "bad") {
  byId("message").textContent = text || "";
  byId("message").className = text ? kind : "";
}

/** A problem as a sentence, with every fault and its place. */
function told(problem) {
  const faults = (problem.faults || []).map((fault) => `${fault.path}: ${fault.message}`);
  return [problem.detail || problem.title || "The service cannot be reached.", ...faults].join("\n");
}

/** Runs what a person asked for, and shows what goes wrong. Where presence must be proved first, asks for it. */
async function run(action) {
  say("");
  try {
    await action();
  } catch (problem) {
    if (problem.code === "step_up_required") {
      const asks = state.me.second_factor ? "The code of your second factor:" : "Your password:";
      const given = window.prompt(asks);
      if (given) {
        const field = state.me.second_factor ? "code" : "password";
        return run(async () => {
          await ask("POST", "/v1/sessions/step-up", { [field]: given });
          await action();
        });
      }
    }
    say(told(problem));
  }
}

// ---------------------------------------------------------------- signing in

function show() {
  const signedIn = state.me !== null;
  byId("sign-up").hidden = signedIn || !state.link;
  byId("sign-in").hidden = signedIn || Boolean(state.link);
  byId("work").hidden = byId("sign-out").hidden = !signedIn;
  byId("who").textContent = signedIn ? state.me.email : "";
}

async function enter() {
  state.me = await ask("GET", "/v1/me");
  byId("factor-state").textContent = state.me.second_factor ? "It is set up." : "There is none.";
  byId("factor-start").hidden = state.me.second_factor;
  show();
  await listPlans();
  // Not everybody may see them.
  await listNetworks().catch((problem) => { if (problem.code !== "forbidden") throw problem; });
  const jobs = await ask("GET", "/v1/jobs?limit=1");
  if (jobs.length && ["queued", "running"].includes(jobs[0].state)) follow(jobs[0]);
}

function onSubmit(id, action) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    run(() => action(Object.fromEntries(new FormData(event.target)), event.target));
  });
}

onSubmit("sign-up", async (given) => {
  const body = { ...given, link: state.link };
  if (!body.organisation) delete body.organisation;
  await ask("POST", "/v1/sign-up", body);
  state.link = null;
  history.replaceState(null, "", "/");
  begin(await ask("POST", "/v1/sessions", { email: given.email, password: given.password }));
  await enter();
});

onSubmit("sign-in", async (given) => {
  const body = { email: given.email, password: given.password };
  if (given.code) body[/^[0-9]{6}$/.test(given.code) ? "code" : "recovery_code"] = given.code;
  try {
    begin(await ask("POST", "/v1/sessions", body));
  } catch (problem) {
    if (problem.code === "mfa_required") byId("code-field").hidden = false;
    throw problem;
  }
  await enter();
});

byId("sign-out").addEventListener("click", () => run(async () => {
  await send("DELETE", "/v1/sessions/current").finally(leave);
  location.reload();
}));

byId("factor-start").addEventListener("click", () => run(async () => {
  const factor = await ask("POST", "/v1/me/mfa");
  byId("factor-picture").src = `data:image/png;base64,${factor.qr_png}`;
  byId("factor-secret").textContent = factor.secret;
  byId("factor-setup").hidden = false;
}));

onSubmit("factor-confirm", async (given) => {
  const answer = await ask("POST", "/v1/me/mfa/confirm", given);
  byId("factor-setup").hidden = byId("factor-start").hidden = true;
  byId("factor-state").textContent = "It is set up. Keep these codes, each works once without the second factor:";
  byId("factor-codes").textContent = answer.recovery_codes.join("\n");
  byId("factor-codes").hidden = false;
  state.me.second_factor = true;
});

// ---------------------------------------------------------------- import and jobs

onSubmit("import", async (given, form) => {
  const name = given.file.name.toLowerCase();
  const type = name.endsWith(".csv") ? "text/csv" : name.endsWith(".geojson") ? "application/geo+json" : "application/json";
  const answer = await ask("POST", `/v1/fleet/${given.kind}/import`, given.file, type);
  say(`${answer.imported} imported.`, "good");
  form.reset();
});

/** Lists the street networks, and looks again while one is being prepared. */
async function listNetworks() {
  const [networks, usual] = await Promise.all([ask("GET", "/v1/networks"), ask("GET", "/v1/default-network")]);
  byId("networks").replaceChildren(...networks.map((network) => {
    const item = document.createElement("li");
    const share = network.progress.share ? ` ${Math.round(network.progress.share * 100)} %` : "";
    const date = network.data_date ? `, data of ${new Date(network.data_date * 1000).toISOString().slice(0, 10)}` : "";
    item.textContent = `${network.code}, version ${network.version}: ${network.state}${share}` +
      (network.error ? `: ${network.error}` : network.profile ? `, ${network.profile}${date}` : "");
    return item;
  }));
  const codes = ["", ...new Set(networks.map((network) => network.code))];
  byId("network-usual").replaceChildren(...codes.map((code) => new Option(code || "none: straight lines", code)));
  byId("network-usual").value = usual.network || "";
  clearTimeout(state.networks);
  if (networks.some((network) => ["queued", "preparing"].includes(network.state))) {
    state.networks = setTimeout(() => state.access && run(listNetworks), 2000);
  }
}

byId("network-usual").addEventListener("change", (event) => run(async () => {
  await ask("PUT", "/v1/default-network", { network: event.target.value }).finally(listNetworks);
}));

onSubmit("network", async (given, form) => {
  const body = new FormData();
  for (const part of ["map", "nodes", "links"]) if (given[part].size) body.append(part, given[part]);
  if (given.profile) body.append("profile", given.profile);
  await ask("POST", `/v1/networks/${encodeURIComponent(given.code)}/import`, body);
  say("Uploaded. It is being prepared.", "good");
  form.reset();
  await listNetworks();
});

onSubmit("plan", async (given) => {
  const body = { name: given.name, min_fill: Number(given.min_fill), seconds: Number(given.seconds) };
  const answer = await ask("POST", "/v1/plans", body);
  if (answer.plan_id) return showPlan(answer.plan_id);
  follow(answer.job, body.seconds);
});

/** Follows a job by its event stream; where the stream ends early, asks again. */
async function follow(job, seconds) {
  state.job = job.id;
  byId("job").hidden = false;
  while (state.job === job.id) {
    try {
      const answer = await send("GET", `/v1/jobs/${job.id}/events`);
      for await (const now of events(answer.body)) {
        progress(now, seconds);
        if (!["queued", "running"].includes(now.state)) return over(now);
      }
    } catch (problem) {
      say(told(problem));
      if (!state.refresh) return;
    }
    await new Promise((done) => setTimeout(done, 1000));
  }
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

function progress(job, seconds) {
  const { seconds: elapsed = 0, iterations, best_cost: cost, unserved } = job.progress;
  byId("job-bar").value = seconds ? Math.min(1, elapsed / seconds) : 0;
  const figures = iterations === undefined ? "" : `: ${elapsed.toFixed(1)} s, ${iterations} iterations, cost ${cost?.toLocaleString("en") ?? "–"}, ${unserved} unserved`;
  byId("job-text").textContent = job.state + figures;
}

async function over(job) {
  state.job = null;
  byId("job").hidden = job.state === "done";
  if (job.error) say(job.error);
  await listPlans();
  if (job.plan_id) await showPlan(job.plan_id);
}

byId("job-cancel").addEventListener("click", () => run(() => ask("DELETE", `/v1/jobs/${state.job}`)));

// ---------------------------------------------------------------- plans

const clock = (seconds) => {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
};
const colour = (route) => `hsl(${(route * 137.5) % 360} 70% 38%)`;

async function listPlans() {
  const plans = await ask("GET", "/v1/plans?limit=20");
  byId("plans").replaceChildren(...plans.map((plan) => {
    const button = document.createElement("button");
    button.textContent = `${plan.name || "A plan"}: ${plan.served} stops, ${(plan.distance / 1000).toFixed(1)} km`;
    button.addEventListener("click", () => run(() => showPlan(plan.id)));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

async function showPlan(id) {
  const [summary, map] = await Promise.all([ask("GET", `/v1/plans/${id}/summary`), ask("GET", `/v1/plans/${id}/geojson`)]);
  byId("plan-name").textContent = summary.name || "A plan";
  byId("plan-figures").textContent =
    `${summary.served} stops, ${summary.unserved} unserved, ${(summary.distance / 1000).toFixed(1)} km, ` +
    `${clock(summary.duration)} hours on the road${summary.feasible ? "" : "; it breaks rules"}`;
  byId("plan-travel").textContent = summary.travel.map((travel) => `Travel: ${travel.label}.`).join(" ");
  await learnNames(map.features).catch((problem) => { if (problem.code !== "forbidden") throw problem; });
  byId("shown").hidden = false;
  byId("empty").hidden = true;
  draw(map.features);
  tables(map.features);
}

/** Names that people know things by, by kind and code. */
const names = new Map();

/** Looks up the names of what a plan visits; whoever may not see the fleet sees codes. */
async function learnNames(features) {
  const wanted = new Set(features.flatMap(({ properties: p }) => [keyOf(p), `vehicles/${p.vehicle_name}`]));
  for (const kind of ["depots", "disposal-sites", "vehicles", "bins"]) {
    const codes = new Set([...wanted].filter((key) => key.startsWith(`${kind}/`) && !names.has(key)));
    let after = "";
    while (codes.size) {
      const page = await ask("GET", `/v1/fleet/${kind}?limit=1000&after=${encodeURIComponent(after)}`);
      for (const { code, name } of page) {
        names.set(`${kind}/${code}`, name);
        codes.delete(`${kind}/${code}`);
      }
      if (page.length < 1000) break;
      after = page.at(-1).code;
    }
  }
}

/** Where a feature's name is looked up. */
function keyOf({ kind, name }) {
  return `${{ depot: "depots", disposal_site: "disposal-sites", dispose: "disposal-sites" }[kind] || "bins"}/${name}`;
}

/** A code, with the name beside it where there is another one. */
function named(key, code) {
  const name = names.get(key);
  return name && name !== code ? `${code} ${name}` : code;
}

function tables(features) {
  const trips = features.filter((f) => f.properties.kind === "trip").map((f) => f.properties);
  const stops = features.map((f) => f.properties).filter((p) => p.position !== undefined);
  const routes = [...new Set(trips.map((trip) => trip.route))];
  byId("stops").replaceChildren();
  open(false);
  byId("routes").replaceChildren(...routes.map((route) => {
    const own = trips.filter((trip) => trip.route === route);
    const visited = stops.filter((stop) => stop.route === route);
    const metres = own.reduce((sum, trip) => sum + trip.distance, 0);
    const swatch = document.createElement("span");
    swatch.className = "swatch";
    swatch.style.background = colour(route);
    const vehicle = own[0].vehicle_name;
    const name = vehicle ? named(`vehicles/${vehicle}`, vehicle) : `vehicle ${route + 1}`;
    const line = row([swatch, name, clock(own[0].start), clock(own.at(-1).arrival),
      own.length, visited.filter((stop) => stop.served).length, visited.filter((stop) => stop.kind === "dispose").length, `${(metres / 1000).toFixed(1)} km`]);
    for (const cell of [...line.cells].slice(4)) cell.className = "number";
    line.tabIndex = 0;
    line.addEventListener("click", () => choose(route, line, name, visited));
    line.addEventListener("keydown", (event) => {
      if (event.key === "Enter") choose(route, line, name, visited);
    });
    return line;
  }));
}

/** Shows the table of stops, or says how to. */
function open(stops) {
  byId("stops-table").hidden = !stops;
  byId("stops-hint").hidden = stops;
}

function choose(route, line, name, visited) {
  const chosen = line.classList.contains("chosen");
  for (const other of byId("routes").children) other.classList.remove("chosen");
  line.classList.toggle("chosen", !chosen);
  for (const drawn of byId("map").querySelectorAll("[data-route]")) {
    drawn.classList.toggle("faded", !chosen && drawn.dataset.route !== String(route));
  }
  byId("stops-caption").textContent = chosen ? "" : `Stops of ${name}`;
  open(!chosen);
  const rows = visited.map((p) => row([p.trip + 1, what(p), clock(p.arrival), clock(p.start), clock(p.departure)]));
  byId("stops").replaceChildren(...(chosen ? [] : rows));
}

/** What is done at a stop, for people. */
function what(properties) {
  const { kind, name } = properties;
  if (kind === "break" || kind === "rest") return name || kind;
  const known = name && named(keyOf(properties), name);
  return kind === "dispose" ? `emptied at ${known || "a disposal site"}` : known;
}

function row(cells) {
  const line = document.createElement("tr");
  for (const cell of cells) line.insertCell().append(cell);
  return line;
}

// ---------------------------------------------------------------- the map

function element(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

/** Draws lines and points: Mercator's projection where coordinates are longitudes and latitudes, else as they are. */
function draw(collection) {
  // What has no coordinates has no place on a map.
  const features = collection.filter((f) => f.geometry);
  const svg = byId("map");
  svg.replaceChildren();
  const all = features.flatMap((f) => f.geometry.type === "Point" ? [f.geometry.coordinates] : f.geometry.coordinates);
  if (!all.length) return;
  const geographic = all.every(([x, y]) => Math.abs(x) <= 180 && Math.abs(y) <= 85);
  const project = ([x, y]) => geographic
    ? [x, -Math.log(Math.tan(Math.PI / 4 + (y * Math.PI) / 360)) * (180 / Math.PI)]
    : [x, -y];
  const points = all.map(project);
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  const low = [xs.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.min(a, b))];
  const size = Math.max(xs.reduce((a, b) => Math.max(a, b)) - low[0], ys.reduce((a, b) => Math.max(a, b)) - low[1]) || 1;
  const place = (point) => {
    const [x, y] = project(point);
    return [((x - low[0]) / size) * 1000, ((y - low[1]) / size) * 1000];
  };
  const height = ((ys.reduce((a, b) => Math.max(a, b)) - low[1]) / size) * 1000;
  const width = ((xs.reduce((a, b) => Math.max(a, b)) - low[0]) / size) * 1000;
  state.view = { x: -40, y: -40, w: width + 80, h: height + 80 };
  state.unit = null;
  for (const { geometry, properties: p } of features.filter((f) => f.geometry.type === "LineString")) {
    const line = geometry.coordinates.map((c) => place(c).map((n) => n.toFixed(2)).join(",")).join(" ");
    element("polyline", { points: line, class: "trip", stroke: colour(p.route), "data-route": p.route }, svg);
  }
  for (const { geometry, properties: p } of features.filter((f) => f.geometry.type === "Point")) {
    const [cx, cy] = place(geometry.coordinates);
    // What has no place of its own, and visits of sites, which are drawn themselves.
    if (["break", "rest", "dispose"].includes(p.kind)) continue;
    const depot = p.kind === "depot";
    const site = p.kind === "disposal_site";
    // Marks keep their size while the map is made larger.
    const mark = element("g", { class: "mark", "data-x": cx, "data-y": cy }, svg);
    const drawn = site
      ? element("path", { d: "M-8 6h16l-8 -14z", class: "site" }, mark)
      : depot
      ? element("rect", { x: -6, y: -6, width: 12, height: 12, class: "depot" }, mark)
      : element("circle", { r: 4, fill: p.served ? colour(p.route) : "", class: p.served ? "stop" : "unserved" }, mark);
    if (p.served) mark.dataset.route = p.route;
    const times = p.served ? `, ${clock(p.start)} to ${clock(p.departure)}` : depot || site ? "" : ", not served";
    element("title", {}, drawn).textContent = `${p.name ? named(keyOf(p), p.name) : p.kind}${times}`;
  }
  look();
}

/** Shows the part of the map that is looked at. */
function look() {
  if (!state.view) return;
  const { x, y, w, h } = state.view;
  const svg = byId("map");
  svg.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
  const box = svg.getBoundingClientRect();
  const unit = Math.max(w / box.width, h / box.height) || 1;
  if (unit === state.unit) return;
  state.unit = unit;
  for (const mark of svg.querySelectorAll(".mark")) {
    mark.setAttribute("transform", `translate(${mark.dataset.x} ${mark.dataset.y}) scale(${unit})`);
  }
}

new ResizeObserver(look).observe(byId("map"));

byId("map").addEventListener("wheel", (event) => {
  if (!state.view) return;
  event.preventDefault();
  const factor = event.deltaY > 0 ? 1.2 : 1 / 1.2;
  const box = byId("map").getBoundingClientRect();
  const view = state.view;
  const [fx, fy] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  state.view = { x: view.x + view.w * fx * (1 - factor), y: view.y + view.h * fy * (1 - factor), w: view.w * factor, h: view.h * factor };
  look();
}, { passive: false });

byId("map").addEventListener("pointerdown", (event) => byId("map").setPointerCapture(event.pointerId));
byId("map").addEventListener("pointermove", (event) => {
  if (!state.view || event.buttons !== 1) return;
  const box = byId("map").getBoundingClientRect();
  const scale = Math.max(state.view.w / box.width, state.view.h / box.height);
  state.view.x -= event.movementX * scale;
  state.view.y -= event.movementY * scale;
  look();
});

// ---------------------------------------------------------------- start

const link = /^#sign-up=([\w-]+)$/.exec(location.hash);
if (link) state.link = link[1];
show();
if (state.refresh && !state.link) run(async () => { await renew(); await enter(); });
