// The service as a process, with data and ports of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";

/** Starts the program that `SERVICE` names; gives its address, the sign-up link, and a way to stop it. */
export async function service() {
  const data = mkdtempSync(join(tmpdir(), "milkrun-service-"));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MILKRUN_")));
  const flags = ["--data", data, "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
  const child = spawn(process.env.SERVICE, flags, { env: { ...env, MILKRUN_AUTH_ARGON2_MIB: "1" } });
  let log = "";
  child.stderr.on("data", (text) => { log += text; });
  const ended = new Promise((done) => child.on("exit", done));
  let address;
  let link;
  for await (const line of createInterface({ input: child.stdout })) {
    address ??= /listens on (http:\/\/\S+)/.exec(line)?.[1];
    link = /(#sign-up=[\w-]+)/.exec(line)?.[1];
    if (address && link) break;
  }
  if (!link) throw new Error(`the service did not start:\n${log}`);
  const stop = async () => {
    child.kill("SIGTERM");
    const code = await ended;
    rmSync(data, { recursive: true, force: true });
    return code;
  };
  return { address, link, stop, log: () => log };
}
