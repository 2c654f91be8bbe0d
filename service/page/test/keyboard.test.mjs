// A whole day without a mouse: sign up, import, plan, move a stop, save, sign out. Only keys are pressed; a focus is never set.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { FILES } from "./city.mjs";
import { EMAIL, PASSWORD, ask, begin } from "./help.mjs";

/** Most presses of the key that goes on. */
const MOST = 400;

test("a day without a mouse", { timeout: 240_000 }, async (t) => {
  const own = await begin(t);
  const { page, service, seen } = own;
  const folder = await mkdtemp(join(tmpdir(), "milkrun-keys-"));
  t.after(() => rm(folder, { recursive: true, force: true }));

  /** Presses Tab until what has the focus matches, and can be seen to have it. */
  const reach = async (selector) => {
    for (let i = 0; i < MOST; i += 1) {
      const found = await page.evaluate((wanted) => {
        const now = document.activeElement;
        if (!now?.matches(wanted)) return null;
        const box = now.getBoundingClientRect();
        return { outline: getComputedStyle(now).outlineStyle, seen: box.bottom > 0 && box.top < innerHeight && box.width > 0 };
      }, selector);
      if (found) {
        assert.ok(found.seen, `${selector} has the focus and is out of sight`);
        return found;
      }
      await page.keyboard.press("Tab");
    }
    return assert.fail(`${selector} is not reached`);
  };
  const type = async (selector, text) => {
    await reach(selector);
    await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
  };
  const press = async (selector) => {
    const { outline } = await reach(selector);
    assert.notEqual(outline, "none", `${selector}: the focus is seen`);
    await page.keyboard.press("Enter");
  };

  // The system's own chooser of files opens by a key; what it would give comes from here.
  let chosen = "";
  page.on("filechooser", (chooser) => chooser.setFiles(chosen));

  await page.goto(service.link);
  await page.waitForSelector("#sign-up");
  await type("[name=name]", "Ada");
  await type("[name=organisation]", "Ada's haulage");
  await type("[name=email]", EMAIL);
  await type("[name=password]", PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#nav:not([hidden])");

  await t.test("the fleet is imported", async () => {
    for (const { kind, file } of FILES) {
      await page.waitForTimeout(50);
      await press("#nav a[href^='#/fleet']");
      await page.waitForSelector(".tabs");
      if (kind !== "bins") {
        await press(`.tabs a[href='#/fleet/${kind}']`);
        await page.waitForSelector(`.tabs a[href='#/fleet/${kind}'][aria-current]`);
      }
      await press("summary");
      const path = join(folder, file.name);
      await writeFile(path, file.buffer);
      await reach("#import [name=file]");
      chosen = path;
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelector("#import [name=file]").files.length === 1);
      await press("#import .actions button");
      await page.waitForFunction(() => /imported/.test(document.getElementById("message").textContent));
    }
  });

  await t.test("the day is planned, and a stop is moved to another truck", async () => {
    await press("#nav a[href^='#/day/']");
    await page.waitForSelector("#plan");
    await type("#plan [name=seconds]", "2");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".stops");
    const before = await page.locator(".route:not(.free)").evaluateAll((lists) => lists.map((list) => list.querySelectorAll("[data-client]").length));
    await press(".move");
    await page.waitForSelector("dialog #make-move:not([disabled])");
    await reach("dialog [name=truck]");
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector("dialog #make-move:not([disabled])");
    await press("#make-move");
    await page.waitForSelector(".bar:not([hidden])");
    const counts = () => page.locator(".route:not(.free)").evaluateAll((lists) => lists.map((list) => list.querySelectorAll("[data-client]").length));
    assert.deepEqual(await counts(), [before[0] - 1, before[1] + 1]);
    await page.keyboard.press("Control+z");
    assert.deepEqual(await counts(), before, "one key takes it back");
    // Later on the same route, by a key on its button.
    await reach(".move");
    await page.keyboard.press("Alt+ArrowDown");
    await page.waitForSelector(".bar:not([hidden])");
    await press("#save-moves");
    await page.waitForFunction(() => /version 2/.test(document.getElementById("day-version")?.textContent));
    await page.waitForSelector(".stops");
  });

  await t.test("the map is moved, a route is looked at alone, and the history is opened and closed", async () => {
    await reach(".mr-canvas");
    const seenOf = () => page.getAttribute(".mr-canvas", "viewBox");
    const all = await seenOf();
    await page.keyboard.press("+");
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await seenOf(), all);
    await page.keyboard.press("0");
    assert.equal(await seenOf(), all);
    await press(".mr-legend .mr-only");
    await page.waitForSelector(".mr-canvas .mr-faded");
    await page.keyboard.press("Shift+Tab");
    for (let i = 0; i < MOST && !await page.evaluate(() => /History/.test(document.activeElement.textContent)); i += 1) await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog table");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.querySelector("dialog"));
    assert.match(await page.evaluate(() => document.activeElement.textContent), /History/, "the focus is where it was");
  });

  await t.test("every screen is reached, and the session ended", async () => {
    const links = await page.locator("#nav a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    assert.ok(links.length >= 9, links.join());
    for (const link of links) {
      await press(`#nav a[href='${link}']`);
      await page.waitForSelector("#screen h1");
      assert.equal(await page.locator(".screen > .problem").count(), 0, link);
    }
    assert.equal((await ask(page, "GET", "/v1/me")).email, EMAIL);
    await press("#sign-out");
    await page.waitForSelector("#sign-in");
  });
  assert.deepEqual(seen.errors.filter((error) => !/status of 404 .*\/v1\/days\//.test(error)), []);
});
