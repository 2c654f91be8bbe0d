/** The working day, from the options of users to what the native part takes. */

import type {
  BreakRecord,
  ClientVehiclesRecord,
  DriverRuleRecord,
  RateRecord,
  RelationRecord,
  SoftWindowRecord,
  StopRecord,
  VehicleDayRecord,
  WindowRecord,
} from "./native-types.js";
import type {
  BreakOptions,
  ClientOptions,
  DriverRuleOptions,
  ExecutedStop,
  PlaceOptions,
  Rate,
  Reference,
  RelationOptions,
  SoftWindowOptions,
  VehicleTypeOptions,
} from "./options.js";
import { type Scaler, whole } from "./units.js";

/** What can be referred to.
 * @internal */
export type Kind =
  | "location"
  | "depot"
  | "group"
  | "client"
  | "shipment"
  | "vehicle type"
  | "material"
  | "disposal site";

/** The number of what is referred to.
 * @internal */
export type Find = (kind: Kind, reference: Reference) => number;

interface Context {
  readonly scaler: Scaler;
  readonly find: Find;
  /** The location of a place. */
  readonly place: (place: PlaceOptions, name: string) => number;
  readonly path: string;
}

/** All windows of a client; at least one.
 * @internal */
export function hours(scaler: Scaler, client: ClientOptions, path: string): [WindowRecord, ...WindowRecord[]] {
  const { timeWindow, timeWindows } = client;
  if (timeWindows === undefined) {
    return [scaler.window(timeWindow, `${path}.time_window`)];
  }
  const [first, ...more] = timeWindows;
  if (timeWindow !== undefined || first === undefined) {
    throw new TypeError(`${path}: give timeWindow, or timeWindows with at least one window, or neither`);
  }
  const own = more.length === 0 ? `${path}.time_window` : `${path}.time_windows[0]`;
  return [
    scaler.window(first, own),
    ...more.map((window, w) => scaler.window(window, `${path}.time_windows[${w + 1}]`)),
  ];
}

/** Rates by load dimension.
 * @internal */
export function rates(
  scaler: Scaler,
  given: Rate | readonly Rate[] | undefined,
  scale: "timeScale" | "costScale",
  path: string,
): RateRecord[] {
  const list: readonly Rate[] = given === undefined ? [] : "amount" in given ? [given] : given;
  return list.map(({ amount, per = 1 }, d) => ({
    amount: scaler.whole(amount, scale, `${path}[${d}].amount`),
    per: scaler.whole(per, "loadScale", `${path}[${d}].per`),
  }));
}

/** A soft window.
 * @internal */
export function softWindow(scaler: Scaler, soft: SoftWindowOptions, path: string): SoftWindowRecord {
  const { timeScale } = scaler.units;
  return {
    window: scaler.window(soft.window, path),
    costPerEarly: scaler.rate(soft.costPerEarly ?? 0, timeScale, `${path}.cost_per_early`),
    costPerLate: scaler.rate(soft.costPerLate ?? 0, timeScale, `${path}.cost_per_late`),
  };
}

/** What ties a client to vehicle types.
 * @internal */
export function clientVehicles(
  scaler: Scaler,
  client: ClientOptions,
  find: Find,
  path: string,
): ClientVehiclesRecord {
  const types = (list: readonly Reference[]) => list.map((type) => find("vehicle type", type));
  const { allowedVehicles, forbiddenVehicles = [], serviceByType = [] } = client;
  return {
    ...(allowedVehicles && { allowed: types(allowedVehicles) }),
    forbidden: types(forbiddenVehicles),
    serviceByType: serviceByType.map(({ vehicleType, service }, s) => ({
      vehicleType: find("vehicle type", vehicleType),
      service: scaler.duration(service, `${path}.service_by_type[${s}].service`),
    })),
  };
}

/** What a vehicle type has besides depots and capacity.
 * @internal */
