// The service as a process, in a folder of its own, on a free port.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** How long a start may take, milliseconds. */
const START = 60_000;

/** Starts the program `SERVICE`, at an address in numbers or by its name, which passkeys need; gives its origin, the one-time link to sign up, and a way to stop it. */
export async function start({ atLocalhost = false } = {}) {
  const data = await mkdtemp(join(tmpdir(), "milkrun-page-"));
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("MILKRUN_"));
  const port = atLocalhost ? await freePort() : 0;
  const named = atLocalhost ? { MILKRUN_PUBLIC_URL: `http://localhost:${port}` } : {};
  const child = spawn(
    process.env.SERVICE,
    ["--data", data, "--listen", `127.0.0.1:${port}`, "--metrics-listen", "127.0.0.1:0"],
    { env: { ...Object.fromEntries(environment), ...named }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "";
  child.stderr.on("data", (part) => { log += part; });
  const ended = new Promise((done) => child.on("exit", (code, signal) => done(code ?? signal)));
  const stop = async () => {
    child.kill("SIGTERM");
    const code = await ended;
    await rm(data, { recursive: true, force: true });
    return { code, log };
  };
  const link = await Promise.race([
    signUpLink(child.stdout),
    ended.then((code) => Promise.reject(new Error(`the service ended with ${code}: ${log}`))),
    new Promise((_, fail) => setTimeout(fail, START, new Error(`no link to sign up: ${log}`)).unref()),
  ]);
  return { origin: new URL(link).origin, link, stop };
}

/** A port that nobody listens on. */
function freePort() {
  return new Promise((done, fail) => {
    const server = createServer().on("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function signUpLink(stdout) {
  for await (const line of createInterface(stdout)) {
    const link = /https?:\/\/\S+#sign-up=\S+/.exec(line);
    if (link) return link[0];
  }
  throw new Error("no line has a link to sign up");
}
