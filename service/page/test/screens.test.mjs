// Every screen with something in it: alternatives, adaptation, analytics, administration; in light and dark, wide and narrow.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BINS } from "./city.mjs";
import { accessible, ask, begin, city, fits, go, picture, planned, rows, signUp } from "./help.mjs";

const DAY = "2026-12-03";

test("the screens", { timeout: 400_000 }, async (t) => {
  const own = await begin(t);
  const { page, seen } = own;
  await signUp(own);
  await city(page);
  const plan = await planned(page, DAY);
  // Bins that no truck carries are unserved, and say why.
  await ask(page, "POST", "/v1/fleet/bins/import", [{ code: "X1", name: "Press container", lon: 4.9, lat: 52.36, load_kg: 9000 }]);

  await t.test("a plan that leaves something unserved says why", async () => {
    await planned(page, "2026-12-04");
    await go(page, "#/day/2026-12-04", ".unserved");
    await page.waitForSelector(".reasons li");
    assert.match(await page.textContent(".unserved"), /Press container/);
    await accessible(page, "unserved");
    await ask(page, "DELETE", "/v1/fleet/bins/X1");
  });

  await t.test("a day is planned anew, and the new plan is taken by a person", async () => {
    await go(page, `#/day/${DAY}`, ".stops");
    await page.click("#plan-anew");
    await page.fill("#plan [name=seconds]", "1");
    await page.fill("#plan [name=name]", "Second thoughts");
    await page.click("#plan .actions button");
    await page.waitForSelector(".offer table");
    await accessible(page, "an offer");
    if (await page.isVisible("#take-new")) {
      await page.click("#take-new");
      await page.waitForFunction(() => /version 2/.test(document.getElementById("day-version")?.textContent));
      await ask(page, "PUT", `/v1/days/${DAY}`, { plan_id: plan, version: 2 });
    }
  });

  await t.test("alternatives are asked for, compared side by side, and one is chosen", async () => {
    await go(page, `#/alternatives/${DAY}`, "#ask-alternatives");
    await page.check("#ask-alternatives [value=distance]");
    await page.uncheck("#ask-alternatives [value=vehicles]");
    await page.fill("#ask-alternatives [name=seconds]", "6");
    await page.fill("#ask-alternatives [name=points]", "4");
    await page.click("#ask-alternatives .actions button");
    await page.waitForSelector("#alternatives tbody tr");
    await page.waitForSelector(".pair .mr-canvas");
    const found = await rows(page, "#alternatives");
    assert.ok(found.length >= 2, JSON.stringify(found));
    assert.equal(await page.locator(".pair .mr-canvas").count(), 2);
    await picture(page, "alternatives");
    await accessible(page, "alternatives");
    await page.getByRole("button", { name: `Choose alternative ${found.length}` }).click();
    await page.waitForSelector(".stops");
    assert.match(await page.textContent("#day-version"), /chosen by hand/);
    const now = await ask(page, "GET", `/v1/days/${DAY}`);
    await ask(page, "PUT", `/v1/days/${DAY}`, { plan_id: plan, version: now.version });
  });

  await t.test("a day is adapted to what has happened: what changes and why, then accepted", async () => {
    const before = await ask(page, "GET", `/v1/days/${DAY}`);
    await go(page, `#/adapt/${DAY}`, "#adapt");
    await page.fill("#adapt [name=by]", "45");
    await page.click("text=Another event");
    await page.locator("#adapt [name=kind]").nth(1).selectOption("cancelled");
    const gone = await page.locator("#adapt [name=client] option").first().textContent();
    await page.fill("#adapt [name=seconds]", "2");
    await page.click("#adapt > .actions:not(.left) button");
    await page.waitForSelector(".proposal .accept");
    const told = await page.textContent(".proposal");
    assert.match(told, /Proposed: truck 1 \(.*\) is 45 min late; .* is cancelled/);
    const changes = await rows(page, ".proposal .wide:nth-of-type(2)");
    assert.ok(changes.some((cells) => cells[1] === "no longer served" && /is cancelled/.test(cells[4])), JSON.stringify(changes.slice(0, 4)));
    assert.ok(told.includes(gone.split(",")[0]), gone);
    assert.ok(!/false|undefined|null|NaN/.test(told), told);
    await picture(page, "adaptation");
    await accessible(page, "an adaptation");
    await page.click(".proposal .reject");
    await page.waitForFunction(() => /^Rejected/.test(document.querySelector(".proposal h2").textContent));
    assert.equal((await ask(page, "GET", `/v1/days/${DAY}`)).version, before.version);
    await page.fill("#adapt [name=seconds]", "1");
    await page.click("#adapt > .actions:not(.left) button");
    await page.click(".proposal .accept");
    await page.waitForSelector(".stops");
    assert.match(await page.textContent("#day-version"), /adapted/);
    assert.equal(await page.locator("[data-client]").count(), BINS - 1);
  });

  await t.test("planned and done are compared in a chart, with its table", async () => {
    const routes = await ask(page, "GET", `/v1/days/${DAY}/routes`);
    const stops = routes[0].stops.filter((stop) => stop.activity === "client").slice(0, 12);
    await ask(page, "POST", `/v1/days/${DAY}/confirmations`, { stops: stops.map((stop, i) => ({ code: stop.code, outcome: i % 5 ? "done" : "missed", reason: "blocked", at: stop.start_at + 60 })) });
    for (const by of ["day", "truck", "driver", "area"]) {
      const hash = `#/analytics?by=${by}&figure=stops&from=2026-12-01&until=2026-12-31`;
      await page.waitForFunction(async ([path]) => {
        const { ask } = await import("/session.js");
        return !(await ask("GET", path)).changed.length;
      }, [`/v1/analytics/performance?by=${by}&from=2026-12-01&until=2026-12-31`], { polling: 500 });
      await go(page, hash, "#figures");
      const found = await rows(page, "#figures");
      assert.ok(found.length >= 1);
      assert.equal(await page.locator(".chart rect.planned").count(), found.length);
      if (by === "day") {
        assert.equal(found.reduce((sum, cells) => sum + Number(cells[2]), 0), 9, JSON.stringify(found));
        assert.match(await page.getAttribute(".chart svg", "aria-label"), /^Stops: planned \d+, done 9\./);
        await picture(page, "analytics");
      }
      await accessible(page, `analytics by ${by}`);
    }
    // The day after is held against the one before.
    await go(page, "#/day/2026-12-04", "#alike");
    assert.equal((await rows(page, "#alike table"))[0][0], "Thu, 3 Dec 2026");
    assert.match(await page.textContent("#alike"), /What happened on 1 of them: .* 3 missed/);
    await accessible(page, "days like a day");
    await go(page, "#/analytics?by=area&figure=stops&from=2026-12-01&until=2026-12-31", "#figures");
    await page.selectOption("[name=figure]", "distance");
    await page.waitForSelector("text=Distance by area");
  });

  await t.test("people, roles and invitations", async () => {
    await go(page, "#/users", "#users");
    assert.deepEqual((await rows(page, "#users")).map((cells) => cells.slice(0, 4)), [["Ada", "ada@example.org", "admin", "active"]]);
    await page.click("#invite .actions button");
    await page.waitForSelector("#invitation");
    const link = await page.textContent("#invitation");
    await picture(page, "people");
    await accessible(page, "people");
    // Whoever was invited joins, in a window of their own.
    const guest = await (await own.browser.newContext()).newPage();
    const { fromFolders } = await import("./browser.mjs");
    await fromFolders(guest.context(), own.service.origin);
    await guest.goto(own.service.origin + new URL(link).hash.replace(/^/, "/"));
    for (const [name, value] of [["name", "Bo"], ["email", "bo@example.org"], ["password", "seven green kettles whistle"]]) await guest.fill(`#sign-up [name=${name}]`, value);
    await guest.click("#sign-up button");
    await guest.waitForSelector("#nav:not([hidden])");
    assert.ok(!(await guest.textContent("#nav")).includes("Audit"), "what may not be seen is not in the navigation");
    await guest.evaluate(() => { location.hash = "#/audit"; });
    await guest.waitForSelector(".screen > .problem");
    assert.match(await guest.textContent(".screen > .problem"), /audit:read.*Ask an administrator/s);
    await go(page, "#/account", "h1");
    await go(page, "#/users", "#users");
    await page.getByRole("button", { name: "Roles of Bo" }).click();
    await accessible(page, "roles of somebody");
    const viewer = page.locator("dialog .check", { hasText: "viewer" }).locator("input");
    await viewer.check();
    await page.locator("dialog .actions button").click();
    await page.waitForFunction(() => [...document.querySelectorAll("#users tbody tr")].some((row) => /planner, viewer/.test(row.textContent)));
    await page.getByRole("button", { name: "Disable Bo" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
    await page.waitForSelector("text=disabled");
    await page.click("text=Make a role");
    await page.fill("#new-role [name=name]", "auditor");
    await page.check("#new-role [value='audit:read']");
    await page.click("#new-role .actions button");
    await page.waitForFunction(() => /auditor/.test(document.getElementById("roles").textContent));
  });

  await t.test("the audit log is verified, filtered and searched", async () => {
    await go(page, "#/audit", "#entries");
    assert.match(await page.textContent("#verdict"), /^The whole log is as it was written; \d+ entries/);
    const all = (await rows(page, "#entries")).length;
    await page.selectOption("[name=action]", "adaptation.accepted");
    assert.deepEqual((await rows(page, "#entries")).map((cells) => [cells[1], cells[2]]), [["you", "adaptation.accepted"]]);
    await page.selectOption("[name=action]", "");
    await page.fill("[type=search]", "fleet.imported");
    const found = (await rows(page, "#entries")).length;
    assert.ok(found > 1 && found < all, `${found} of ${all}`);
    await picture(page, "audit");
    await accessible(page, "the audit log");
  });

  await t.test("providers, streets, days and plans", async () => {
    await go(page, "#/providers", "#providers");
    assert.equal((await rows(page, "#providers")).length, 4);
    await page.getByRole("button", { name: "Set up messages" }).click();
    await accessible(page, "a provider");
    await page.keyboard.press("Escape");
    await accessible(page, "providers");
    await go(page, "#/networks", "#network");
    await accessible(page, "streets");
    await go(page, "#/days", "table");
    assert.equal((await rows(page, "#screen")).length, 2);
    await accessible(page, "days");
    await go(page, "#/plans", "#plans");
    await accessible(page, "plans");
    await page.fill("[type=search]", "second thoughts");
    assert.equal((await rows(page, "#plans")).length, 1);
    await page.click("#plans tbody a >> visible=true");
    await page.waitForSelector(".stops");
    assert.equal(await page.locator(".move").count(), 0, "stops are moved on a day, not in a stored plan");
    await accessible(page, "a plan");
  });

  await t.test("in the dark, and narrow", async () => {
    const screens = [`#/day/${DAY}`, `#/alternatives/${DAY}`, `#/adapt/${DAY}`, "#/analytics?by=truck&from=2026-12-01&until=2026-12-31", "#/billing", "#/users", "#/audit", "#/providers", "#/networks", "#/plans", "#/fleet/bins", "#/account"];
    for (const [scheme, width] of [["dark", 1440], ["light", 390], ["dark", 390]]) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      for (const hash of screens) {
        const name = hash.replace(/[?].*/, "").split("/")[1];
        await go(page, "#/days", "table");
        await go(page, hash, { day: ".stops", alternatives: ".pair", adapt: "#adapt", analytics: "#figures" }[name] || "h1");
        await page.waitForFunction(() => !/One moment/.test(document.body.textContent));
        await fits(page, `${name}, ${scheme}, ${width}`);
        await accessible(page, `${name}, ${scheme}, ${width}`);
        await picture(page, `${name}-${scheme}-${width}`);
      }
    }
  });
  const refusals = seen.errors.filter((error) => !/status of 404 .*\/v1\/days\//.test(error));
  assert.deepEqual(refusals, []);
  assert.deepEqual(seen.strangers, []);
});
