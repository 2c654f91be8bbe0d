// The browser: the one that CHROMIUM names, else the one of the npm registry.
import { chromium } from "playwright-core";

/** Starts a browser without windows. */
export async function launch() {
  const named = process.env.CHROMIUM;
  if (named) {
    return chromium.launch({ executablePath: named, args: ["--no-sandbox"] });
  }
  // Its flags are those of its own build: one process, and drawing without a graphics card.
  const { default: packed } = await import("@sparticuz/chromium");
  return chromium.launch({ executablePath: await packed.executablePath(), args: packed.args });
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
