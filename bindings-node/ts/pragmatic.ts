/** vrp's pragmatic JSON, answered as vrp would. */

import { native } from "./native.js";
import { searchDocument, type SearchOptions, underway } from "./search.js";

/** A JSON document: its text, or what it says. */
export type Json = string | object;

/** How a document in vrp's pragmatic format is answered. */
export interface PragmaticOptions extends Omit<SearchOptions, "onProgress"> {
  /** The routing matrices, one for each profile; without them, ways are great circles. */
  readonly matrices?: readonly Json[];
}

/** The answer to a document in vrp's pragmatic format. */
export interface PragmaticAnswer {
  /** The solution, with the keys and units of the format. */
  readonly solution: Record<string, unknown>;
  /** What was understood in another way, or not at all. */
  readonly warnings: readonly string[];
}

/**
 * Solves a problem in vrp's pragmatic format away from the main thread, and answers in that format. {@link read} reads such a problem
 * as one of milkrun's. Rejects with a {@link MilkrunError} that has every fault at once.
 */
export async function answerPragmatic(
  problem: Json,
  { matrices = [], ...options }: PragmaticOptions = {},
): Promise<PragmaticAnswer> {
  const search = searchDocument(options);
  const { solution, warnings } = await underway(options, (token) => {
    return native.answerPragmatic(textOf(problem), matrices.map(textOf), search, token);
  });
  return { solution: JSON.parse(solution) as Record<string, unknown>, warnings };
}

function textOf(document: Json): string {
  return typeof document === "string" ? document : JSON.stringify(document);
}
