/** From the options of users to the parts of a problem's document. */

import * as documents from "./documents.js";
import type {
  AssignmentCost,
  BreakOptions,
  ClientOptions,
  ConsumptionOptions,
  DriverRuleOptions,
  ExecutedStop,
  LocationOptions,
  NotesOptions,
  PlaceOptions,
  Rate,
  Reference,
  RelationOptions,
  SoftWindowOptions,
  SpeedStep,
  StopOptions,
  VehicleClass,
  VehicleTypeOptions,
  ZoneOptions,
  ZoneRuleOptions,
} from "./options.js";
import { oneOf } from "./errors.js";
import { native } from "./native.js";
import { type Loads, type Scaler, whole } from "./units.js";

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
  | "disposal site"
  | "zone";

/**
 * The average consumption of vehicles of a class, where a unit of distance is so many metres. The figures are those of fleets in the
 * United States, everything included: stops, idling and what is on board (US Department of Energy, https://afdc.energy.gov/data/10310).
 * Measure your own vehicles.
 */
export function averageConsumption(vehicleClass: VehicleClass, metres = 1): ConsumptionOptions {
  const found = native.averageConsumption(vehicleClass);
  if (found === null) {
    throw new TypeError(`no vehicle class \`${vehicleClass}\`: use one of ${native.vehicleClasses().join(", ")}`);
  }
  const [perMetre, co2] = found as [number, number];
  return { perDistance: perMetre * metres, co2 };
}

/** What of a service its windows hold.
 * @internal */
export function covers(word: documents.WindowCovers | undefined): Pick<documents.Client, "window_covers"> {
  return word === undefined ? {} : { window_covers: oneOf("windowCovers", word, documents.windowCoversWords) };
}

/** Turns options into parts, and knows what the parts are called.
 * @internal */
export class Parts {
  readonly locations: documents.Location[] = [];
  readonly coordinates = new Set<"xy" | "degrees">();
  readonly #names = new Map<Kind, Map<string, number>>();
  readonly #counts = new Map<Kind, number>();

  constructor(readonly scaler: Scaler) {}

  count(kind: Kind): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** Counts a part that was added; gives its number. */
  added(kind: Kind, name: string): number {
    const index = this.count(kind);
    this.#counts.set(kind, index + 1);
    if (name) {
      const names = this.#names.get(kind) ?? new Map<string, number>();
      // A name that is there twice refers to nothing.
      this.#names.set(kind, names.set(name, names.has(name) ? -1 : index));
    }
    return index;
  }

  /** The number of what is referred to. */
  find(kind: Kind, reference: Reference): number {
    if (typeof reference === "string") {
      const index = this.#names.get(kind)?.get(reference);
      if (index === undefined || index < 0) {
        throw new RangeError(`${index === undefined ? "no" : "more than one"} ${kind} of this model is called "${reference}"`);
      }
      return index;
    }
    if (!Number.isInteger(reference) || reference < 0 || reference >= this.count(kind)) {
      throw new RangeError(`there is no ${kind} ${reference} yet: the model has ${this.count(kind)}, from 0`);
    }
    return reference;
  }

  /** The numbers of what is referred to; nothing where nothing is. */
  all(kind: Kind, references: readonly Reference[] | undefined): number[] | undefined {
    return references?.map((reference) => this.find(kind, reference));
  }

  location({ x, y, lon, lat, name = "" }: LocationOptions): number {
    const odd = (x === undefined) !== (y === undefined) || (lon === undefined) !== (lat === undefined);
    if (odd || (x !== undefined && lon !== undefined)) {
      throw new TypeError("give x and y, or lon and lat, or neither");
    }
    if (x !== undefined || lon !== undefined) {
      this.coordinates.add(x === undefined ? "degrees" : "xy");
    }
    const path = `locations[${this.count("location")}]`;
    this.locations.push({
      x: this.scaler.finite(x ?? lon ?? 0, `${path}.x`, "coordinate"),
      y: this.scaler.finite(y ?? lat ?? 0, `${path}.y`, "coordinate"),
      name,
    });
    return this.added("location", name);
  }

