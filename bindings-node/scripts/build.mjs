// Builds the package and the one of this platform, each into a folder below the one that is named:
//
//   node scripts/build.mjs OUT [--write-types]
//
// OUT/milkrun is what npm users install, OUT/native the package with the compiled part. With --write-types, the types of
// the compiled part that are kept in ts/ are written again; without, they must be what the compiled part says.

import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

// What there are packages for. They are no dependencies of the sources: before a release, they cannot be installed.
const PLATFORMS = [
  "darwin-arm64",
  "darwin-x64",
  "linux-arm64-gnu",
  "linux-arm64-musl",
  "linux-x64-gnu",
  "linux-x64-musl",
  "win32-x64-msvc",
];

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const out = resolve(process.argv[2] ?? "build");
const read = (path) => readFileSync(path, "utf8");
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** Runs a program of node_modules, whatever it exports. */
function run(program, ...args) {
  const manifest = join(here, "node_modules", program, "package.json");
  const { bin } = JSON.parse(read(manifest));
  const path = typeof bin === "string" ? bin : Object.values(bin)[0];
  execFileSync(process.execPath, [join(dirname(manifest), path), ...args], { cwd: here, stdio: "inherit" });
}

/** The compiled part, and its types. */
function buildNative() {
  const build = join(out, "build");
  rmSync(build, { recursive: true, force: true });
  mkdirSync(build, { recursive: true });
  const options = ["--platform", "--profile", "shipped", "--no-js", "--no-dts-cache", "--dts", "native-types.d.ts"];
  run("@napi-rs/cli", "build", ...options, "--output-dir", build, "--", "--locked");
  const kept = join(here, "ts", "native-types.d.ts");
  const made = join(build, "native-types.d.ts");
  if (process.argv.includes("--write-types")) {
    copyFileSync(made, kept);
  } else if (read(made) !== read(kept)) {
    throw new Error(`${kept} is not what the library says: run \`cargo xtask types\``);
  }
  const file = readdirSync(build).find((name) => name.endsWith(".node"));
  return { path: join(build, file), triple: file.split(".").at(-2) };
}

/** The package of this platform. */
function packNative({ path, triple }) {
  const { version, license, engines, repository } = JSON.parse(read(join(here, "package.json")));
  const [os, cpu, libc] = triple.split("-");
  const manifest = {
    name: `@milkrun/${triple}`,
    version,
    repository,
    description: `The compiled part of milkrun for ${triple}.`,
    license,
    main: "milkrun.node",
    files: ["milkrun.node"],
    os: [os],
    cpu: [cpu],
    ...(os === "linux" && { libc: [libc === "musl" ? "musl" : "glibc"] }),
    engines,
  };
  const folder = join(out, "native");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), json(manifest));
  copyFileSync(path, join(folder, "milkrun.node"));
}

/** The package itself: compiled TypeScript, for `require` and, as a thin layer over the same code, for `import`. */
function packMain() {
  const folder = join(out, "milkrun");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run("typescript", "--project", here, "--outDir", join(folder, "dist"));
  const { devDependencies, napi, private: sources, ...manifest } = JSON.parse(read(join(here, "package.json")));
  const platforms = PLATFORMS.map((platform) => [`@milkrun/${platform}`, manifest.version]);
  writeFileSync(join(folder, "package.json"), json({ ...manifest, optionalDependencies: Object.fromEntries(platforms) }));
  cpSync(join(here, "README.md"), join(folder, "README.md"));
  const names = [...read(join(folder, "dist", "index.js")).matchAll(/defineProperty\(exports, "(\w+)"|^exports\.(\w+) = (?!void)/gm)];
  const exported = [...new Set(names.map(([, a, b]) => a ?? b))].filter((name) => name !== "__esModule").sort();
  const lines = `import milkrun from "./index.js";\n\nexport const { ${exported.join(", ")} } = milkrun;\n`;
  writeFileSync(join(folder, "dist", "index.mjs"), lines);
  writeFileSync(join(folder, "dist", "index.d.mts"), 'export * from "./index.js";\n');
}

packNative(buildNative());
packMain();
