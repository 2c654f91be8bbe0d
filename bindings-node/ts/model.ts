/** Putting a problem together. */

import { call, type Issue, MilkrunError, ValidationError } from "./errors.js";
import { type MatrixLike, scaledMatrix } from "./matrix.js";
import {
  clientVehicles,
  type Find,
  type Kind,
  hours,
  rates,
  softWindow,
  tie,
  vehicleDay,
} from "./day.js";
import { native } from "./native.js";
import type {
  ClientOptions,
  DepotOptions,
  DisposalSiteOptions,
  GoalOptions,
  GroupOptions,
  LocationOptions,
  PlaceOptions,
  Reference,
  RelationOptions,
  Rounding,
  ShipmentOptions,
  SpeedStep,
  StopOptions,
  VehicleTypeOptions,
} from "./options.js";
import { Problem } from "./problem.js";
import type { Result, Run, SolveOptions } from "./solve.js";
import { Scaler, type Units, units, whole } from "./units.js";

/**
 * Collects the parts of a routing problem, and checks them all when it is built.
 *
 * ```ts
 * const model = new Model();
 * const yard = model.addDepot({ x: 0, y: 0 });
 * model.addClient({ x: 3, y: 4, delivery: 1 });
 * model.addVehicleType({ count: 2, capacity: 2, depot: yard });
 * const { plan } = await model.solve({ maxIterations: 1000 });
 * ```
 */
export class Model {
  readonly #builder;
  readonly #scaler: Scaler;
  readonly #names = new Map<Kind, Map<string, number>>();
  readonly #counts = new Map<Kind, number>();
  readonly #coordinates = new Set<"xy" | "degrees">();
  #profiles: { distance: [number, Float64Array]; duration: [number, Float64Array] | undefined }[] = [];
  #profileCount = 0;
  #goals = 0;
  #hasTravel = false;
  readonly #vehiclesOf = new Map<number, ClientOptions>();
  readonly #speeds = new Map<number, readonly SpeedStep[]>();

  constructor(options: Partial<Units> & { readonly name?: string } = {}) {
    this.#scaler = new Scaler(units(options));
    this.#builder = new native.NativeBuilder(options.name ?? "");
  }

  /** Adds a place that others can share. Matrices have a row and a column for each, in the order of adding. Whatever is
   * given by coordinates, or by nothing at all, adds a location of its own. */
  addLocation({ x, y, lon, lat, name = "" }: LocationOptions = {}): number {
    const odd = (x === undefined) !== (y === undefined) || (lon === undefined) !== (lat === undefined);
    if (odd || (x !== undefined && lon !== undefined)) {
      throw new TypeError("give x and y, or lon and lat, or neither");
    }
    if (x !== undefined || lon !== undefined) {
      this.#coordinates.add(x === undefined ? "degrees" : "xy");
    }
    this.#builder.addLocation(x ?? lon ?? 0, y ?? lat ?? 0, name);
    return this.#added("location", name);
  }

