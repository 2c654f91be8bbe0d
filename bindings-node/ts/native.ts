/** Finds the native part: a package for each platform, installed as an optional dependency. */

import type * as types from "./native-types.js";
import { MilkrunError } from "./errors.js";

/** The platform as the packages are called, such as `linux-x64-gnu`.
 * @internal */
export function platform(): string {
  const { platform, arch } = process;
  if (platform === "linux") {
    return `linux-${arch}-${isMusl() ? "musl" : "gnu"}`;
  }
  return platform === "win32" ? `win32-${arch}-msvc` : `${platform}-${arch}`;
}

function isMusl(): boolean {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header !== undefined && report.header.glibcVersionRuntime === undefined;
}

function load(): typeof types {
  const name = `@milkrun/${platform()}`;
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require(name) as typeof types;
  } catch (cause) {
    const message =
      `milkrun's native part for this platform, the package ${name}, is not installed or cannot be loaded. ` +
      `npm may leave optional dependencies out (npm/cli issue 4828): remove node_modules and package-lock.json and ` +
      `run npm install again, without --omit=optional; or run npm install ${name}. ` +
      `If that package does not exist, the platform is not supported yet.`;
    throw new MilkrunError("internal", message, [], { cause });
  }
}

/** The native part.
 * @internal */
export const native: typeof types = load();