export function vehicleDay(type: VehicleTypeOptions, context: Context): VehicleDayRecord {
  const { scaler, find, path } = context;
  const { timeScale } = scaler.units;
  const { maxStops, maxDriving, maxWork, breaks = [], compartments = [], overtime = [] } = type;
  return {
    disposalSites: (type.disposalSites ?? []).map((site) => find("disposal site", site)),
    endEmpty: type.endEmpty ?? false,
    compartments: compartments.map(({ materials, capacity }, c) => ({
      materials: materials.map((material) => find("material", material)),
      capacity: scaler.loads(capacity, `${path}.compartments[${c}].capacity`),
    })),
    maxRouteLoad: scaler.loads(type.maxRouteLoad, `${path}.max_route_load`),
    ...(maxStops === undefined ? {} : { maxStops: whole(maxStops, `${path}.max_stops`) }),
    breaks: breaks.map((given, b) => pause(given, context, `${path}.breaks[${b}]`)),
    driverRules: (type.driverRules ?? []).map((rule, r) => driverRule(scaler, rule, `${path}.driver_rules[${r}]`)),
    paidRests: type.paidRests ?? true,
    ...(maxDriving === undefined ? {} : { maxDriving: scaler.duration(maxDriving, `${path}.max_driving`) }),
    ...(maxWork === undefined ? {} : { maxWork: scaler.duration(maxWork, `${path}.max_work`) }),
    overtime: overtime.map(({ after, costPerDuration }, s) => ({
      after: scaler.duration(after, `${path}.overtime[${s}].after`),
      costPerDuration: scaler.rate(costPerDuration, timeScale, `${path}.overtime[${s}].cost_per_duration`),
    })),
    costPerWaiting: scaler.rate(type.costPerWaiting ?? 0, timeScale, `${path}.cost_per_waiting`),
    skills: [...(type.skills ?? [])],
    executed: (type.executed ?? []).map((stop, a) => executed(stop, breaks, context, `${path}.executed[${a}]`)),
  };
}

/** A relation.
 * @internal */
export function tie(relation: RelationOptions, find: Find): RelationRecord {
  const [[name, value] = [], ...more] = Object.entries(relation) as [string, unknown][];
  if (name === undefined || more.length > 0) {
    throw new TypeError("a relation has exactly one field, for example { sameVehicle: [0, 1] }");
  }
  const clients = (list: readonly Reference[]) => list.map((client) => find("client", client));
  if ("precedence" in relation) {
    const { before, after } = relation.precedence;
    return { kind: "precedence", clients: clients([before, after]) };
  }
  if ("pin" in relation) {
    const { client, vehicleType, position } = relation.pin;
    return {
      kind: "pin",
      clients: clients([client]),
      ...(vehicleType === undefined ? {} : { vehicleType: find("vehicle type", vehicleType) }),
      ...(position && { position }),
    };
  }
  if (!Array.isArray(value)) {
    throw new TypeError(`the relation ${name} must be a list of clients`);
  }
  return { kind: name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), clients: clients(value as Reference[]) };
}

function pause(given: BreakOptions, { scaler, place }: Context, path: string): BreakRecord {
  const { name = "", x, y, lon, lat, location } = given;
  const somewhere = [x, y, lon, lat, location].some((value) => value !== undefined);
  return {
    start: scaler.window(given.start, `${path}.start`),
    duration: scaler.duration(given.duration, `${path}.duration`),
    ...(somewhere && { location: place(given, name) }),
    paid: given.paid ?? true,
    name,
  };
}

function driverRule(scaler: Scaler, rule: DriverRuleOptions, path: string): DriverRuleRecord {
  const { effort, split } = rule;
  if (effort !== "driving" && effort !== "work") {
    throw new TypeError(`${path}.effort is ${String(effort)}: use "driving" or "work"`);
  }
  if (split && split.length !== 2) {
    throw new TypeError(`${path}.split must be two lengths, not ${(split as readonly number[]).length}`);
  }
  return {
    driving: effort === "driving",
    max: scaler.duration(rule.max, `${path}.max`),
    rest: scaler.duration(rule.rest, `${path}.rest`),
    ...(split && { split: split.map((part, p) => scaler.duration(part, `${path}.split[${p}]`)) }),
    anyPause: rule.anyPause ?? false,
  };
}

function executed(
  stop: ExecutedStop,
  breaks: readonly BreakOptions[],
  { scaler, find }: Context,
  path: string,
): StopRecord {
  const [kind, reference] = typeof stop === "object" ? stop : (["client", stop] as const);
  switch (kind) {
    case "client":
      return { kind, index: find("client", reference) };
    case "pickup":
    case "delivery":
      return { kind, index: find("shipment", reference) };
    case "dispose":
      return { kind, index: find("disposal site", reference) };
    case "break": {
      const index = typeof reference === "string" ? breaks.findIndex(({ name }) => name === reference) : reference;
      return { kind, index: whole(index, `${path}, the vehicle type's break ${reference},`) };
    }
    case "rest":
      return { kind, index: whole(scaler.duration(reference, path), path) };
    default:
      throw new TypeError(`${path} is of the kind ${String(kind)}: use client, pickup, delivery, dispose, break or rest`);
  }
}
