import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import * as imported from "milkrun";

const require = createRequire(import.meta.url);
const required = require("milkrun");

test("import and require give the same things", () => {
  assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort());
  for (const [name, value] of Object.entries(imported)) {
    assert.equal(value, required[name], name);
  }
  assert.equal(imported.version, require("milkrun/package.json").version);
});

test("there is no install script", () => {
  const { scripts, dependencies, optionalDependencies } = require("milkrun/package.json");
  assert.deepEqual([scripts, dependencies], [undefined, undefined]);
  const versions = new Set(Object.values(optionalDependencies));
  assert.deepEqual([...versions], [imported.version]);
});

test("worker threads, several at once and one after the other", async () => {
  const program = `
    const { parentPort } = require("node:worker_threads");
    const { Model } = require("milkrun");
    const model = new Model();
    const depot = model.addDepot({ x: 0, y: 0 });
    model.addClients([{ x: 3, y: 4 }, { x: -3, y: 4 }]);
    model.addVehicleType({ depot });
    model.solve({ maxIterations: 100 }).then(({ plan }) => parentPort.postMessage(plan.cost));
  `;
  const cost = () =>
    new Promise((resolve, reject) => {
      // The worker finds packages as this file does.
      const worker = new Worker(program, { eval: true, workerData: null });
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  assert.deepEqual(await Promise.all([cost(), cost(), cost()]), [16, 16, 16]);
  assert.equal(await cost(), 16);
});

test("a worker that ends while it solves takes nothing with it", async () => {
  const program = `
    const { Model } = require("milkrun");
    const { parentPort } = require("node:worker_threads");
    const model = new Model();
    const depot = model.addDepot({ x: 0, y: 0 });
    for (let i = 0; i < 300; i++) model.addClient({ x: (i * 37) % 101, y: (i * 53) % 97 });
    model.addVehicleType({ count: 9, depot });
    model.solve({ maxRuntimeMs: 1500, onProgress() {} });
    parentPort.postMessage("begun");
  `;
  const worker = new Worker(program, { eval: true });
  await new Promise((resolve) => worker.once("message", resolve));
  await worker.terminate();
  await new Promise((resolve) => setTimeout(resolve, 2000));
});

test("a process ends when its search does", () => {
  const program = `
    const { Model } = require("milkrun");
    const model = new Model();
    const depot = model.addDepot({ x: 0, y: 0 });
    model.addClient({ x: 1, y: 1 });
    model.addVehicleType({ depot });
    model.solve({ maxIterations: 10, onProgress() {} }).then(({ plan }) => console.log(plan.cost));
  `;
  assert.equal(execFileSync(process.execPath, ["-e", program], { encoding: "utf8", timeout: 20_000 }), "2\n");
});

test("a missing platform package is named", () => {
  const folder = mkdtempSync(join(tmpdir(), "milkrun-"));
  try {
    cpSync(dirname(require.resolve("milkrun/package.json")), join(folder, "milkrun"), { recursive: true });
    writeFileSync(join(folder, "try.cjs"), 'try { require("./milkrun"); } catch (e) { console.log(e.code, e.message); }');
    const { stdout } = spawnSync(process.execPath, ["try.cjs"], { cwd: folder, encoding: "utf8" });
    const own = Object.keys(require("milkrun/package.json").optionalDependencies).find((name) => {
      return name.startsWith(`@milkrun/${process.platform}-${process.arch}`);
    });
    assert.match(stdout, new RegExp(`^internal .*${own.replace(/-(gnu|musl|msvc)$/, "")}`));
    assert.match(stdout, /npm\/cli issue 4828/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("every option and result is documented", () => {
  const folder = join(dirname(require.resolve("milkrun")), ".");
  for (const name of ["model", "map", "problem", "search", "units", "errors"]) {
    const lines = readFileSync(join(folder, `${name}.d.ts`), "utf8").split("\n");
    lines.forEach((line, i) => {
      if (/^ {4}(readonly |get |static )?\w+\??[(:<]/.test(line) && !/constructor|private|^ {4}(override )?readonly name: string/.test(line)) {
        assert.match(lines[i - 1], /\*\/$/, `${name}.d.ts: ${line}`);
      }
    });
  }
});
