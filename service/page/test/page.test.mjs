// One person's first day with the page, in a real browser.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { launch, watch } from "./browser.mjs";
import { BINS, FILES, LOAD } from "./city.mjs";
import { start } from "./service.mjs";
import { code, earlyInAStep } from "./totp.mjs";

const EMAIL = "ada@example.org";
const PASSWORD = "quiet copper lanterns drift";
const PICTURES = process.env.PICTURES;

test("the page, from the first link to a second factor", { timeout: 240_000 }, async (t) => {
  const service = await start();
  t.after(() => service.stop());
  const browser = await launch();
  t.after(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const seen = watch(page, service.origin);
  const picture = async (name) => {
    if (!PICTURES) return;
    await mkdir(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  };
  /** The texts of a table's rows, cell by cell. */
  const rows = (body) => page.locator(`#${body} tr`).evaluateAll((lines) =>
    lines.map((line) => [...line.cells].map((cell) => cell.textContent)));
  const signIn = async () => {
    await page.fill("#sign-in [name=email]", EMAIL);
    await page.fill("#sign-in [name=password]", PASSWORD);
    await page.click("#sign-in button");
  };

  await t.test("the one-time link makes an account", async () => {
    await page.goto(service.link);
    await page.waitForSelector("#sign-up:not([hidden])");
    await picture("sign-up");
    await page.fill("#sign-up [name=name]", "Ada");
    await page.fill("#sign-up [name=organisation]", "Ada's haulage");
    await page.fill("#sign-up [name=email]", EMAIL);
    await page.fill("#sign-up [name=password]", PASSWORD);
    await page.click("#sign-up button");
    await page.waitForSelector("#work:not([hidden])");
    assert.equal(await page.textContent("#who"), EMAIL);
    assert.equal(new URL(page.url()).hash, "", "the link stays in no history");
  });

  await t.test("a city is imported from CSV, JSON and GeoJSON", async () => {
    for (const { kind, file } of FILES) {
      await page.selectOption("#import [name=kind]", kind);
      await page.setInputFiles("#import [name=file]", file);
      await page.click("#import button");
      const count = kind === "bins" ? BINS : kind === "vehicles" ? 2 : 1;
      await page.waitForFunction((text) => document.getElementById("message").textContent === text, `${count} imported.`);
    }
  });

  await t.test("faults of a file are shown with their places", async () => {
    await page.selectOption("#import [name=kind]", "bins");
    await page.setInputFiles("#import [name=file]", {
      name: "bins.csv", mimeType: "text/csv", buffer: Buffer.from("code,lon,lat,load_kg\nX,4.9,152.4,150\n,4.9,52.4,-1\n"),
    });
    await page.click("#import button");
    await page.waitForFunction(() => document.getElementById("message").textContent.includes("lat"));
    const told = await page.textContent("#message");
    for (const place of ["lat", "code", "load_kg"]) assert.ok(told.includes(place), told);
    await page.setInputFiles("#import [name=file]", []);
  });

  await t.test("a table in another encoding keeps its names", async () => {
    await page.selectOption("#import [name=kind]", "drivers");
    await page.setInputFiles("#import [name=file]", {
      name: "drivers.csv", mimeType: "text/csv", buffer: Buffer.from("code;name\nD1;J\u00fcrgen Stra\u00dfer\n", "latin1"),
    });
    await page.click("#import button");
    await page.waitForFunction(() => document.getElementById("message").textContent === "1 imported.");
    const driver = await page.evaluate(() => ask("GET", "/v1/fleet/drivers/D1"));
    assert.equal(driver.name, "J\u00fcrgen Stra\u00dfer");
  });

  await t.test("a plan is asked for, and its job is watched", async () => {
    await page.fill("#plan [name=name]", "Monday");
    await page.fill("#plan [name=seconds]", "5");
    await page.click("#plan button");
    await page.waitForFunction(() => /^running: .* iterations/.test(document.getElementById("job-text").textContent));
    await page.waitForFunction(() => document.getElementById("job-bar").value > 0.1);
    await picture("job");
    await page.waitForSelector("#shown:not([hidden])");
    assert.ok(await page.isHidden("#job"), "the job is over");
    assert.equal(await page.textContent("#plan-name"), "Monday");
    const figures = await page.textContent("#plan-figures");
    assert.match(figures, new RegExp(`^${BINS} stops, 0 unserved, [0-9.]+ km, [0-9]+:[0-9]{2} hours on the road$`));
    assert.equal(await page.locator("#plans li").count(), 1);
  });

  await t.test("the map has every stop, every trip, the depot and the site", async () => {
    const drawn = await page.evaluate(() => {
      const svg = document.getElementById("map");
      const box = svg.getBoundingClientRect();
      const inside = [...svg.querySelectorAll("circle, rect, path")].filter((shape) => {
        const own = shape.getBoundingClientRect();
        return own.left >= box.left && own.right <= box.right && own.top >= box.top && own.bottom <= box.bottom && own.width > 1;
      });
      const count = (selector) => svg.querySelectorAll(selector).length;
      return { stops: count(".stop"), unserved: count(".unserved"), trips: count(".trip"), depots: count(".depot"),
        sites: count(".site"), shapes: count("circle, rect, path"), inside: inside.length };
    });
    const trips = (await rows("routes")).reduce((sum, cells) => sum + Number(cells[4]), 0);
    assert.deepEqual({ ...drawn, shapes: drawn.inside },
      { stops: BINS, unserved: 0, trips, depots: 1, sites: 1, shapes: drawn.shapes, inside: drawn.inside });
  });

  await t.test("the tables tell routes, trips, emptyings and breaks", async () => {
    const routes = await rows("routes");
    assert.ok(routes.length === 2, JSON.stringify(routes));
    assert.equal(routes.reduce((sum, cells) => sum + Number(cells[5]), 0), BINS);
    assert.ok(routes.reduce((sum, cells) => sum + Number(cells[6]), 0) >= LOAD / 4000, "emptied often enough");
    let breaks = 0;
    for (const [index, cells] of routes.entries()) {
      assert.match(cells[1], /^T(1 Truck one|2 Truck two)$/, "names stand beside codes");
      await page.locator("#routes tr").nth(index).click();
      assert.equal(await page.textContent("#stops-caption"), `Stops of ${cells[1]}`);
      const stops = await rows("stops");
      const emptied = stops.filter((stop) => stop[1] === "emptied at TIP Transfer station").length;
      assert.equal(emptied, Number(cells[6]));
      assert.equal(stops.filter((stop) => /^B[0-9]{3} Canal [0-9]+$/.test(stop[1])).length, Number(cells[5]));
      assert.equal(Math.max(...stops.map((stop) => Number(stop[0]))), Number(cells[4]), "trips are counted from 1");
      for (const stop of stops) assert.match(stop.slice(2).join(" "), /^\d+:\d\d \d+:\d\d \d+:\d\d$/);
      breaks += stops.filter((stop) => stop[1] === "break").length;
      assert.ok(await page.locator("#map .faded").count() >= BINS - Number(cells[5]), "the other routes fade");
    }
    assert.ok(breaks >= 1, "whoever is out through the time of the break pauses");
    await picture("plan");
  });

  await t.test("nothing sticks out on a narrow screen", async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
    await picture("plan-narrow");
    assert.equal(width, 400);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await t.test("a second factor is set up", async () => {
    await page.click("#factor-start");
    await page.waitForFunction(() => document.getElementById("factor-picture").naturalWidth > 50);
    const secret = await page.textContent("#factor-secret");
    assert.match(secret, /^[A-Z2-7]{32}$/);
    await picture("second-factor");
    await earlyInAStep();
    // The code before this one: then this one is still good to sign in with.
    await page.fill("#factor-confirm [name=code]", code(secret, -1));
    await page.click("#factor-confirm button");
    await page.waitForSelector("#factor-codes:not([hidden])");
    const codes = (await page.textContent("#factor-codes")).trim().split("\n");
    assert.equal(new Set(codes).size, 10);
    await page.click("#sign-out");
    await page.waitForSelector("#sign-in:not([hidden])");

    const [refusal, ...more] = seen.errors.splice(0);
    assert.match(refusal, /status of 422 .*bins\/import/, "the browser notes the faulty file");
    assert.deepEqual(more, []);
    await signIn();
    await page.waitForSelector("#code-field:not([hidden])");
    assert.ok(await page.isHidden("#work"), "the password alone lets nobody in");
    await picture("sign-in");
    await page.fill("#sign-in [name=code]", code(secret));
    await page.click("#sign-in button");
    await page.waitForSelector("#work:not([hidden])");
    assert.equal(await page.textContent("#factor-state"), "It is set up.");
    assert.equal(seen.errors.splice(0).length, 1, "the refusal before the code, and nothing else");
  });

  await t.test("a reload keeps the session, and the plan is there", async () => {
    await page.reload();
    await page.waitForSelector("#plans button");
    await page.click("#plans button");
    await page.waitForSelector("#map .stop");
  });

  await t.test("a duplicated tab shares the session, and its end", async () => {
    // As a browser duplicates a tab: with a copy of what the first one has kept.
    const copied = await page.evaluate(() => ({ ...sessionStorage }));
    const copy = await context.newPage();
    await copy.addInitScript((all) => { if (!sessionStorage.length) Object.assign(sessionStorage, all); }, copied);
    await copy.goto(service.origin);
    const both = [page, copy];
    await copy.waitForSelector("#work:not([hidden])");
    for (let round = 0; round < 3; round += 1) {
      // Both find their access token too old at the same moment.
      const asked = await Promise.all(both.map((tab) => tab.evaluate(async () => {
        state.access = "too old";
        state.expires = 0;
        return (await ask("GET", "/v1/me")).email;
      })));
      assert.deepEqual(asked, [EMAIL, EMAIL]);
    }
    // Later only one of them does, and then the other one.
    for (const tab of [copy, page, copy]) {
      await tab.evaluate(async () => { state.access = "too old"; await ask("GET", "/v1/me"); });
    }
    seen.errors = seen.errors.filter((error) => !error.includes("status of 401"));
    await copy.click("#sign-out");
    await page.waitForSelector("#sign-in:not([hidden])");
    await copy.close();
    // A session that has ended elsewhere leads to where one signs in, not to a dead page.
    await signIn();
    await page.waitForSelector("#code-field:not([hidden])");
    seen.errors.splice(0);
  });

  await t.test("no complaint, and no word to anybody else", async () => {
    assert.deepEqual(seen.errors, []);
    assert.deepEqual(seen.strangers, []);
    assert.ok(seen.requests > 20);
    const { code: ended, log } = await service.stop();
    assert.equal(ended, 0);
    for (const line of log.trim().split("\n")) {
      assert.notEqual(JSON.parse(line).level, "ERROR", line);
    }
  });
});
