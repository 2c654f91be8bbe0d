// A headless Chromium: the one that `CHROMIUM` names, else the system's, else one from the npm registry.
import { existsSync, mkdtempSync } from "node:fs";
import { delimiter, join } from "node:path";
import { tmpdir } from "node:os";
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
// The page is served from this machine: whatever a browser asks of others by itself is noise.
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
  "--disable-gpu",
];

/** The program of the system, if it has one. */
export function installed() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path));
}

/** The program of the npm package, and what it needs: libraries and fonts, where the system has none. */
async function packaged() {
  // Its libraries come only for machines that are known to have none; this is how they say so.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs22.x";
  process.env.FONTCONFIG_PATH ??= join(tmpdir(), "fonts");
  const { default: files } = await import("@sparticuz/chromium");
  const program = await files.executablePath();
  const libraries = join(tmpdir(), "al2023", "lib");
  const lacks = !starts(program, {});
  if (lacks && !starts(program, { LD_LIBRARY_PATH: libraries })) {
    throw new Error(`${program} does not start, with the system's libraries or those of ${libraries}`);
  }
  return { program, libraries: lacks ? libraries : undefined };
}

function starts(program, more) {
  try {
    execFileSync(program, ["--version", "--no-sandbox"], { env: { ...process.env, ...more }, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Starts the browser, with a profile of its own. */
export async function browser() {
  const found = installed();
  const { program, libraries } = found ? { program: found } : await packaged();
  const root = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: program,
    headless: true,
    // The administrator's browser starts without a sandbox only.
    args: root || !found ? [...QUIET, "--no-sandbox", "--disable-setuid-sandbox"] : QUIET,
    env: { ...process.env, HOME: mkdtempSync(join(tmpdir(), "milkrun-browser-")), ...(libraries && { LD_LIBRARY_PATH: libraries }) },
  });
}