  /** The location that is meant, or a new one. */
  place({ x, y, lon, lat, location }: PlaceOptions, name: string): number {
    if (location === undefined) {
      const given = Object.entries({ x, y, lon, lat }).filter(([, value]) => value !== undefined);
      return this.location({ ...(Object.fromEntries(given) as LocationOptions), name });
    }
    if (x !== undefined || y !== undefined || lon !== undefined || lat !== undefined) {
      throw new TypeError("give a location or coordinates, not both");
    }
    return this.find("location", location);
  }

  /** One end of a shipment. */
  stop(stop: StopOptions, name: string, path: string): documents.Stop {
    return {
      location: this.place(stop, name),
      service: this.scaler.duration(stop.service ?? 0, `${path}.service`),
      ...(stop.setup && { setup: this.scaler.duration(stop.setup, `${path}.setup`) }),
      time_window: this.scaler.window(stop.timeWindow, `${path}.time_window`),
      ...covers(stop.windowCovers),
    };
  }

  /** What people say about a part. */
  notes({ remarks, tags }: NotesOptions): NotesOptions {
    return { ...(remarks && { remarks }), ...(tags && { tags }) };
  }

  /** The window or windows of a client. */
  windows(client: ClientOptions, path: string): Pick<documents.Client, "time_window" | "time_windows"> {
    const { timeWindow, timeWindows } = client;
    if (timeWindows === undefined) {
      return timeWindow === undefined ? {} : { time_window: this.scaler.window(timeWindow, `${path}.time_window`) };
    }
    const [first, ...more] = timeWindows;
    if (timeWindow !== undefined || first === undefined) {
      throw new TypeError(`${path}: give timeWindow, or timeWindows with at least one window, or neither`);
    }
    if (more.length === 0) {
      return { time_window: this.scaler.window(first, `${path}.time_window`) };
    }
    return { time_windows: timeWindows.map((window, w) => this.scaler.window(window, `${path}.time_windows[${w}]`)) };
  }

  /** Rates by load dimension. */
  rates(
    given: Rate | readonly Rate[] | undefined,
    scale: "timeScale" | "costScale",
    path: string,
  ): documents.Rate[] {
    const list: readonly Rate[] = given === undefined ? [] : "amount" in given ? [given] : given;
    return list.map(({ amount, per = 1 }, d) => ({
      amount: this.scaler.whole(amount, scale, `${path}[${d}].amount`),
      per: this.scaler.whole(per, "loadScale", `${path}[${d}].per`),
    }));
  }

  softWindow(soft: SoftWindowOptions, path: string): documents.SoftWindow {
    const [early, late] = this.scaler.window(soft.window, path);
    const { timeScale } = this.scaler.units;
    return {
      early,
      late,
      cost_per_early: this.scaler.rate(soft.costPerEarly ?? 0, timeScale, `${path}.cost_per_early`),
      cost_per_late: this.scaler.rate(soft.costPerLate ?? 0, timeScale, `${path}.cost_per_late`),
    };
  }

  /** What ties a client to vehicle types. */
  vehicles(client: ClientOptions, path: string): Partial<documents.Client> {
    const { allowedVehicles, forbiddenVehicles, serviceByType = [] } = client;
    return {
      allowed_vehicles: this.all("vehicle type", allowedVehicles) ?? null,
      forbidden_vehicles: this.all("vehicle type", forbiddenVehicles) ?? [],
      service_by_type: serviceByType.map(({ vehicleType, service }, s) => ({
        vehicle_type: this.find("vehicle type", vehicleType),
        service: this.scaler.duration(service, `${path}.service_by_type[${s}].service`),
      })),
      assignment_costs: this.assignmentCosts(client.assignmentCosts, path),
    };
  }

  /** What vehicles of some types cost in addition. */
  assignmentCosts(costs: readonly AssignmentCost[] = [], path: string): documents.AssignmentCost[] {
    return costs.map(({ vehicleType, cost }, c) => ({
      vehicle_type: this.find("vehicle type", vehicleType),
      cost: this.scaler.cost(cost, `${path}.assignment_costs[${c}].cost`),
    }));
  }

