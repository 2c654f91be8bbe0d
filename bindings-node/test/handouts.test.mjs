import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Model } from "milkrun";

function day() {
  const model = new Model({ name: "<script>alert(1)</script>" });
  const depot = model.addDepot({ lon: 5, lat: 52, name: "yard" });
  const window = [new Date("2026-11-30T07:00:00Z"), new Date("2026-11-30T09:00:00Z")];
  model.addClient({ lon: 5.1, lat: 52, pickup: 7, timeWindow: window, name: "=mill" });
  model.addClient({ lon: 5.2, lat: 52, pickup: 7, required: false, prize: 1, name: "far" });
  model.addVehicleType({ depot, capacity: 9, name: "Red" });
  return model.build().plan([[0]]);
}

test("a page, its parts, and drivers' sheets", () => {
  const plan = day();
  const path = join(mkdtempSync(join(tmpdir(), "milkrun-")), "day.html");
  const page = plan.toHtml({ path, loads: ["kg"], currency: "EUR" });
  assert.equal(readFileSync(path, "utf8"), page);
  assert.match(page, /Monday, 30 November 2026/);
  assert.match(page, /Not served: 1/);
  assert.match(page, /because of capacity/);
  assert.doesNotMatch(page, /<script>alert/);
  const fragment = plan.toHtmlFragment();
  assert.equal(fragment.match(/class="mr-stop"/g).length, 1);
  assert.match(plan.sheets({ loads: ["kg"] }), /kg on board/);
  assert.match(plan.toHtml({ explain: 0 }), /Reasons were not looked for/);
});

test("files for other programs", () => {
  const plan = day();
  const lines = plan.toCsv().trimEnd().split("\n");
  assert.equal(lines.length, 4);
  assert.match(lines[2], /^1,Red,0,1,1,1,client,0,'=mill,.*,2026-11-30T07:00:00,/);
  assert.match(plan.toCsv({ date: "2026-12-01" }), /2026-12-01T07:00:00/);
  assert.match(plan.toIcal(), /DTSTART:20261130T/);
  assert.equal(plan.toIcal({ eachStop: true }).match(/BEGIN:VEVENT/g).length, 1);
  assert.match(plan.toGpx(), /<rtept lat="52" lon="5.1">/);
  assert.throws(() => plan.toCsv({ route: 1 }), { code: "setting", message: /the plan has 1 routes/ });
  assert.throws(() => plan.toHtml({ date: "someday" }), { code: "setting" });
  const model = new Model();
  model.addClient({ x: 1, y: 1 });
  model.addVehicleType({ depot: model.addDepot({ x: 0, y: 0 }) });
  const planar = model.build().plan([[0]]);
  assert.throws(() => planar.toGpx(), { code: "write", message: /longitudes and latitudes/ });
  assert.throws(() => planar.toIcal(), { code: "write" });
});