  /** Adds a depot; gives its number. */
  addDepot(depot: DepotOptions): number {
    const path = `depots[${this.#count("depot")}]`;
    const { name = "" } = depot;
    this.#builder.addDepot({
      location: this.#place(depot, name),
      service: this.#scaler.duration(depot.service ?? 0, `${path}.service`),
      window: this.#scaler.window(depot.open, `${path}.time_window`),
      name,
    });
    return this.#added("depot", name);
  }

  /** Adds a group; gives its number. */
  addGroup({ required = true, name = "" }: GroupOptions = {}): number {
    this.#builder.addGroup(required, name);
    return this.#added("group", name);
  }

  /** Adds a kind of waste; gives its number. */
  addMaterial(name = ""): number {
    this.#builder.addMaterial(name);
    return this.#added("material", name);
  }

  /** Keeps two materials from being on board at the same time, in vehicles without compartments. */
  separateMaterials(a: Reference, b: Reference): void {
    this.#builder.separateMaterials(this.#index("material", a), this.#index("material", b));
  }

  /** Adds a disposal site; gives its number. */
  addDisposalSite(site: DisposalSiteOptions): number {
    const path = `disposal_sites[${this.#count("disposal site")}]`;
    const { name = "", materials } = site;
    const scaler = this.#scaler;
    this.#builder.addDisposalSite({
      location: this.#place(site, name),
      hours: (site.hours ?? []).map((window, w) => scaler.window(window, `${path}.hours[${w}]`)),
      service: scaler.duration(site.service ?? 0, `${path}.service`),
      unloading: rates(scaler, site.unloading, "timeScale", `${path}.unloading`),
      visitCost: scaler.cost(site.visitCost ?? 0, `${path}.visit_cost`),
      tippingFee: rates(scaler, site.tippingFee, "costScale", `${path}.tipping_fee`),
      ...(materials && { materials: materials.map((material) => this.#index("material", material)) }),
      dailyCapacity: scaler.loads(site.dailyCapacity, `${path}.daily_capacity`),
      name,
    });
    return this.#added("disposal site", name);
  }

  /** Ties clients to each other, or one to its vehicle. What is named must have been added. */
  addRelation(relation: RelationOptions): void {
    const record = tie(relation, this.#find);
    call(() => this.#builder.addRelation(record));
  }

  /** Adds a goal. Ranked goals rank in the order in which they are added. */
  addGoal({ measure, weight }: GoalOptions): void {
    const path = `goals[${this.#goals++}].weight`;
    const { timeScale, loadScale } = this.#scaler.units;
    const unit = { makespan: timeScale, duration_spread: timeScale, load_spread: loadScale }[measure as string] ?? 1;
    const scaled = weight === undefined ? undefined : this.#scaler.rate(weight, unit, path);
    call(() => this.#builder.addGoal(measure, scaled));
  }

  /** Sets how fast a travel profile is over the day. Before the first step, it is as fast as its durations say. */
  setSpeeds(steps: readonly SpeedStep[], profile = 0): void {
    this.#speeds.set(whole(profile, "profile"), steps);
  }

  /** Adds a client; gives its number. */
  addClient(client: ClientOptions): number {
    const path = `clients[${this.#count("client")}]`;
    const { name = "", group, material, softWindow: soft } = client;
    const scaler = this.#scaler;
    const [window, ...moreWindows] = hours(scaler, client, path);
    this.#builder.addClient({
      location: this.#place(client, name),
      delivery: scaler.loads(client.delivery, `${path}.delivery`),
      pickup: scaler.loads(client.pickup, `${path}.pickup`),
      service: scaler.duration(client.service ?? 0, `${path}.service`),
      window,
      moreWindows,
      ...(soft && { softWindow: softWindow(scaler, soft, `${path}.soft_window`) }),
      release: scaler.time(client.release ?? 0, `${path}.release`),
      prize: scaler.cost(client.prize ?? 0, `${path}.prize`),
      required: client.required ?? true,
      ...(group === undefined ? {} : { group: this.#index("group", group) }),
      ...(material === undefined ? {} : { material: this.#index("material", material) }),
      skills: [...(client.skills ?? [])],
      priority: scaler.between(client.priority ?? 0, 0, 255, `${path}.priority`),
      name,
    });
    if (client.allowedVehicles || client.forbiddenVehicles || client.serviceByType) {
      this.#vehiclesOf.set(this.#count("client"), client);
    }
    return this.#added("client", name);
  }

  /** Adds a client for each element; gives their numbers. */
  addClients(clients: Iterable<ClientOptions>): number[] {
    return Array.from(clients, (client) => this.addClient(client));
  }

  /** Adds a shipment; gives its number. */
  addShipment(shipment: ShipmentOptions): number {
    const path = `shipments[${this.#count("shipment")}]`;
    const { name = "" } = shipment;
    const stop = (stop: StopOptions, path: string) => ({
      location: this.#place(stop, name),
      service: this.#scaler.duration(stop.service ?? 0, `${path}.service`),
      window: this.#scaler.window(stop.timeWindow, `${path}.time_window`),
    });
    this.#builder.addShipment({
      pickup: stop(shipment.pickup, `${path}.pickup`),
      delivery: stop(shipment.delivery, `${path}.delivery`),
      amount: this.#scaler.loads(shipment.amount, `${path}.amount`),
      prize: this.#scaler.cost(shipment.prize ?? 0, `${path}.prize`),
      required: shipment.required ?? true,
      name,
    });
    return this.#added("shipment", name);
  }

  /** Adds vehicles that are alike; gives the number of their type. */
  addVehicleType(type: VehicleTypeOptions): number {
    const path = `vehicle_types[${this.#count("vehicle type")}]`;
    const { name = "", start = type.depot, end = type.depot, allowedClients, maxTrips } = type;
    const scaler = this.#scaler;
    const { distanceScale, timeScale } = scaler.units;
    const record = {
      count: whole(type.count ?? 1, `${path}.count`),
      capacity: scaler.loads(type.capacity, `${path}.capacity`),
      ...(start === undefined ? {} : { start: this.#index("depot", start) }),
      ...(end === undefined ? {} : { end: this.#index("depot", end) }),
      fixedCost: scaler.cost(type.fixedCost ?? 0, `${path}.fixed_cost`),
      costPerDistance: scaler.rate(type.costPerDistance ?? 1, distanceScale, `${path}.cost_per_distance`),
      costPerDuration: scaler.rate(type.costPerDuration ?? 0, timeScale, `${path}.cost_per_duration`),
      shift: scaler.window(type.shift, `${path}.shift`),
      ...(type.maxDuration === undefined
        ? {}
        : { maxDuration: scaler.duration(type.maxDuration, `${path}.max_duration`) }),
      ...(type.maxDistance === undefined
        ? {}
        : { maxDistance: scaler.distance(type.maxDistance, `${path}.max_distance`) }),
      ...(allowedClients && { allowedClients: allowedClients.map((client) => this.#index("client", client)) }),
      reloadDepots: (type.reloadDepots ?? []).map((depot) => this.#index("depot", depot)),
      ...(maxTrips === undefined ? {} : { maxTrips: whole(maxTrips, `${path}.max_trips`) }),
      profile: whole(type.profile ?? 0, `${path}.profile`),
      name,
    };
    const place = (pause: PlaceOptions, name: string) => this.#place(pause, name);
    const day = vehicleDay(type, { scaler, find: this.#find, place, path });
    call(() => this.#builder.addVehicleType(record, day));
    return this.#added("vehicle type", name);
  }

  /** Takes straight lines between `x` and `y`, as long as they take. */
  travelEuclidean(rounding: Rounding = "round"): void {
    call(() => this.#builder.travelEuclidean(rounding));
    this.#hasTravel = true;
  }

  /** Takes great circles between `lon` and `lat`, in metres and seconds; `speed` in metres per second, `detour` is road
   * length per length as the crow flies. With degrees and nothing else said, this is what a model does. */
  travelHaversine({ speed = 8.3, detour = 1.3 }: { readonly speed?: number; readonly detour?: number } = {}): void {
    const { distanceScale, timeScale } = this.#scaler.units;
    if (distanceScale !== 1 || timeScale !== 1) {
      const message = `gives metres and seconds, and the scales are ${distanceScale} and ${timeScale}`;
      this.#scaler.fault("travel", "haversine", message, "leave distanceScale and timeScale at 1, or give matrices");
    }
    this.#builder.travelHaversine(speed, detour);
    this.#hasTravel = true;
  }

  /** Adds a travel profile: rows are origins, columns destinations, both in the order of locations. Without durations,
   * they equal the distances. Gives the profile's number, for vehicle types. */
  travelMatrix(distance: MatrixLike, duration?: MatrixLike): number {
    const path = `travel.profiles[${this.#profileCount}]`;
    const { distanceScale, timeScale } = this.#scaler.units;
    const times = duration ?? (timeScale === distanceScale ? undefined : distance);
    this.#profiles.push({
      distance: scaledMatrix(distance, distanceScale, `${path}.distance`),
      duration: times && scaledMatrix(times, timeScale, `${path}.duration`),
    });
    this.#hasTravel = true;
    return this.#profileCount++;
  }

  /** Sets whether pickups and deliveries of single clients may mix on a trip, or pickups come last. */
  setBackhauls(order: "mixed" | "after_linehauls"): void {
    if (order !== "mixed" && order !== "after_linehauls") {
      throw new TypeError(`order is ${String(order)}: use "mixed" or "after_linehauls"`);
    }
    this.#builder.setBackhaulsAfterLinehauls(order === "after_linehauls");
  }

  /** Checks all parts and makes the problem. Throws a {@link ValidationError} with every fault at once. */
  build(): Problem {
    const degrees = this.#coordinates.size === 1 && this.#coordinates.has("degrees");
    if (!this.#hasTravel && degrees) {
      this.travelHaversine();
    }
    for (const [index, client] of this.#vehiclesOf) {
      const vehicles = clientVehicles(this.#scaler, client, this.#find, `clients[${index}]`);
      this.#builder.setClientVehicles(index, vehicles);
    }
    this.#vehiclesOf.clear();
    this.#setSpeeds();
    const issues = [...this.#scaler.issues, ...this.#addProfiles()];
    try {
      const problem = call(() => this.#builder.build());
      if (issues.length === 0) {
        return new Problem(problem, { ...this.#scaler.units, origin: this.#scaler.origin }, degrees);
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

  /** Builds the problem and solves it: see {@link Problem.solve}. */
  async solve(options: SolveOptions = {}): Promise<Result> {
    return this.build().solve(options);
  }

  /** Builds the problem and starts to solve it: see {@link Problem.start}. */
  start(options: SolveOptions = {}): Run {
    return this.build().start(options);
  }

  #count(kind: Kind): number {
    return this.#counts.get(kind) ?? 0;
  }

  #added(kind: Kind, name: string): number {
    const index = this.#count(kind);
    this.#counts.set(kind, index + 1);
    if (name) {
      const names = this.#names.get(kind) ?? new Map<string, number>();
      // A name that is there twice refers to nothing.
      this.#names.set(kind, names.set(name, names.has(name) ? -1 : index));
    }
    return index;
  }

  readonly #find: Find = (kind, reference) => this.#index(kind, reference);

  #index(kind: Kind, reference: Reference): number {
    if (typeof reference === "string") {
      const index = this.#names.get(kind)?.get(reference);
      if (index === undefined || index < 0) {
        throw new RangeError(`${index === undefined ? "no" : "more than one"} ${kind} of this model is called "${reference}"`);
      }
      return index;
    }
    if (!Number.isInteger(reference) || reference < 0 || reference >= this.#count(kind)) {
      throw new RangeError(`there is no ${kind} ${reference} yet: the model has ${this.#count(kind)}, from 0`);
    }
    return reference;
  }

  #place(place: PlaceOptions, name: string): number {
    const { x, y, lon, lat, location } = place;
    if (location === undefined) {
      const given = Object.entries({ x, y, lon, lat }).filter(([, value]) => value !== undefined);
      return this.addLocation({ ...(Object.fromEntries(given) as LocationOptions), name });
    }
    if (x !== undefined || y !== undefined || lon !== undefined || lat !== undefined) {
      throw new TypeError("give a location or coordinates, not both");
    }
    return this.#index("location", location);
  }

  /** Hands the speeds over, once it is known which profiles there are. */
  #setSpeeds(): void {
    for (const [profile, steps] of this.#speeds) {
      const path = `speeds[${profile}]`;
      if (profile >= Math.max(1, this.#profileCount)) {
        this.#scaler.fault(path, profile, "there is no such travel profile", "add it with travelMatrix");
        continue;
      }
      const step = ({ from, percent }: SpeedStep, s: number) => ({
        from: this.#scaler.time(from, `${path}[${s}].from`),
        percent: this.#scaler.between(percent, 0, 2 ** 32 - 1, `${path}[${s}].percent`),
      });
      this.#builder.setSpeed(profile, steps.map(step));
    }
    this.#speeds.clear();
  }

  /** Hands the matrices over; gives what is wrong with them. */
  #addProfiles(): Issue[] {
    const issues: Issue[] = [];
    this.#profiles.forEach(({ distance: [size, distance], duration }, number) => {
      const path = `travel.profiles[${number}]`;
      if (duration && duration[0] !== size) {
        const message = `the distances have ${size}`;
        issues.push({ path: `${path}.duration`, value: `${duration[0]} rows`, message, remedy: "give as many" });
        return;
      }
      try {
        call(() => this.#builder.addProfile(size, distance, duration?.[1]));
      } catch (error) {
        issues.push(...faultsOf(path, size, distance, error));
      }
    });
    this.#profiles = [];
    return issues;
  }
}

/** Says which of a profile's two matrices is at fault. */
function faultsOf(path: string, size: number, distance: Float64Array, error: unknown): Issue[] {
  if (!(error instanceof MilkrunError && error.code === "matrix")) {
    throw error;
  }
  let field = "duration";
  try {
    new native.NativeBuilder("").addProfile(size, distance);
  } catch {
    field = "distance";
  }
  return error.issues.map((issue) => ({ ...issue, path: issue.path.replace(/^matrix/, `${path}.${field}`) }));
}
