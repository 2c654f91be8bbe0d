// The browser: the one that CHROMIUM names, else the one of the npm registry.
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
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

/** Where `PAGE_FILES` names folders, the page's files come from there and not from the program: whoever works on them need not build it. */
export async function fromFolders(context, origin) {
  const folders = process.env.PAGE_FILES?.split(":");
  if (!folders) return;
  const { headers } = await fetch(origin);
  await context.route((url) => url.origin === origin && /^\/([\w-]+\.(js|css))?$/.test(url.pathname), async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || "index.html";
    const type = name.endsWith("js") ? "text/javascript" : name.endsWith("css") ? "text/css" : "text/html";
    const source = name.startsWith("drawing.") ? join(folders[1], name.replace("drawing", "page")) : join(folders[0], name);
    await route.fulfill({ headers: { ...Object.fromEntries(headers), "content-type": `${type}; charset=utf-8` }, body: await readFile(source) });
  });
}
