// What the office does before anybody drives: by the interface, without the page.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { FILES } from "./city.mjs";

export const PASSWORD = "quiet copper lanterns drift";

/** Today where the test runs, as the page sees it. */
export function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** Somebody who asks the service at this address. */
export class Caller {
  constructor(origin) {
    Object.assign(this, { origin, access: null });
  }

  async ask(method, path, body, type = "application/json") {
    const headers = { "content-type": type };
    if (this.access) headers.authorization = `Bearer ${this.access}`;
    const content = body === undefined || body instanceof Buffer ? body : JSON.stringify(body);
    const answer = await fetch(this.origin + path, { method, headers, body: content });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  async signIn(email) {
    this.access = (await this.ask("POST", "/v1/sessions", { email, password: PASSWORD })).access_token;
    return this;
  }

  async signUp(link, email, name, organisation) {
    const secret = new URL(link).hash.slice("#sign-up=".length);
    await this.ask("POST", "/v1/sign-up", { link: secret, email, name, password: PASSWORD, ...(organisation && { organisation }) });
    return this.signIn(email);
  }

  /** A new user of the caller's organisation, with a role. */
  async member(name, role) {
    const roles = await this.ask("GET", "/v1/roles");
    const { link } = await this.ask("POST", "/v1/invitations", { role: roles.find((known) => known.name === role).id });
    const made = await new Caller(this.origin).signUp(link, `${name}@example.org`, name);
    return (await made.ask("GET", "/v1/me")).id;
  }

  /** A plan of the city; its id. */
  async plan(seed) {
    const { job } = await this.ask("POST", "/v1/plans", { iterations: 300, seed });
    for (;;) {
      const { state, plan_id: plan } = await this.ask("GET", `/v1/jobs/${job.id}`);
      if (plan) return plan;
      assert.ok(["queued", "running"].includes(state), state);
      await sleep(100);
    }
  }
}

/** An organisation with a city, a plan of today, and a driver for each of its two trucks. */
export async function open(service) {
  const office = await new Caller(service.origin).signUp(service.link, "ada@example.org", "Ada", "Haulage");
  for (const { kind, file } of FILES) await office.ask("POST", `/v1/fleet/${kind}/import`, file.buffer, file.mimeType);
  const told = [
    { code: "B001", lon: 4.83, lat: 52.34, load_kg: 150, name: "Bakery", address: "Prinsengracht 263", remarks: "Key at the counter" },
    { code: "B002", lon: 4.91, lat: 52.36, load_kg: 150, name: "Canal 2", address: "Amstel 1", fill_percent: 80 },
  ];
  await office.ask("POST", "/v1/fleet/bins/import", told);
  const day = today();
  const plan = await office.plan(1);
  await office.ask("PUT", `/v1/days/${day}`, { plan_id: plan, version: 0 });
  const routes = await office.ask("GET", `/v1/days/${day}/routes`);
  for (const [name, vehicle] of [["dora", routes[0].vehicle], ["dirk", routes.at(-1).vehicle]]) {
    await office.ask("PUT", `/v1/days/${day}/drivers/${await office.member(name, "driver")}`, { vehicle });
  }
  return { office, day, plan };
}
