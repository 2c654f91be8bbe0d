/** Why something is not served. */

import type * as documents from "./documents.js";

/** How long to look. */
export interface ExplainOptions {
  /** Longest time in milliseconds; 10,000 unless given. */
  readonly maxRuntimeMs?: number;
  /** Ends it early: what was found so far is the answer. */
  readonly signal?: AbortSignal;
}

/** Why a client or a shipment is not served. `String(explanation)` is the text. */
export class Explanation {
  /** Whether it is a client or a shipment. */
  readonly kind: documents.JobKind;
  /** Its number. */
  readonly index: number;
  /** Its name; may be empty. */
  readonly name: string;
  /** What serving is worth; `null` where it is required. */
  readonly prize: number | null;
  /** Whether no vehicle type can serve it, whatever else it does. */
  readonly isImpossible: boolean;
  /** Why each vehicle type does not serve it. */
  readonly byType: readonly documents.TypeReason[];
  /** Changes, each of which alone would make room, the smallest first. */
  readonly relaxations: readonly documents.Relaxation[];
  /** All of it for people, in the solver's units. */
  readonly text: string;
  /** How far it got before the time was up: all is said; changes that would help were not all looked for; or it was not
   * examined. */
  readonly searched: documents.SearchedKind;

  /** @internal */
  constructor(document: documents.Explanation) {
    const { kind, index, name, prize, isImpossible, byType, relaxations, text, searched } = document;
    this.kind = kind;
    this.index = index;
    this.name = name;
    this.prize = prize;
    this.isImpossible = isImpossible;
    this.byType = byType;
    this.relaxations = relaxations;
    this.text = text;
    this.searched = searched;
  }

  /** The text. */
  toString(): string {
    return this.text;
  }
}
