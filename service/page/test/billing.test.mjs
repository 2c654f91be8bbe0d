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

  await t.test("nothing went wrong on the page", () => {
    // That an invoice has changed is a refusal, and a day without a plan is none: the browser notes both.
    const others = seen.errors.filter((error) => !/status of 409 .*\/approval|status of 404 .*\/v1\/days\//.test(error));
    assert.deepEqual(others, []);
    assert.deepEqual(seen.strangers, []);
  });
});
