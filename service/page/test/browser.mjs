// The browser: the one that CHROMIUM names, else the one of the npm registry.
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** Starts a browser without windows. */
export async function launch() {
  const named = process.env.CHROMIUM;
  if (named) {
    return chromium.launch({ executablePath: named, args: ["--no-sandbox"] });
  }
  // It unpacks libraries and fonts only where a system is known to have none, and this is how it is told.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs22.x";
  const { default: packed } = await import("@sparticuz/chromium");
  const executablePath = await packed.executablePath();
  const bare = starts(executablePath, {}) ? {} : { LD_LIBRARY_PATH: join(tmpdir(), "al2023", "lib") };
  // Its flags are those of its own build: one process, and drawing without a graphics card.
  return chromium.launch({ executablePath, args: packed.args, env: { ...process.env, ...bare } });
}

/** Whether a program finds the libraries that it needs. */
function starts(program, more) {
  try {
    execFileSync(program, ["--version", "--no-sandbox"], { env: { ...process.env, ...more }, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Notes what a page must not do: complain, fail, or speak with anybody but the service. */
export function watch(page, origin) {
  const seen = { errors: [], strangers: [], requests: 0 };
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) seen.errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("request", (request) => {
    seen.requests += 1;
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== origin) seen.strangers.push(request.url());
  });
  return seen;
}