  vehicleType(type: VehicleTypeOptions, path: string): documents.VehicleType {
    const { scaler } = this;
    const { distanceScale, timeScale } = scaler.units;
    const { start = type.depot, end = type.depot, breaks = [], compartments = [], overtime = [], driverRules = [] } = type;
    const optional = <T, U>(value: T | undefined, turn: (value: T) => U) => (value === undefined ? null : turn(value));
    const duration = (value: number | undefined, field: string) =>
      optional(value, (value) => scaler.duration(value, `${path}.${field}`));
    const number = (value: number | undefined, field: string) => optional(value, (value) => whole(value, `${path}.${field}`));
    const loads = (value: Loads | undefined, field: string) => scaler.loads(value, `${path}.${field}`);
    return {
      ...this.notes(type),
      name: type.name ?? "",
      count: whole(type.count ?? 1, `${path}.count`),
      capacity: loads(type.capacity, "capacity"),
      start: optional(start, (depot) => this.find("depot", depot)),
      end: optional(end, (depot) => this.find("depot", depot)),
      fixed_cost: scaler.cost(type.fixedCost ?? 0, `${path}.fixed_cost`),
      cost_per_distance: scaler.rate(type.costPerDistance ?? 1, distanceScale, `${path}.cost_per_distance`),
      cost_per_duration: scaler.rate(type.costPerDuration ?? 0, timeScale, `${path}.cost_per_duration`),
      shift: scaler.window(type.shift, `${path}.shift`),
      max_duration: duration(type.maxDuration, "max_duration"),
      max_distance: optional(type.maxDistance, (value) => scaler.distance(value, `${path}.max_distance`)),
      allowed_clients: this.all("client", type.allowedClients) ?? null,
      zones: (type.zones ?? []).map((rule, r) => this.#zoneRule(rule, `${path}.zones[${r}]`)),
      reload_depots: this.all("depot", type.reloadDepots) ?? [],
      max_trips: number(type.maxTrips, "max_trips"),
      profile: whole(type.profile ?? 0, `${path}.profile`),
      disposal_sites: this.all("disposal site", type.disposalSites) ?? [],
      end_empty: type.endEmpty ?? false,
      compartments: compartments.map(({ materials, capacity }, c) => ({
        materials: this.all("material", materials) ?? [],
        capacity: loads(capacity, `compartments[${c}].capacity`),
      })),
      max_route_load: loads(type.maxRouteLoad, "max_route_load"),
      max_stops: number(type.maxStops, "max_stops"),
      breaks: breaks.map((given, b) => this.#pause(given, `${path}.breaks[${b}]`)),
      driver_rules: driverRules.map((rule, r) => this.#driverRule(rule, `${path}.driver_rules[${r}]`)),
      paid_rests: type.paidRests ?? true,
      max_driving: duration(type.maxDriving, "max_driving"),
      max_work: duration(type.maxWork, "max_work"),
      overtime: overtime.map(({ after, costPerDuration }, s) => ({
        after: scaler.duration(after, `${path}.overtime[${s}].after`),
        cost_per_duration: scaler.rate(costPerDuration, timeScale, `${path}.overtime[${s}].cost_per_duration`),
      })),
      cost_per_waiting: scaler.rate(type.costPerWaiting ?? 0, timeScale, `${path}.cost_per_waiting`),
      consumption: optional(type.consumption, (given) => this.#consumption(given, `${path}.consumption`)),
      skills: [...(type.skills ?? [])],
      executed: (type.executed ?? []).map((stop, a) => this.#executed(stop, breaks, `${path}.executed[${a}]`)),
    };
  }

  zone({ area, name = "" }: ZoneOptions): documents.Zone {
    return { area: "type" in area ? area : { type: "Polygon", coordinates: [area] }, name };
  }

  #zoneRule(rule: ZoneRuleOptions, path: string): documents.ZoneRule {
    if ("serveOnly" in rule) {
      return { serve_only: this.find("zone", rule.serveOnly) };
    }
    const { zone, during } = rule.closed;
    const hours = during?.map((window, w) => this.scaler.window(window, `${path}.closed.during[${w}]`));
    return { closed: { zone: this.find("zone", zone), ...(hours && { during: hours }) } };
  }

  #consumption(given: ConsumptionOptions, path: string): documents.Consumption {
    const { scaler } = this;
    const { distanceScale, timeScale, loadScale } = scaler.units;
    const { energy = "fuel", perDistance, perLoadDistance = [], perStop = 0, perIdle = 0, co2 } = given;
    const loaded = typeof perLoadDistance === "number" ? [perLoadDistance] : perLoadDistance;
    const number = (value: number, field: string) => scaler.finite(value, `${path}.${field}`, "consumption");
    return {
      energy: oneOf("energy", energy, documents.energyWords),
      per_distance: number(perDistance, "per_distance") / distanceScale,
      per_load_distance: loaded.map(
        (value, d) => number(value, `per_load_distance[${d}]`) / distanceScale / loadScale,
      ),
      per_stop: number(perStop, "per_stop"),
      per_idle: number(perIdle, "per_idle") / timeScale,
      ...(co2 !== undefined && { co2: number(co2, "co2") }),
    };
  }

  relation(relation: RelationOptions): documents.Relation {
    const [[name, value] = [], ...more] = Object.entries(relation) as [string, unknown][];
    if (name === undefined || more.length > 0) {
      throw new TypeError("a relation has exactly one field, for example { sameVehicle: [0, 1] }");
    }
    const client = (reference: Reference) => this.find("client", reference);
    if ("precedence" in relation) {
      const { before, after } = relation.precedence;
      return { precedence: { before: client(before), after: client(after) } };
    }
    if ("pin" in relation) {
      const { vehicleType, position } = relation.pin;
      return {
        pin: {
          client: client(relation.pin.client),
          ...(vehicleType === undefined ? {} : { vehicle_type: this.find("vehicle type", vehicleType) }),
          ...(position && { position: oneOf("position", position, documents.positionWords) }),
        },
      };
    }
    const kinds = ["same_vehicle", "sequence", "all_or_none", "incompatible"] as const;
    const kind = oneOf("relation", name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), kinds);
    if (!Array.isArray(value)) {
      throw new TypeError(`the relation ${name} must be a list of clients`);
    }
    // TypeScript takes a computed name for any name.
    return { [kind]: (value as Reference[]).map(client) } as unknown as documents.Relation;
  }

  speedSteps(steps: readonly SpeedStep[], path: string): documents.SpeedStep[] {
    return steps.map(({ from, percent }, s) => ({
      from: this.scaler.time(from, `${path}[${s}].from`),
      percent: this.scaler.between(percent, 0, 2 ** 32 - 1, `${path}[${s}].percent`),
    }));
  }

  #pause(given: BreakOptions, path: string): documents.Break {
    const { name = "", x, y, lon, lat, location } = given;
    const somewhere = [x, y, lon, lat, location].some((value) => value !== undefined);
    return {
      name,
      start: this.scaler.window(given.start, `${path}.start`),
      duration: this.scaler.duration(given.duration, `${path}.duration`),
      ...(somewhere && { location: this.place(given, name) }),
      paid: given.paid ?? true,
    };
  }

  #driverRule(rule: DriverRuleOptions, path: string): documents.DriverRule {
    const { effort, split } = rule;
    if (!documents.effortWords.includes(effort)) {
      throw new TypeError(`${path}.effort is ${String(effort)}: use "driving" or "work"`);
    }
    if (split && split.length !== 2) {
      throw new TypeError(`${path}.split must be two lengths, not ${(split as readonly number[]).length}`);
    }
    const part = (value: number, p: number) => this.scaler.duration(value, `${path}.split[${p}]`);
    return {
      effort,
      max: this.scaler.duration(rule.max, `${path}.max`),
      rest: this.scaler.duration(rule.rest, `${path}.rest`),
      ...(split && { split: [part(split[0], 0), part(split[1], 1)] as const }),
      any_pause: rule.anyPause ?? false,
    };
  }

  #executed(stop: ExecutedStop, breaks: readonly BreakOptions[], path: string): documents.Activity {
    const [kind, reference] = typeof stop === "object" ? stop : (["client", stop] as const);
    switch (kind) {
      case "client":
        return { client: this.find("client", reference) };
      case "pickup":
        return { pickup: this.find("shipment", reference) };
      case "delivery":
        return { delivery: this.find("shipment", reference) };
      case "dispose":
        return { dispose: this.find("disposal site", reference) };
      case "break": {
        const index = typeof reference === "string" ? breaks.findIndex(({ name }) => name === reference) : reference;
        return { break: whole(index, `${path}, the vehicle type's break ${reference},`) };
      }
      case "rest":
        return { rest: whole(this.scaler.duration(reference, path), path) };
      default:
        throw new TypeError(`${path} is of the kind ${String(kind)}: use client, pickup, delivery, dispose, break or rest`);
    }
  }
}
