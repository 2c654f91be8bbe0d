/** From lists of stops to what the native part takes for a plan. */

import * as documents from "./documents.js";
import { MilkrunError, oneOf } from "./errors.js";
import type { FleetRecord } from "./native-types.js";
import { Scaler, type Time, type Units } from "./units.js";

/** A stop: a client by its number, or a kind and a number: of the client, shipment, disposal site or the vehicle type's
 * break; of a rest, its length in the solver's units. */
export type Stop = number | readonly [documents.ActivityKind, number];

/** A trip's stops, and its depots where they are not those of the vehicle type. */
export interface TripStops {
  /** Where the trip starts; `null` where the start is open. */
  readonly startDepot?: number | null;
  /** Where the trip ends; `null` where the end is open. */
  readonly endDepot?: number | null;
  /** What is visited. */
  readonly visits: readonly Stop[];
}

/** A route: the stops of its only trip, or vehicle type, start and trips. */
export type RouteStops =
  | readonly Stop[]
  | {
      /** The number of the vehicle type; 0 unless given. */
      readonly vehicleType?: number;
      /** From when on the route is driven. Unless given, it ends as early and then starts as late as possible. */
      readonly start?: Time | null;
      /** What the vehicle drives. */
      readonly trips: readonly (readonly Stop[] | TripStops)[];
    };

/** The documents of routes, for a problem's vehicle types.
 * @internal */
export function stopsOf(
  routes: readonly RouteStops[],
  types: readonly FleetRecord[],
  units: Units,
): readonly documents.RouteStops[] {
  const scaler = new Scaler(units);
  const stops = routes.map((route, r) => routeOf(route, types, scaler, `routes[${r}]`));
  if (scaler.issues.length > 0) {
    const lines = scaler.issues.map((issue) => `\n  ${issue.path} = ${issue.value}: ${issue.message}; ${issue.remedy}`);
    throw new MilkrunError("plan", `the routes cannot start like this:${lines.join("")}`, scaler.issues);
  }
  return stops;
}

function routeOf(route: RouteStops, types: readonly FleetRecord[], scaler: Scaler, path: string): documents.RouteStops {
  const { vehicleType = 0, start = null, trips } = "trips" in route ? route : { trips: [route] };
  const type = types[vehicleType];
  const depot = (given: number | null) => (given === null ? null : index(given));
  const trip = (trip: readonly Stop[] | TripStops): documents.TripStops => {
    const { startDepot = type?.start ?? null, endDepot = type?.end ?? null, visits } =
      "visits" in trip ? trip : { visits: trip };
    return { start_depot: depot(startDepot), end_depot: depot(endDepot), visits: visits.map(visitOf) };
  };
  return {
    vehicle_type: index(vehicleType),
    start: start === null ? null : scaler.time(start, `${path}.start`),
    trips: trips.map(trip),
  };
}

function visitOf(stop: Stop): readonly [documents.ActivityKind, number] {
  return typeof stop === "number"
    ? ["client", index(stop)]
    : [oneOf("stop", stop[0], documents.activityKindWords), index(stop[1])];
}

function index(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
    throw new RangeError(`${value} is no number of a stop, depot or vehicle type: they count from 0`);
  }
  return value;
}
