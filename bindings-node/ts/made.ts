/** From what a model has collected to a problem. */

import { call, type Issue, MilkrunError, ValidationError } from "./errors.js";
import { native } from "./native.js";
import type { NativeStreets, ProfileRecord } from "./native-types.js";
import { type Network, type RoadTable, snapDocument, type SnapOptions } from "./network.js";
import { Problem } from "./problem.js";
import type { Units } from "./units.js";

/** A travel profile: matrices, or a network that gives them. */
export type Profile = ProfileRecord | { readonly network: Network; readonly snap: SnapOptions };

/** All that a problem is made of. */
export interface Asked {
  readonly document: string;
  readonly degrees: boolean;
  readonly points: Float64Array;
  readonly profiles: readonly Profile[];
  readonly units: Units;
  readonly distanceScale: number;
  readonly timeScale: number;
  readonly issues: readonly Issue[];
  checkDegrees(): void;
}

/** The matrices of a network, as a profile. */
export function recordOf(points: Float64Array, { distances, durations }: RoadTable): ProfileRecord {
  const size = points.length / 2;
  return { distance: { size, values: distances }, duration: { size, values: durations } };
}

/** The networks that vehicles drive on, by travel profile. */
function streetsOf(profiles: readonly Profile[]): NativeStreets {
  const streets = new native.NativeStreets();
  for (const profile of profiles) {
    if ("network" in profile) {
      call(() => streets.add(profile.network.native, snapDocument(profile.snap)));
    } else {
      streets.skip();
    }
  }
  return streets;
}

/** What is wrong with the locations for a network; any other error is thrown. */
export function issuesOf(error: unknown): readonly Issue[] {
  if (error instanceof MilkrunError && error.issues.length > 0) {
    return error.issues;
  }
  throw error;
}

/** The problem; throws with every fault at once. */
export function made(asked: Asked, found: readonly (ProfileRecord | readonly Issue[])[]): Problem {
  const size = asked.points.length / 2;
  const unplaced = new Map<string, Issue>();
  const profiles = found.map((profile): ProfileRecord => {
    if ("distance" in profile) {
      return profile;
    }
    profile.forEach((issue) => unplaced.set(issue.path, issue));
    return { distance: { size, values: new Float64Array(size * size) } };
  });
  const issues = [...asked.issues, ...unplaced.values()];
  try {
    const problem = call(() => native.NativeProblem.ofDocument(asked.document, profiles));
    if (issues.length === 0) {
      return new Problem(problem, asked.units, asked.degrees, streetsOf(asked.profiles));
    }
  } catch (error) {
    if (!(error instanceof ValidationError)) {
      throw error;
    }
    const seen = new Set(issues.map((issue) => issue.path));
    issues.push(...error.issues.filter((issue) => !seen.has(issue.path)));
  }
  throw new ValidationError(issues);
}
