// The page in a browser, from the sign-up link to a map, and through a second factor.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser } from "./browser.mjs";
import { city } from "./city.mjs";
import { service } from "./service.mjs";

const BINS = 60;
const PASSWORD = "canary quiet copper lanterns drift";
const pictures = process.env.PICTURES ?? "pictures";
const seen = { errors: [], elsewhere: [] };
let running;
let chrome;
let page;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  running = await service();
  chrome = await browser();
  page = await chrome.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && seen.errors.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith(running.address) && !request.url().startsWith("data:")) seen.elsewhere.push(request.url());
  });
});

after(async () => {
  await chrome?.close();
  assert.equal(await running?.stop(), 0);
});

const picture = (name) => page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
const text = (selector) => page.locator(selector).innerText();

/** Waits until a line below the heading says what matches. */
const said = (pattern) => page.locator("#message").filter({ hasText: pattern }).waitFor();

/** The code of a secret (base 32) so many steps of 30 seconds from now. */
function code(secret, steps) {
  const bits = [...secret.replace(/[\s=]/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"));
  const key = Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac("sha1", key).update(counter).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

test("the sign-up link makes the first account", async () => {
  await page.goto(`${running.address}/${running.link}`);
  assert.equal(await page.title(), "milkrun");
  await page.fill("#sign-up [name=name]", "Ada");
  await page.fill("#sign-up [name=organisation]", "City of Canals");
  await page.fill("#sign-up [name=email]", "ada@example.org");
  await page.fill("#sign-up [name=password]", PASSWORD);
  await picture("sign-up");
  await page.click("#sign-up button");
  await page.locator("#work").waitFor();
  assert.equal(await text("#who"), "ada@example.org");
  assert.ok(!page.url().includes("sign-up"), "the link is gone from the address");
});

test("a file with faults is refused with the place of each", async () => {
  await page.selectOption("#import [name=kind]", "bins");
  const file = { name: "bins.json", mimeType: "application/json", buffer: Buffer.from('[{"code":"x","lon":500,"lat":1}]') };
  await page.setInputFiles("#import [name=file]", file);
  // The browser itself reports the refusal.
  const before = seen.errors.length;
  await page.click("#import button");
  await said(/\$\[0\]\.lon/);
  assert.match(await text("#message"), /\$\[0\]\.load_kg/);
  const reported = seen.errors.splice(before);
  assert.ok(reported.every((error) => error.includes("422")), reported.join("\n"));
});

test("files are imported", async () => {
  for (const [kind, [name, content]] of Object.entries(city(BINS))) {
    await page.selectOption("#import [name=kind]", kind);
    await page.setInputFiles("#import [name=file]", { name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
    await page.click("#import button");
    await said(/^\d+ imported\.$/);
    if (kind === "bins") assert.equal(await text("#message"), `${BINS} imported.`);
    // The next one says the same.
    await page.evaluate(() => { document.getElementById("message").textContent = ""; });
  }
});

test("a plan is made, and shown as a map and as tables", async () => {
  await page.fill("#plan [name=name]", "Monday");
  await page.fill("#plan [name=seconds]", "3");
  await page.click("#plan button");
  await page.locator("#job-text").filter({ hasText: /running: .*iterations/ }).waitFor();
  await page.locator("#shown").waitFor();
  assert.equal(await text("#plan-name"), "Monday");
  assert.match(await text("#plan-figures"), new RegExp(`^${BINS} stops, 0 unserved, [\\d.]+ km, \\d+:\\d\\d hours on the road$`));
  assert.equal(await page.locator("#map circle.stop").count(), BINS);
  assert.ok((await page.locator("#map polyline.trip").count()) >= 2);
  assert.ok((await page.locator("#map .depot").count()) >= 1);
  assert.ok((await page.locator("#map .site").count()) >= 1);
  const rows = await page.locator("#routes tr").allInnerTexts();
  const stops = rows.map((row) => Number(row.split("\t")[5]));
  assert.equal(stops.reduce((sum, n) => sum + n, 0), BINS);
  assert.ok(rows.every((row) => Number(row.split("\t")[6]) >= 1), "every truck is emptied");
  // The longest route is under way when its driver's break is due.
  const longest = stops.indexOf(Math.max(...stops));
  await page.locator("#routes tr").nth(longest).click();
  const lines = await page.locator("#stops tr").allInnerTexts();
  assert.equal(lines.filter((line) => /\tb\d{3}\t/.test(line)).length, stops[longest]);
  assert.equal(lines.filter((line) => line.includes("emptied at landfill")).length, Number(rows[longest].split("\t")[6]));
  assert.equal(lines.filter((line) => line.includes("break")).length, 1);
  assert.ok((await page.locator("#map .faded").count()) > 0);
  await picture("plan");
});

test("the map is moved and enlarged", async () => {
  const view = () => page.locator("#map").getAttribute("viewBox");
  const start = await view();
  await page.locator("#map").hover();
  await page.mouse.wheel(0, -200);
  await page.waitForFunction((old) => document.getElementById("map").getAttribute("viewBox") !== old, start);
  const enlarged = await view();
  assert.ok(Number(enlarged.split(" ")[2]) < Number(start.split(" ")[2]));
  await page.mouse.down();
  await page.mouse.move(500, 500, { steps: 4 });
  await page.mouse.up();
  assert.notEqual(await view(), enlarged);
});

test("it fits on a telephone", async () => {
  await page.setViewportSize({ width: 400, height: 800 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  await picture("telephone");
  assert.ok(width <= 400, `the page is ${width} wide`);
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("a second factor is set up, and asked for from then on", async () => {
  page.once("dialog", (dialog) => dialog.accept(PASSWORD));
  await page.click("#factor-start");
  await page.locator("#factor-setup").waitFor();
  await page.waitForFunction(() => document.getElementById("factor-picture").naturalWidth > 0);
  const secret = await text("#factor-secret");
  // Not when a code is about to change.
  const left = 30_000 - (Date.now() % 30_000);
  if (left < 8_000) await page.waitForTimeout(left + 100);
  // A code is good for two steps, and works once: the earlier one now, the later one for signing in.
  await page.fill("#factor-confirm [name=code]", code(secret, -1));
  await page.click("#factor-confirm button");
  await page.locator("#factor-codes").waitFor();
  assert.equal((await text("#factor-codes")).trim().split("\n").length, 10);
  await page.click("#sign-out");
  await page.locator("#sign-in").waitFor();
  await page.fill("#sign-in [name=email]", "ada@example.org");
  await page.fill("#sign-in [name=password]", PASSWORD);
  const before = seen.errors.length;
  await page.click("#sign-in button");
  await page.locator("#code-field").waitFor();
  assert.ok(seen.errors.splice(before).every((error) => error.includes("401")));
  await page.fill("#sign-in [name=code]", code(secret, 0));
  await page.click("#sign-in button");
  await page.locator("#work").waitFor();
  await page.locator("#plans li").filter({ hasText: `Monday: ${BINS} stops` }).waitFor();
});

test("nothing went wrong, and nobody else was asked", () => {
  assert.deepEqual(seen, { errors: [], elsewhere: [] });
  assert.doesNotMatch(running.log(), /"level":"ERROR"|panicked/);
});
