// The examples in TypeScript are checked, compiled and run. EXAMPLES is their folder, TOOLS that of the compiler, PAGES has
// pages whose blocks of JavaScript run as they are printed.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { star } from "./support.mjs";

const { EXAMPLES, PAGES, TOOLS } = process.env;
const tsc = join(TOOLS, "node_modules", "typescript", "bin", "tsc");
const folder = resolve("examples");
const options = ["--strict", "--target", "es2022", "--lib", "es2022", "--types", "node", "--skipLibCheck", "false"];
const roots = ["--typeRoots", join(TOOLS, "node_modules", "@types")];

function compile(module, ...more) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"));
  const resolution = module === "nodenext" ? [] : ["--moduleResolution", "bundler"];
  const args = [tsc, ...options, ...roots, "--module", module, ...resolution, ...more, ...files];
  execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
}

before(() => {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(EXAMPLES)) {
    copyFileSync(join(EXAMPLES, name), join(folder, name));
  }
});

for (const [module, type] of [["nodenext", "module"], ["nodenext", "commonjs"], ["esnext", "module"]]) {
  test(`the examples are right under ${module}, ${type}`, () => {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type }));
    compile(module, "--noEmit");
  });
}

test("what is wrong is found", () => {
  writeFileSync(join(folder, "wrong.ts"), 'import { Model } from "milkrun";\nnew Model().addClient({ lng: 4.9 });\n');
  assert.throws(() => compile("nodenext", "--noEmit"), (error) => /wrong\.ts.*lng/.test(error.stdout));
  writeFileSync(join(folder, "wrong.ts"), "export {};\n");
});

test("the scripts run", () => {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  compile("nodenext");
  const printed = (name) => execFileSync(process.execPath, [name], { cwd: folder, encoding: "utf8" });
  assert.match(printed("milk_round.js"), /^tanker: leaves/);
  const round = printed("waste_round.js");
  assert.match(round, /\d+ bins must be visited/);
  assert.match(round, /dispose landfill/);
});

test("the endpoint answers while it solves", async () => {
  const server = spawn(process.execPath, ["server.js"], { cwd: folder, env: { ...process.env, PORT: "0" } });
  try {
    const line = await new Promise((done) => server.stdout.once("data", (data) => done(String(data))));
    const at = `http://127.0.0.1:${line.trim().split(" ").at(-1)}`;
    const post = (problem) => fetch(`${at}/solve`, { method: "POST", body: JSON.stringify(problem) });
    const late = async () => (await (await fetch(`${at}/health`)).json()).latestMs;
    await post(star(3));
    await late();
    const answer = post(star(300, 2, 80));
    await sleep(800);
    // The histogram counts from its own resolution; the bound is that of the documentation.
    const waited = (await late()) - 5;
    assert.ok(waited < 20, `${waited} ms`);
    const { stopped, plan } = await (await answer).json();
    assert.deepEqual([stopped, plan.feasible], ["max_runtime", true]);
    const wrong = await post({ milkrun: "problem", version: 1, clients: [{ location: 3 }] });
    assert.equal(wrong.status, 422);
    assert.equal((await wrong.json()).issues[0].path, "clients[0].location");
    assert.equal((await fetch(at)).status, 404);
  } finally {
    server.kill();
  }
});

for (const page of PAGES.split(",")) {
  test(`${basename(page)} runs as it is printed`, () => {
    const blocks = [...readFileSync(page, "utf8").matchAll(/^```js\n([\s\S]*?)^```/gm)];
    assert.ok(blocks.length > 0);
    blocks.forEach(([, block], i) => {
      const file = resolve(`page${i}.mjs`);
      writeFileSync(file, block);
      execFileSync(process.execPath, [file], { stdio: "pipe" });
    });
  });
}
