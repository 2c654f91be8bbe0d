// A driver's morning with the page, on a phone that has no network for much of it.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { launch, watch } from "./browser.mjs";
import { PASSWORD, open } from "./office.mjs";
import { start } from "./service.mjs";

const PICTURES = process.env.PICTURES;
const EMAIL = "dora@example.org";

test("a driver's morning", { timeout: 240_000 }, async (t) => {
  const service = await start();
  t.after(() => service.stop());
  const { office, day, plan } = await open(service);
  const browser = await launch();
  t.after(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const seen = watch(page, service.origin);
  const picture = async (name) => {
    if (!PICTURES) return;
    await mkdir(PICTURES, { recursive: true });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(PICTURES, `driver-${name}-${colorScheme}.png`) });
    }
    await page.emulateMedia({ colorScheme: "light" });
  };
  const signIn = async (email) => {
    await page.fill("#sign-in [name=email]", email);
    await page.fill("#sign-in [name=password]", PASSWORD);
    await page.click("#sign-in button");
    await page.waitForSelector("#stops li");
  };
  const stateIs = (text) => page.waitForFunction((part) => document.getElementById("state").textContent.includes(part), text);
  const reports = () => office.ask("GET", `/v1/days/${day}/reports?limit=1000`);
  /** Reports as many stops as done. */
  const done = async (count) => {
    for (let i = 0; i < count; i += 1) {
      const before = await page.locator("#stops li.done").count();
      await page.click("#done");
      await page.waitForFunction((known) => document.querySelectorAll("#stops li.done").length === known + 1, before);
    }
  };
  const missed = async (reason, remark, photo) => {
    const before = await page.locator("#stops li.missed").count();
    await page.click("#missed");
    await page.check(`#reasons [value=${reason}]`, { force: true });
    await page.fill("#why [name=remark]", remark);
    if (photo) {
      await page.setInputFiles("#photo", { name: "IMG_1.jpg", mimeType: "image/jpeg", buffer: photo });
      await page.waitForSelector("#preview:not([hidden])");
    }
    if (photo) await picture("why");
    await page.click("#why-send");
    await page.waitForFunction((known) => document.querySelectorAll("#stops li.missed").length === known + 1, before);
  };
  const services = async () => (await page.textContent("#progress")).match(/(\d+) of (\d+)/).slice(1).map(Number);

  await t.test("the route of the own truck is there, and nothing sticks out", async () => {
    await page.goto(`${service.origin}/driver/`);
    await page.waitForSelector("#sign-in:not([hidden])");
    await signIn(EMAIL);
    await stateIs("All is sent.");
    const [said, all] = await services();
    assert.ok(said === 0 && all > 20, `${said} of ${all}`);
    assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 390);
    const link = await page.getAttribute("#navigate", "href");
    assert.match(link, /^(geo:|https:\/\/)[^ ]*52\.\d+,4\.\d+/);
    for (const button of ["#done", "#missed", "#navigate"]) {
      assert.ok((await page.locator(button).boundingBox()).height >= 48, `${button} is large enough for a thumb`);
    }
    await picture("route");
  });

  await t.test("what was seen at a stop is sent at once", async () => {
    await page.fill(".seen [name=amount]", "120");
    await page.fill(".seen [name=fill_percent]", "85");
    await done(1);
    await stateIs("All is sent.");
    const [first] = await reports();
    assert.deepEqual([first.outcome, first.amount, first.fill_percent], ["done", 120, 85]);
  });

  await t.test("ten stops without a network, a reload, and nothing is lost", async () => {
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await page.waitForSelector("#stops li");
    await context.setOffline(true);
    await done(8);
    const photo = Buffer.from(await page.evaluate(async () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [3_000, 2_000];
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#b33";
      pen.fillRect(200, 200, 2_000, 1_000);
      return canvas.toDataURL("image/jpeg").split(",")[1];
    }), "base64");
    await missed("blocked", "A removal van, back at noon", photo);
    await missed("not_out", "", null);
    await stateIs("10 reports are not sent yet");
    await picture("offline");
    await page.reload();
    await page.waitForSelector("#stops li");
    await stateIs("10 reports are not sent yet");
    assert.equal((await services())[0], 11);
    assert.equal((await reports()).length, 1);
  });

  await t.test("a session that has ended asks to sign in, and the queue waits", async () => {
    await page.evaluate(() => {
      const kept = JSON.parse(localStorage.getItem("milkrun-driver-session"));
      localStorage.setItem("milkrun-driver-session", JSON.stringify({ ...kept, refresh: "gone", expires: 0 }));
    });
    await context.setOffline(false);
    await page.waitForSelector("#sign-in:not([hidden])");
    await page.waitForSelector("#waiting:not([hidden])");
    assert.equal(await page.textContent("#waiting"), `Not sent yet: 10 of ${EMAIL}.`);
    await picture("sign-in");
    // The answer to the first batch is lost: the phone cannot know that it was stored, and sends it again.
    await page.evaluate(() => {
      const real = window.fetch;
      window.fetch = async (...asked) => {
        const answer = await real(...asked);
        if (String(asked[0]).endsWith("/reports") && !window.wasLost) {
          window.wasLost = true;
          throw new TypeError("the network is gone");
        }
        return answer;
      };
    });
    await signIn(EMAIL);
    await stateIs("All is sent.");
    assert.ok(await page.evaluate(() => window.wasLost));
    const known = await reports();
    assert.equal(known.length, 11);
    assert.equal(new Set(known.map(({ id }) => id)).size, 11);
    assert.equal(new Set(known.map(({ code }) => code)).size, 11, "eleven stops, none twice");
    assert.deepEqual(known.filter(({ outcome }) => outcome === "missed").map(({ reason }) => reason).sort(), ["blocked", "not_out"]);
    const { photo, remark } = known.find(({ reason }) => reason === "blocked");
    assert.equal(remark, "A removal van, back at noon");
    const sent = await fetch(`${service.origin}/v1/photos/${photo}`, { headers: { authorization: `Bearer ${office.access}` } });
    assert.equal(sent.headers.get("content-type"), "image/jpeg");
    const bytes = Buffer.from(await sent.arrayBuffer());
    assert.ok(bytes.length < 200_000 && bytes[0] === 0xff && bytes[1] === 0xd8, `${bytes.length} bytes: made small on the phone`);
  });

  await t.test("a newer plan comes with the answer", async () => {
    await office.ask("PUT", `/v1/days/${day}`, { plan_id: plan, version: 1 });
    await done(1);
    await stateIs("All is sent.");
    await page.waitForFunction(() => new Promise((found) => {
      const request = indexedDB.open("milkrun-driver");
      request.onsuccess = () => {
        const all = request.result.transaction("routes").objectStore("routes").getAll();
        all.onsuccess = () => found(all.result.some(({ version }) => version === 2));
      };
    }));
    assert.equal((await reports()).length, 12);
  });

  await t.test("each user has a queue of their own", async () => {
    await context.setOffline(true);
    await done(1);
    await page.click("#menu-open");
    await picture("menu");
    await page.click("#sign-out");
    await page.waitForSelector("#waiting:not([hidden])");
    assert.equal(await page.textContent("#waiting"), `Not sent yet: 1 of ${EMAIL}.`);
    await context.setOffline(false);
    await signIn("dirk@example.org");
    await stateIs("All is sent.");
    assert.equal((await reports()).length, 12, "what is another's is not sent");
    await page.click("#menu-open");
    await page.click("#sign-out");
    await page.waitForSelector("#sign-in:not([hidden])");
    await signIn(EMAIL);
    await stateIs("All is sent.");
    const known = await reports();
    assert.deepEqual([known.length, new Set(known.map(({ id }) => id)).size, new Set(known.map(({ user }) => user)).size], [13, 13, 1]);
    assert.equal(await page.isHidden("#waiting"), true);
    await picture("done");
  });

  await t.test("no complaint but of the network, and no word to anybody else", async () => {
    const expected = /ERR_INTERNET_DISCONNECTED|status of 401 .*sessions\/refresh|Failed to fetch/;
    assert.deepEqual(seen.errors.filter((error) => !expected.test(error)), []);
    assert.deepEqual(seen.strangers, []);
    const { code: ended, log } = await service.stop();
    assert.equal(ended, 0);
    for (const line of log.trim().split("\n")) assert.notEqual(JSON.parse(line).level, "ERROR", line);
  });
});
