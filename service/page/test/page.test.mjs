// One person's first day with the page, in a real browser.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BINS, FILES, LOAD } from "./city.mjs";
import { EMAIL, PASSWORD, accessible, ask, begin, fits, go, picture, rows, signUp } from "./help.mjs";
import { code, earlyInAStep } from "./totp.mjs";

const DAY = "2026-12-03";

test("the page, from the first link to a second factor", { timeout: 240_000 }, async (t) => {
  const own = await begin(t);
  const { service, context, page, seen } = own;
  const said = (text) => page.waitForFunction((wanted) => document.getElementById("message").textContent === wanted, text);
  const signIn = async () => {
    await page.fill("#sign-in [name=email]", EMAIL);
    await page.fill("#sign-in [name=password]", PASSWORD);
    await page.click("#sign-in button");
  };
  const upload = async (kind, file) => {
    await page.selectOption("#import [name=kind]", kind);
    await page.setInputFiles("#import [name=file]", file);
    await page.click("#import button");
  };

  await t.test("the one-time link makes an account", async () => {
    await page.goto(service.link);
    await page.waitForSelector("#sign-up");
    await picture(page, "sign-up");
    await accessible(page, "sign-up");
    await signUp(own);
    assert.equal(await page.textContent("#who"), EMAIL);
    assert.match(new URL(page.url()).hash, /^#\/day\//, "the link stays in no history");
    await page.waitForSelector("#plan");
    await accessible(page, "a day without a plan");
    await picture(page, "day-empty");
  });

  await t.test("a city is imported from CSV, JSON and GeoJSON", async () => {
    await go(page, "#/fleet/bins", "summary");
    await page.click("summary");
    for (const { kind, file } of FILES) {
      await go(page, `#/fleet/${kind}`, "summary");
      await page.click("summary");
      await upload(kind, file);
      const count = kind === "bins" ? BINS : kind === "vehicles" ? 2 : 1;
      await said(count === 1 ? "1 row imported." : `${count} rows imported.`);
      await page.waitForSelector("#things");
      assert.equal((await rows(page, "#things")).length, count);
    }
  });

  await t.test("faults of a file are shown where it was chosen, with their places", async () => {
    await upload("bins", { name: "bins.csv", mimeType: "text/csv", buffer: Buffer.from("code,lon,lat,load_kg\nX,4.9,152.4,150\n,4.9,52.4,-1\n") });
    await page.waitForSelector("#import .problem");
    const told = await page.textContent("#import .problem");
    for (const place of ["lat", "code", "load_kg"]) assert.ok(told.includes(place), told);
    await picture(page, "faults");
    await accessible(page, "faults");
    assert.equal((await ask(page, "GET", "/v1/fleet/bins?limit=1000")).length, BINS, "nothing was imported");
  });

  await t.test("what is there is searched, and deleted", async () => {
    await page.fill("[type=search]", "b012");
    assert.deepEqual((await rows(page, "#things")).map((cells) => cells[1]), ["Canal 12"]);
    await go(page, "#/fleet/drivers", "summary");
    await page.click("summary");
    await upload("drivers", { name: "drivers.csv", mimeType: "text/csv", buffer: Buffer.from("code;name\nD1;J\u00fcrgen Stra\u00dfer\nD2;Wrong\n", "latin1") });
    await said("2 rows imported.");
    assert.equal((await rows(page, "#things"))[0][1], "J\u00fcrgen Stra\u00dfer");
    await page.getByRole("button", { name: "Delete Wrong" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.waitForFunction(() => document.querySelectorAll("#things tbody tr").length === 1);
  });

  await t.test("a plan is asked for, cancelled, asked for again, and becomes that of the day", async () => {
    await go(page, `#/day/${DAY}`, "#plan");
    assert.equal(await page.textContent("h1"), "Thursday, 3 Dec 2026");
    await page.fill("#plan [name=seconds]", "30");
    await page.click("#plan .actions button");
    await page.waitForFunction(() => /^running: .* iterations/.test(document.getElementById("job-text")?.textContent));
    await page.click("#job-cancel");
    await page.waitForSelector("#plan .problem");
    assert.match(await page.textContent("#plan .problem"), /was cancelled/);
    await page.fill("#plan [name=name]", "Thursday");
    await page.fill("#plan [name=seconds]", "5");
    await page.click("#plan .actions button");
    await page.waitForFunction(() => document.querySelector("progress")?.value > 0.1);
    await picture(page, "job");
    await page.waitForSelector(".stops");
    assert.match(await page.textContent("#day-version"), /^version 1, chosen by hand/);
    const tiles = await page.locator(".tiles div").evaluateAll((all) => Object.fromEntries(all.map((tile) => [tile.querySelector("dt").textContent, tile.querySelector("dd").textContent])));
    assert.deepEqual([tiles.stops, tiles.unserved, tiles.trucks], [String(BINS), "0", "2"]);
    assert.match(tiles.distance, /^[0-9.,]+ km$/);
  });

  await t.test("the map has every stop, the depot and the site; the timeline every truck", async () => {
    const drawn = await page.evaluate(() => {
      const svg = document.querySelector(".mr-canvas");
      const box = svg.getBoundingClientRect();
      const shapes = [...svg.querySelectorAll(".mr-stop, .mr-depot, .mr-site")];
      const outside = shapes.filter((shape) => {
        const own = shape.getBoundingClientRect();
        return own.left < box.left || own.right > box.right || own.top < box.top || own.bottom > box.bottom || own.width < 2;
      });
      const count = (selector) => document.querySelectorAll(selector).length;
      const colours = new Set([...svg.querySelectorAll(".mr-stops")].map((group) => getComputedStyle(group).color));
      return { stops: count(".mr-canvas .mr-stop"), depots: count(".mr-canvas .mr-depot"), sites: count(".mr-canvas .mr-site"), lines: count(".mr-line"),
        outside: outside.length, colours: colours.size, drives: count(".mr-bars .mr-drive") > 0, breaks: count(".mr-bars .mr-rest") > 0, unloads: count(".mr-bars .mr-unload") > 0 };
    });
    assert.deepEqual(drawn, { stops: BINS, depots: 1, sites: 1, lines: 2, outside: 0, colours: 2, drives: true, breaks: true, unloads: true });
    // A route that is chosen in the legend is looked at alone.
    await page.locator(".mr-legend .mr-only").first().click();
    assert.ok(await page.locator(".mr-canvas .mr-faded").count() > 0);
    assert.ok(await page.locator(".mr-order text").count() > 0, "its stops have numbers");
    await page.locator(".mr-legend .mr-only").first().click();
  });

  await t.test("the tables tell trucks, trips, emptyings and breaks, with names", async () => {
    const routes = await rows(page, "#routes");
    assert.equal(routes.length, 2, JSON.stringify(routes));
    assert.equal(routes.reduce((sum, cells) => sum + Number(cells[4]), 0), BINS);
    assert.equal(routes.reduce((sum, cells) => sum + Number(cells[5].replace(",", "")), 0), LOAD);
    const stops = await page.locator(".route:not(.free) tbody th").allTextContents();
    assert.equal(stops.filter((text) => /^Canal [0-9]+ \(B[0-9]{3}\)/.test(text)).length, BINS);
    assert.ok(stops.filter((text) => text.startsWith("empties at Transfer station")).length >= LOAD / 4000, "emptied often enough");
    assert.ok(stops.some((text) => text === "break"), "whoever is out through the time of the break pauses");
    for (const name of ["Truck one", "Truck two"]) assert.ok(routes.some((cells) => cells[0].startsWith(name)), name);
    await picture(page, "day");
    await accessible(page, "a day");
  });

  await t.test("nothing sticks out on a narrow screen", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await fits(page, "a day");
    await picture(page, "day-narrow");
    await accessible(page, "a day on a phone");
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await t.test("printed, it has no buttons", async () => {
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.isHidden("#nav"));
    assert.ok(await page.isHidden(".route .move"));
    assert.ok(await page.isVisible(".route th"));
    await page.emulateMedia({ media: "screen" });
  });

  await t.test("a second factor is set up in a dialog", async () => {
    await go(page, "#/account", "#factor-start");
    await picture(page, "account");
    await accessible(page, "the account");
    await page.click("#factor-start");
    await page.waitForFunction(() => document.getElementById("factor-picture")?.naturalWidth > 50);
    const secret = await page.textContent("#factor-secret");
    assert.match(secret, /^[A-Z2-7]{32}$/);
    await accessible(page, "a second factor");
    await earlyInAStep();
    // The code before this one: then this one is still good to sign in with.
    await page.fill("#factor-confirm [name=code]", code(secret, -1));
    await page.click("#factor-confirm .actions button");
    await page.waitForSelector("#factor-codes");
    const codes = (await page.textContent("#factor-codes")).trim().split("\n");
    assert.equal(new Set(codes).size, 10);
    await page.click("text=I have kept them");
    await page.waitForFunction(() => document.getElementById("factor-state")?.textContent === "It is set up.");
    const refusals = seen.errors.splice(0).filter((error) => !/status of 422 .*bins\/import/.test(error) && !/status of 404 .*\/v1\/days\//.test(error));
    assert.deepEqual(refusals, [], "the browser notes the faulty file and days without a plan, and nothing else");
    await page.click("#sign-out");
    await page.waitForSelector("#sign-in");
    await signIn();
    await page.waitForSelector("#code-field:not([hidden])");
    assert.ok(await page.isHidden("#nav"), "the password alone lets nobody in");
    await picture(page, "sign-in");
    await accessible(page, "sign-in");
    await page.fill("#sign-in [name=code]", code(secret));
    await page.click("#sign-in .actions button");
    await page.waitForSelector("#nav:not([hidden])");
    seen.errors.splice(0);
    own.codes = codes;
  });

  await t.test("where presence must be proved, a dialog asks for it", async () => {
    // As if five minutes had passed: the service asks again.
    const refusal = { status: 403, contentType: "application/problem+json", body: JSON.stringify({ code: "step_up_required", detail: "prove that you are present" }) };
    await page.route("**/v1/invitations", (route) => route.fulfill(refusal), { times: 1 });
    await go(page, "#/users", "#invite");
    await page.click("#invite .actions button");
    await page.waitForSelector("dialog [name=proof]");
    await accessible(page, "a proof of presence");
    await page.fill("dialog [name=proof]", "000000");
    await page.click("dialog .actions button");
    await page.waitForSelector("dialog .problem");
    await page.fill("dialog [name=proof]", own.codes[0].toUpperCase());
    await page.click("dialog .actions button");
    await page.waitForSelector("#invitation");
    assert.match(await page.textContent("#invitation"), /#sign-up=/);
    seen.errors.splice(0);
  });

  await t.test("a reload keeps the session and the screen", async () => {
    await go(page, `#/day/${DAY}`, ".stops");
    await page.reload();
    await page.waitForSelector(".mr-canvas .mr-stop");
  });

  await t.test("a duplicated tab shares the session, and its end", async () => {
    // As a browser duplicates a tab: with a copy of what the first one has kept.
    const copied = await page.evaluate(() => ({ ...sessionStorage }));
    const copy = await context.newPage();
    await copy.addInitScript((all) => { if (!sessionStorage.length) Object.assign(sessionStorage, all); }, copied);
    await copy.goto(service.origin);
    const both = [page, copy];
    await copy.waitForSelector("#nav:not([hidden])");
    for (let round = 0; round < 3; round += 1) {
      // Both find their access token too old at the same moment.
      const asked = await Promise.all(both.map((tab) => tab.evaluate(async () => {
        const { ask, state } = await import("/session.js");
        state.access = "too old";
        state.expires = 0;
        return (await ask("GET", "/v1/me")).email;
      })));
      assert.deepEqual(asked, [EMAIL, EMAIL]);
    }
    // Later only one of them does, and then the other one.
    for (const tab of [copy, page, copy]) {
      await tab.evaluate(async () => {
        const { ask, state } = await import("/session.js");
        state.access = "too old";
        await ask("GET", "/v1/me");
      });
    }
    seen.errors = seen.errors.filter((error) => !error.includes("status of 401"));
    await copy.click("#sign-out");
    await page.waitForSelector("#sign-in");
    assert.match(await page.textContent("#sign-in .problem"), /Your session has ended/);
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
