// Invoices on the page: drafted, looked at, approved, and a draft that is deleted.
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, ask, begin, city, fits, go, picture, planned, rows, signUp } from "./help.mjs";
import { today } from "./office.mjs";

test("billing", { timeout: 240_000 }, async (t) => {
  const own = await begin(t);
  const { page, seen } = own;
  const day = today();
  await signUp(own);
  await city(page);
  await planned(page, day);
  const routes = await ask(page, "GET", `/v1/days/${day}/routes`);
  const codes = routes[0].stops.filter((stop) => stop.activity === "client").map((stop) => stop.code);

  await t.test("payers are imported, and bins say who pays", async () => {
    await go(page, "#/fleet/payers");
    const text = "code,name,email,currency,price_per_emptying,price_per_tonne,tax_basis_points\ninn,The Inn,inn@example.org,eur,350,0,1900\nmill,Mill,mill@example.org,jpy,0,9000,0\n";
    await page.click("summary");
    await page.setInputFiles("#import [name=file]", { name: "payers.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await page.click("#import .actions button");
    await page.waitForSelector("#things tbody tr");
    assert.equal((await rows(page, "#things")).length, 2);
    await accessible(page, "payers");
    const bins = await ask(page, "GET", "/v1/fleet/bins?limit=200");
    const payer = { [codes[0]]: "inn", [codes[1]]: "inn", [codes[2]]: "mill", [codes[3]]: "mill" };
    await ask(page, "POST", "/v1/fleet/bins/import", bins.filter(({ code }) => payer[code]).map((bin) => ({ ...bin, payer: payer[bin.code] })));
  });

  await t.test("drafts are of what drivers have confirmed, and what is left out is told", async () => {
    const me = await ask(page, "GET", "/v1/me");
    await ask(page, "PUT", `/v1/days/${day}/drivers/${me.id}`, { vehicle: routes[0].vehicle });
    const amounts = [null, null, 1_250, null];
    const reports = codes.slice(0, 4).map((code, i) => ({ id: `report-${i}00`, version: 1, code, outcome: "done", at: 25_000 + 300 * i, amount: amounts[i] }));
    await ask(page, "POST", `/v1/driving/days/${day}/reports`, { reports });
    await go(page, "#/billing", "#draft");
    assert.match(await page.textContent(".empty"), /no invoices yet/);
    for (const name of ["from", "until"]) await page.fill(`#draft [name=${name}]`, day);
    await page.click("#draft .actions button");
    await page.waitForSelector("#invoices tbody tr");
    assert.match(await page.textContent("#message"), /^2 drafts\. Left out: 1 that are paid for by weight and were not weighed\.$/);
    const found = (await rows(page, "#invoices")).map((cells) => [cells[0], cells[2], cells[3], cells[4]]);
    assert.deepEqual(found.sort(), [["Mill", "1", "¥11,250", "draft"], ["The Inn", "2", "€8.33", "draft"]]);
    await accessible(page, "billing");
    await picture(page, "billing");
  });

  await t.test("an invoice is looked at, approved as it was seen, and sent", async () => {
    await page.click("#invoices a:has-text('The Inn')");
    await page.waitForSelector("#items tbody tr");
    assert.equal((await rows(page, "#items")).length, 2);
    assert.match(await page.textContent("#invoice-facts"), /Without tax€7\.00Tax, 19 %€1\.33Total€8\.33/);
    await accessible(page, "an invoice");
    // Meanwhile the driver says that one of the two was not possible: what was seen is not sent.
    const report = { id: "report-900", version: 1, code: codes[0], outcome: "missed", reason: "blocked", at: 30_000 };
    await ask(page, "POST", `/v1/driving/days/${day}/reports`, { reports: [report] });
    await page.click("#approve");
    await page.click("dialog .danger");
    await page.waitForSelector(".screen > .problem");
    assert.match(await page.textContent(".screen > .problem"), /drivers have said something else/);
    assert.match(await page.textContent("#invoice-facts"), /Total€4\.17/);
    await page.click("#approve");
    await accessible(page, "approving an invoice");
    await page.click("dialog .danger");
    await page.waitForFunction(() => /approved|sent/.test(document.getElementById("invoice-facts").textContent));
    assert.equal(await page.locator("#approve").count(), 0);
    const id = await page.evaluate(() => location.hash.split("/").at(-1));
    while ((await ask(page, "GET", `/v1/invoices/${id}`)).state !== "sent") await new Promise((wait) => setTimeout(wait, 200));
    await go(page, "#/billing", "#invoices");
    await go(page, `#/billing/${id}`, "#items");
    assert.match(await page.textContent("#invoice-facts"), /local invoices\//);
    await page.setViewportSize({ width: 390, height: 844 });
    await fits(page, "an invoice, narrow");
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await t.test("a draft is deleted, and can be drafted again", async () => {
    await go(page, "#/billing", "#invoices");
    await page.click("#invoices a:has-text('Mill')");
    await page.click("#drop");
    await page.click("dialog .danger");
    await page.waitForSelector("#draft");
    await page.waitForFunction(() => !/Mill/.test(document.getElementById("invoices")?.textContent ?? "Mill"));
    for (const name of ["from", "until"]) await page.fill(`#draft [name=${name}]`, day);
    await page.click("#draft .actions button");
    await page.waitForFunction(() => /Mill/.test(document.getElementById("invoices").textContent));
  });

  await t.test("an approved invoice that no provider has is withdrawn", async () => {
    // A provider that cannot be reached has nothing.
    await ask(page, "PUT", "/v1/providers/payments", { provider: "stripe", secret: "sk_test", settings: { address: "http://127.0.0.1:9" } });
    await go(page, "#/billing", "#invoices");
    await page.click("#invoices a:has-text('Mill')");
    await page.click("#approve");
    await page.click("dialog .danger");
    await page.waitForSelector("#withdraw");
    await accessible(page, "an approved invoice");
    // While it is being tried, that is refused.
    for (let tries = 0; tries < 20 && !/withdrawn/.test(await page.textContent("#invoice-facts")); tries += 1) {
      await page.click("#withdraw");
      await page.click("dialog .danger");
      await page.waitForFunction(() => /withdrawn/.test(document.getElementById("invoice-facts").textContent) || document.querySelector(".screen > .problem"));
    }
    assert.match(await page.textContent("#invoice-facts"), /Statewithdrawn/);
    assert.equal(await page.locator("#withdraw").count(), 0);
    await ask(page, "DELETE", "/v1/providers/payments");
    const again = await ask(page, "POST", "/v1/invoices", { from: day, until: day, payer: "mill" });
    assert.equal(again.invoices.length, 1);
  });

  await t.test("more than 200 drafts are shown page by page, and so are the emptyings of a long invoice", async () => {
    const of = codes.slice(4);
    // So many days have so many emptyings.
    const enough = (emptyings) => Math.ceil(emptyings / of.length);
    const [many, longer] = [enough(205), enough(505)];
    const payers = of.map((code) => ({ code: `payer-${code}`, email: "p@example.org", currency: "eur", price_per_emptying: 100 }));
    await ask(page, "POST", "/v1/fleet/payers/import", payers);
    const bins = await ask(page, "GET", "/v1/fleet/bins?limit=200");
    const paid = async (payer) => ask(page, "POST", "/v1/fleet/bins/import", bins.filter(({ code }) => of.includes(code)).map((bin) => ({ ...bin, payer: payer(bin.code) })));
    await paid((code) => `payer-${code}`);
    const me = await ask(page, "GET", "/v1/me");
    const { plan_id: plan } = await ask(page, "GET", `/v1/days/${day}`);
    const before = (await ask(page, "GET", "/v1/invoices?state=draft&limit=1000")).length;
    const drove = async (back) => {
      const past = new Date(Date.parse(day) - back * 86_400_000).toISOString().slice(0, 10);
      await ask(page, "PUT", `/v1/days/${past}`, { plan_id: plan, version: 0 });
      await ask(page, "PUT", `/v1/days/${past}/drivers/${me.id}`, { vehicle: routes[0].vehicle });
      const reports = of.map((code, i) => ({ id: `report-${back}-${code}`, version: 1, code, outcome: "done", at: 25_000 + 60 * i, amount: null }));
      await ask(page, "POST", `/v1/driving/days/${past}/reports`, { reports });
      return past;
    };
    for (let back = 1; back <= many; back += 1) {
      const past = await drove(back);
      const { invoices } = await ask(page, "POST", "/v1/invoices", { from: past, until: past });
      assert.equal(invoices.length, of.length);
    }
    const drafts = before + many * of.length;
    assert.ok(drafts > 200);
    await go(page, "#/fleet", "#things");
    await go(page, "#/billing", "#invoices");
    const shown = async () => (await rows(page, "#invoices")).filter((cells) => cells[4] === "draft").length;
    assert.equal(await shown(), 200);
    await accessible(page, "many drafts");
    await page.click("#more-drafts");
    await page.waitForFunction((all) => [...document.querySelectorAll("#invoices tbody tr")].filter((row) => row.cells[4].textContent === "draft").length === all, drafts);
    assert.equal(await page.locator("#more-drafts").count(), 0);
    // One payer for all bins, on many days: more emptyings than are read at a time.
    await paid(() => "inn");
    const days = [];
    for (let back = many + 1; back <= many + longer; back += 1) days.push(await drove(back));
    const { invoices: [long] } = await ask(page, "POST", "/v1/invoices", { from: days.at(-1), until: days[0], payer: "inn" });
    assert.equal(long.emptyings, longer * of.length);
    await go(page, `#/billing/${long.id}`, "#items");
    assert.equal((await rows(page, "#items")).length, 500);
    await page.click("#more-items");
    await page.waitForFunction((all) => document.querySelectorAll("#items tbody tr").length === all, long.emptyings);
    assert.equal(await page.locator("#more-items").count(), 0);
  });

  await t.test("nothing went wrong on the page", () => {
    // That an invoice has changed or is being sent is a refusal, and a day without a plan is none: the browser notes both.
    const others = seen.errors.filter((error) => !/status of 409 .*\/(approval|withdrawal)|status of 404 .*\/v1\/days\//.test(error));
    assert.deepEqual(others, []);
    assert.deepEqual(seen.strangers, []);
  });
});
