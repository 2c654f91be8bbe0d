// What the tests of the page share: a service, a browser, somebody who is signed in, and a look at what there is.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { fromFolders, launch, watch } from "./browser.mjs";
import { FILES } from "./city.mjs";
import { start } from "./service.mjs";

export const EMAIL = "ada@example.org";
export const PASSWORD = "quiet copper lanterns drift";
const PICTURES = process.env.PICTURES;
const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** What must hold: WCAG 2.2, levels A and AA. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** A service with a browser; both end with the test. */
export async function begin(t, options = {}, how = {}) {
  const service = await start(how);
  t.after(() => service.stop());
  const browser = await launch();
  t.after(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  await fromFolders(context, service.origin);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const seen = watch(page, service.origin);
  return { service, browser, context, page, seen };
}

/** Makes the first account by the one-time link. */
export async function signUp({ page, service }) {
  await page.goto(service.link);
  await page.fill("#sign-up [name=name]", "Ada");
  await page.fill("#sign-up [name=organisation]", "Ada's haulage");
  await page.fill("#sign-up [name=email]", EMAIL);
  await page.fill("#sign-up [name=password]", PASSWORD);
  await page.click("#sign-up button");
  await page.waitForSelector("#nav:not([hidden])");
}

/** A request with the session of the page. */
export const ask = (page, method, path, body, type) => page.evaluate(async ([...request]) => {
  const session = await import("/session.js");
  // What the service says of a refusal is an object; here it is to be read.
  return session.ask(...request).catch((problem) => { throw new Error(JSON.stringify(problem)); });
}, [method, path, body, type]);

/** Stores the city, past the page's forms. */
export async function city(page) {
  for (const { kind, file } of FILES) {
    await page.evaluate(async ([path, text, type]) => {
      const session = await import("/session.js");
      await session.send("POST", path, new Blob([text]), type);
    }, [`/v1/fleet/${kind}/import`, file.buffer.toString(), file.mimeType]);
  }
}

/** Goes to a screen, and waits until it is there. */
export async function go(page, hash, ready = "h1") {
  await page.evaluate((to) => { location.hash = to; }, hash);
  await page.waitForFunction((to) => location.hash === to, hash);
  await page.waitForSelector(`#screen ${ready}`);
}

/** A plan for a day, made and chosen over the interface. */
export async function planned(page, day, seconds = 2) {
  const answer = await ask(page, "POST", "/v1/plans", { name: day, seconds });
  for (;;) {
    const job = answer.job ? await ask(page, "GET", `/v1/jobs/${answer.job.id}`) : { state: "done", plan_id: answer.plan_id };
    if (job.state === "done") {
      await ask(page, "PUT", `/v1/days/${day}`, { plan_id: job.plan_id, version: 0 });
      return job.plan_id;
    }
    assert.ok(["queued", "running"].includes(job.state), JSON.stringify(job));
    await new Promise((wait) => setTimeout(wait, 300));
  }
}

/** The texts of a table's rows, cell by cell. */
export const rows = (page, selector) => page.locator(`${selector} tbody tr`).evaluateAll((lines) =>
  lines.filter((line) => !line.hidden).map((line) => [...line.cells].map((cell) => cell.textContent)));

/** A picture of the page, if these are wanted. */
export async function picture(page, name, whole = true) {
  if (!PICTURES) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: whole });
}

/** Finds nothing that axe knows to be inaccessible. */
export async function accessible(page, name) {
  // By the browser's own tools: the page's policy lets no script in.
  if (!await page.evaluate(() => "axe" in window)) await page.evaluate(AXE);
  const found = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }), RULES);
  const told = found.violations.map((rule) => `${rule.id}: ${rule.help}\n${rule.nodes.slice(0, 4).map((node) => `    ${node.target.join(" ")}: ${node.failureSummary?.replace(/\s+/g, " ")}`).join("\n")}`);
  assert.deepEqual(told, [], `${name}: ${told.join("\n")}`);
}

/** Nothing sticks out at the side. */
export async function fits(page, name) {
  const [width, seen] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
  assert.ok(width <= seen, `${name}: ${width} of ${seen} pixels`);
}
