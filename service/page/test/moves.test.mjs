// Stops moved to other trucks and places: by drag, in a dialog and with keys; judged before they are saved, taken back, saved.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BINS } from "./city.mjs";
import { accessible, ask, begin, city, fits, go, picture, planned, signUp } from "./help.mjs";

const DAY = "2026-12-03";

test("stops are moved by hand", { timeout: 240_000 }, async (t) => {
  const own = await begin(t);
  const { page, seen } = own;
  await signUp(own);
  await city(page);
  await planned(page, DAY);
  await go(page, `#/day/${DAY}`, ".stops");
  /** The bins of each truck, by index, as the page shows them. */
  const shown = () => page.locator(".route:not(.free)").evaluateAll((lists) =>
    lists.map((list) => [...list.querySelectorAll("[data-client]")].map((row) => Number(row.dataset.client))));
  const version = async () => (await ask(page, "GET", `/v1/days/${DAY}`)).version;
  const reached = async (wanted) => {
    await page.waitForFunction((text) => document.getElementById("day-version")?.textContent.startsWith(text), `version ${wanted},`);
    await page.waitForSelector(".stops");
  };
  const before = await shown();
  assert.equal(before.flat().length, BINS);

  await t.test("dragged before a stop of another truck, it is judged and not kept", async () => {
    const [moved, place] = [before[0][0], before[1][1]];
    await page.locator(`[data-client="${moved}"] th`).dragTo(page.locator(`[data-client="${place}"] th`));
    await page.waitForSelector(".bar:not([hidden])");
    const after = await shown();
    assert.equal(after[1].indexOf(moved), after[1].indexOf(place) - 1);
    assert.equal(after.flat().length, BINS);
    assert.match(await page.textContent(".bar"), /1 move not saved: cost [+−±].*, distance [+−±].*(no further rule violated|more rules? violated)/);
    assert.ok(await page.locator("tr.moved").count() >= 1);
    assert.equal(await version(), 1, "nothing is kept yet");
    await picture(page, "moves");
    await accessible(page, "moves");
  });

  await t.test("undone, the plan is as it was", async () => {
    await page.click("#undo");
    assert.deepEqual(await shown(), before);
    assert.ok(await page.isHidden(".bar"));
  });

  await t.test("a dialog judges each place before the move is made", async () => {
    const moved = before[0][2];
    await page.click(`[data-client="${moved}"] .move`);
    await page.waitForSelector("dialog #make-move:not([disabled])");
    await page.selectOption("dialog [name=truck]", "route:1");
    await page.waitForFunction(() => /This move: cost/.test(document.querySelector(".verdict").textContent));
    await page.selectOption("dialog [name=before]", String(before[1][0]));
    await page.waitForSelector("dialog #make-move:not([disabled])");
    await picture(page, "move-dialog", false);
    await accessible(page, "the dialog of a move");
    await page.click("#make-move");
    await page.waitForSelector(".bar:not([hidden])");
    assert.equal((await shown())[1][0], moved);
    assert.equal(await page.evaluate(() => document.activeElement.closest("tr")?.dataset.client), String(moved), "the focus stays with what was moved");
  });

  await t.test("keys move it within its route, and a rule that is violated is said", async () => {
    const moved = before[0][2];
    await page.keyboard.press("Alt+ArrowDown");
    await page.waitForFunction((id) => [...document.querySelectorAll(".route")][1].querySelectorAll("[data-client]")[1].dataset.client === String(id), moved);
    // All that the first truck has on the second one, piece by piece, is too much for it.
    for (const client of before[0].slice(3, 33)) {
      const done = await ask(page, "POST", `/v1/days/${DAY}/moves/judgement`, { version: 1, moves: [{ client, route: 1 }] });
      assert.equal(done.board.figures.served, BINS);
    }
    const moves = before[0].slice(3, 33).map((client) => ({ client, route: 1 }));
    const judged = await ask(page, "POST", `/v1/days/${DAY}/moves/judgement`, { version: 1, moves });
    assert.ok(judged.new_violations.length > 0);
    assert.ok(judged.new_violations.every((text) => /truck 2/iu.test(text)), `named as people know it: ${judged.new_violations[0]}`);
  });

  await t.test("saved, it is the next version", async () => {
    const there = await shown();
    await page.click("#save-moves");
    await reached(2);
    assert.deepEqual(await shown(), there);
    assert.match(await page.textContent("#message"), /Saved as version 2/);
    assert.equal(await version(), 2);
  });

  await t.test("of two dispatchers the later one is told, with a way on", async () => {
    const now = await shown();
    const current = await ask(page, "GET", `/v1/days/${DAY}`);
    await ask(page, "PUT", `/v1/days/${DAY}`, { plan_id: current.plan_id, version: 2 });
    await page.click(`[data-client="${now[0][0]}"] .move`);
    await page.waitForSelector("dialog .problem");
    assert.match(await page.textContent("dialog .problem"), /version 3 of the day's plan holds by now/);
    await page.keyboard.press("Escape");
    await page.locator(`[data-client="${now[0][0]}"] .move`).focus();
    await page.keyboard.press("Alt+ArrowDown");
    await page.waitForSelector(".board > .problem button");
    await page.click(".board > .problem button");
    await reached(3);
    seen.errors = seen.errors.filter((error) => !/status of (409|404)/.test(error));
  });

  await t.test("an earlier version is taken again from the history", async () => {
    await page.click("text=History");
    await page.waitForSelector("dialog table");
    await picture(page, "history", false);
    await accessible(page, "history");
    await page.locator("dialog tbody tr").last().getByRole("button").click();
    await reached(4);
    assert.deepEqual(await shown(), before);
  });

  await t.test("put off its truck, a stop is unserved, and comes back", async () => {
    const moved = before[1][0];
    await page.click(`[data-client="${moved}"] .move`);
    await page.selectOption("dialog [name=truck]", "none");
    await page.waitForSelector("dialog #make-move:not([disabled])");
    await page.waitForFunction(() => /unserved 0 to 1/.test(document.querySelector(".verdict").textContent));
    await page.click("#make-move");
    await page.waitForSelector(".unserved li");
    await fits(page, "unserved");
    await page.click(".unserved button");
    await page.waitForSelector("dialog #make-move:not([disabled])");
    await page.click("#make-move");
    await page.waitForFunction(() => !document.querySelector(".unserved"));
    await page.click("#discard");
    assert.deepEqual(await shown(), before);
  });
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(seen.strangers, []);
});
