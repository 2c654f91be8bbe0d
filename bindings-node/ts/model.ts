/** Putting a problem together. */

import * as documents from "./documents.js";
import { call, MilkrunError, oneOf } from "./errors.js";
import { type Asked, issuesOf, made, type Profile, recordOf } from "./made.js";
import { type MatrixLike, scaledMatrix } from "./matrix.js";
import { cancellable, Network, snapDocument, type SnapOptions } from "./network.js";
import type {
  AssignmentCost,
  ClientOptions,
  DepotOptions,
  DisposalSiteOptions,
  GoalOptions,
  GroupOptions,
  LocationOptions,
  Reference,
  RelationOptions,
  Rounding,
  ShipmentOptions,
  SpeedStep,
  VehicleTypeOptions,
  ZoneOptions,
} from "./options.js";
import { covers, Parts } from "./parts.js";
import { Problem, type Result, type Run, type SolveOptions } from "./problem.js";
import { Scaler, units, type UnitsOptions, whole } from "./units.js";

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
  readonly #scaler: Scaler;
  readonly #parts: Parts;
  readonly #name: string;
  readonly #depots: documents.Depot[] = [];
  readonly #groups: documents.Group[] = [];
  readonly #clients: documents.Client[] = [];
  readonly #shipments: documents.Shipment[] = [];
  readonly #vehicleTypes: documents.VehicleType[] = [];
  readonly #materials: documents.Material[] = [];
  readonly #separate: (readonly [number, number])[] = [];
  readonly #sites: documents.DisposalSite[] = [];
  readonly #relations: documents.Relation[] = [];
  readonly #zones: documents.Zone[] = [];
  readonly #goals: documents.Goal[] = [];
  readonly #profiles: Profile[] = [];
  readonly #vehiclesOf = new Map<number, ClientOptions>();
  readonly #costsOf = new Map<number, readonly AssignmentCost[]>();
  readonly #speeds = new Map<number, readonly SpeedStep[]>();
  #travel: documents.Travel | undefined;
  #backhauls: documents.Backhauls = "mixed";

  constructor(options: UnitsOptions & { readonly name?: string } = {}) {
    this.#scaler = new Scaler(units(options));
    this.#parts = new Parts(this.#scaler);
    this.#name = options.name ?? "";
  }

  /** Adds a place that others can share. Matrices have a row and a column for each, in the order of adding. Whatever is
   * given by coordinates, or by nothing at all, adds a location of its own. */
  addLocation(location: LocationOptions = {}): number {
    return this.#parts.location(location);
  }

  /** Adds a depot; gives its number. */
  addDepot(depot: DepotOptions): number {
    const path = `depots[${this.#depots.length}]`;
    const { name = "" } = depot;
    this.#depots.push({
      location: this.#parts.place(depot, name),
      service: this.#scaler.duration(depot.service ?? 0, `${path}.service`),
      time_window: this.#scaler.window(depot.open, `${path}.time_window`),
      ...this.#parts.notes(depot),
      name,
    });
    return this.#parts.added("depot", name);
  }

  /** Adds a group; gives its number. */
  addGroup({ required = true, name = "" }: GroupOptions = {}): number {
    this.#groups.push({ required, name });
    return this.#parts.added("group", name);
  }

  /** Says which members of a group are served together: those of one of its visit patterns, and no others; and what each pattern costs
   * where it is the one that is served. */
  setPatterns(group: Reference, patterns: readonly (readonly Reference[])[], costs: readonly number[] = []): void {
    const index = this.#parts.find("group", group);
    const members = patterns.map((pattern) => pattern.map((client) => this.#parts.find("client", client)));
    const path = `groups[${index}].pattern_costs`;
    const priced = costs.map((cost, p) => this.#scaler.cost(cost, `${path}[${p}]`));
    this.#groups[index] = { ...this.#groups[index], patterns: members, pattern_costs: priced };
  }

  /** Adds a kind of waste; gives its number. */
  addMaterial(name = ""): number {
    this.#materials.push({ name });
    return this.#parts.added("material", name);
  }

  /** Keeps two materials from being on board at the same time, in vehicles without compartments. */
  separateMaterials(a: Reference, b: Reference): void {
    this.#separate.push([this.#parts.find("material", a), this.#parts.find("material", b)]);
  }

  /** Adds a disposal site; gives its number. */
  addDisposalSite(site: DisposalSiteOptions): number {
    const path = `disposal_sites[${this.#sites.length}]`;
    const { name = "" } = site;
    const scaler = this.#scaler;
    this.#sites.push({
      location: this.#parts.place(site, name),
      hours: (site.hours ?? []).map((window, w) => scaler.window(window, `${path}.hours[${w}]`)),
      service: scaler.duration(site.service ?? 0, `${path}.service`),
      unloading: this.#parts.rates(site.unloading, "timeScale", `${path}.unloading`),
      visit_cost: scaler.cost(site.visitCost ?? 0, `${path}.visit_cost`),
      tipping_fee: this.#parts.rates(site.tippingFee, "costScale", `${path}.tipping_fee`),
      materials: this.#parts.all("material", site.materials) ?? null,
      daily_capacity: scaler.loads(site.dailyCapacity, `${path}.daily_capacity`),
      ...this.#parts.notes(site),
      name,
    });
    return this.#parts.added("disposal site", name);
  }

  /** Adds a part of the map, for the `zones` of vehicle types; gives its number. */
  addZone(zone: ZoneOptions): number {
    this.#zones.push(this.#parts.zone(zone));
    return this.#parts.added("zone", zone.name ?? "");
  }

  /** Ties clients to each other, or one to its vehicle. What is named must have been added. */
  addRelation(relation: RelationOptions): void {
    this.#relations.push(this.#parts.relation(relation));
  }

  /** Adds a goal. Ranked goals rank in the order in which they are added. */
  addGoal({ measure, weight, target }: GoalOptions): void {
    const path = `goals[${this.#goals.length}]`;
    const known = oneOf("measure", measure, documents.measureWords);
    const { distanceScale: distance, timeScale: time, loadScale: load } = this.#scaler.units;
    const unit = { makespan: time, duration_spread: time, load_spread: load, distance }[known as string] ?? 1;
    // Emissions are measured in grams.
    const scale = known === "emissions" ? 1e3 : unit;
    this.#goals.push({
      measure: known,
      ...(weight === undefined ? {} : { weight: this.#scaler.rate(weight, unit, `${path}.weight`) }),
      ...(target === undefined ? {} : { target: this.#scaler.nearest(target, scale, `${path}.target`) }),
    });
  }

  /** Sets how fast a travel profile is over the day. Before the first step, it is as fast as its durations say. */
  setSpeeds(steps: readonly SpeedStep[], profile = 0): void {
    this.#speeds.set(whole(profile, "profile"), steps);
  }

  /** Adds a client; gives its number. */
  addClient(client: ClientOptions): number {
    const number = this.#clients.length;
    const path = `clients[${number}]`;
    const { name = "", group, material, softWindow, skills, priority } = client;
    const scaler = this.#scaler;
    const windows = this.#parts.windows(client, path);
    this.#clients.push({
      location: this.#parts.place(client, name),
      delivery: scaler.loads(client.delivery, `${path}.delivery`),
      pickup: scaler.loads(client.pickup, `${path}.pickup`),
      service: scaler.duration(client.service ?? 0, `${path}.service`),
      ...(client.setup && { setup: scaler.duration(client.setup, `${path}.setup`) }),
      ...windows,
      ...(softWindow && { soft_window: this.#parts.softWindow(softWindow, `${path}.soft_window`) }),
      ...covers(client.windowCovers),
      ...this.#parts.notes(client),
      release: scaler.time(client.release ?? 0, `${path}.release`),
      prize: scaler.cost(client.prize ?? 0, `${path}.prize`),
      required: client.required ?? true,
      ...(group === undefined ? {} : { group: this.#parts.find("group", group) }),
      ...(material === undefined ? {} : { material: this.#parts.find("material", material) }),
      ...(skills && { skills }),
      ...(priority && { priority: scaler.between(priority, 0, 255, `${path}.priority`) }),
      name,
    });
    if (client.allowedVehicles || client.forbiddenVehicles || client.serviceByType || client.assignmentCosts) {
      this.#vehiclesOf.set(number, client);
    }
    return this.#parts.added("client", name);
  }

  /** Adds a client for each element; gives their numbers. */
  addClients(clients: Iterable<ClientOptions>): number[] {
    return Array.from(clients, (client) => this.addClient(client));
  }

  /** Adds a shipment; gives its number. */
  addShipment(shipment: ShipmentOptions): number {
    const path = `shipments[${this.#shipments.length}]`;
    const { name = "" } = shipment;
    this.#shipments.push({
      pickup: this.#parts.stop(shipment.pickup, name, `${path}.pickup`),
      delivery: this.#parts.stop(shipment.delivery, name, `${path}.delivery`),
      amount: this.#scaler.loads(shipment.amount, `${path}.amount`),
      prize: this.#scaler.cost(shipment.prize ?? 0, `${path}.prize`),
      required: shipment.required ?? true,
      ...this.#parts.notes(shipment),
      name,
    });
    if (shipment.assignmentCosts) {
      this.#costsOf.set(this.#shipments.length - 1, shipment.assignmentCosts);
    }
    return this.#parts.added("shipment", name);
  }

  /** Adds vehicles that are alike; gives the number of their type. */
  addVehicleType(type: VehicleTypeOptions): number {
    this.#vehicleTypes.push(this.#parts.vehicleType(type, `vehicle_types[${this.#vehicleTypes.length}]`));
    return this.#parts.added("vehicle type", type.name ?? "");
  }

  /** Takes straight lines between `x` and `y`, as long as they take. */
  travelEuclidean(rounding: Rounding = "round"): void {
    this.#travel = { type: "euclidean", rounding: oneOf("rounding", rounding, documents.roundingWords) };
  }

  /** Takes great circles between `lon` and `lat`, in metres and seconds; `speed` in metres per second, `detour` is road
   * length per length as the crow flies. With degrees and nothing else said, this is what a model does. */
  travelHaversine({ speed = 8.3, detour = 1.3 }: { readonly speed?: number; readonly detour?: number } = {}): void {
    const { distanceScale, timeScale } = this.#scaler.units;
    if (distanceScale !== 1 || timeScale !== 1) {
      const message = `gives metres and seconds, and the scales are ${distanceScale} and ${timeScale}`;
      this.#scaler.fault("travel", "haversine", message, "leave distanceScale and timeScale at 1, or give matrices");
    }
    this.#travel = {
      type: "haversine",
      speed: this.#scaler.finite(speed, "travel.speed", "speed"),
      detour: this.#scaler.finite(detour, "travel.detour", "detour"),
    };
  }

  /** Adds a travel profile: rows are origins, columns destinations, both in the order of locations. Without durations,
   * they equal the distances. Gives the profile's number, for vehicle types. */
  travelMatrix(distance: MatrixLike, duration?: MatrixLike): number {
    const path = `travel.profiles[${this.#profiles.length}]`;
    const { distanceScale, timeScale } = this.#scaler.units;
    const times = duration ?? (timeScale === distanceScale ? undefined : distance);
    this.#profiles.push({
      distance: scaledMatrix(distance, distanceScale, `${path}.distance`),
      ...(times && { duration: scaledMatrix(times, timeScale, `${path}.duration`) }),
    });
    return this.#profiles.length - 1;
  }

  /** Adds a travel profile of a street network: metres and seconds between all locations, which need `lon` and `lat`, also
   * those that are added later. They are computed when the problem is built: by {@link solve} and {@link buildAsync} away from
   * the main thread, by {@link build} and {@link start} on it. Gives the profile's number, for vehicle types. */
  travelNetwork(network: Network, snap: SnapOptions = {}): number {
    if (!(network instanceof Network)) {
      throw new TypeError(`a Network is needed, not ${String(network)}`);
    }
    this.#profiles.push({ network, snap });
    return this.#profiles.length - 1;
  }

  /** Sets whether pickups and deliveries of single clients may mix on a trip, or pickups come last. */
  setBackhauls(order: "mixed" | "after_linehauls"): void {
    if (order !== "mixed" && order !== "after_linehauls") {
      throw new TypeError(`order is ${String(order)}: use "mixed" or "after_linehauls"`);
    }
    this.#backhauls = order;
  }

  /** Checks all parts and makes the problem. Throws a {@link ValidationError} with every fault at once. Travel along networks
   * is computed on the main thread: see {@link buildAsync}. */
  build(): Problem {
    const asked = this.#ask();
    return made(asked, asked.profiles.map((profile) => {
      if (!("network" in profile)) {
        return profile;
      }
      const { network, snap } = profile;
      const { points, distanceScale, timeScale } = asked;
      try {
        asked.checkDegrees();
        return recordOf(points, call(() => network.native.matrices(points, snapDocument(snap), distanceScale, timeScale)));
      } catch (error) {
        return issuesOf(error);
      }
    }));
  }

  /** As {@link build}, but travel along networks is computed away from the main thread. What is added to the model meanwhile
   * is not in the problem. */
  async buildAsync({ signal }: { readonly signal?: AbortSignal } = {}): Promise<Problem> {
    const asked = this.#ask();
    const found = asked.profiles.map(async (profile) => {
      if (!("network" in profile)) {
        return profile;
      }
      const { network: { native: own }, snap } = profile;
      const { points, distanceScale, timeScale } = asked;
      try {
        asked.checkDegrees();
        const document = snapDocument(snap);
        return recordOf(points, await cancellable(signal, (token) =>
          own.matricesLater(points, document, distanceScale, timeScale, token)));
      } catch (error) {
        return issuesOf(error);
      }
    });
    return made(asked, await Promise.all(found));
  }

  /** Builds the problem, travel along networks away from the main thread, and solves it: see {@link Problem.solve}. */
  async solve(options: SolveOptions = {}): Promise<Result> {
    const { signal } = options;
    const hasNetworks = this.#profiles.some((profile) => "network" in profile);
    const problem = hasNetworks ? await this.buildAsync({ ...(signal && { signal }) }) : this.build();
    return problem.solve(options);
  }

  /** Builds the problem and starts to solve it: see {@link Problem.start}. */
  start(options: SolveOptions = {}): Run {
    return this.build().start(options);
  }

  /** All that the problem is made of, as it is now. */
  #ask(): Asked {
    const degrees = this.#parts.coordinates.size === 1 && this.#parts.coordinates.has("degrees");
    if (this.#travel === undefined && this.#profiles.length === 0 && degrees) {
      this.travelHaversine();
    }
    const document = JSON.stringify(this.#document());
    const planar = this.#parts.coordinates.has("xy");
    const { units, origin, issues } = this.#scaler;
    return {
      document,
      degrees,
      points: Float64Array.from(this.#parts.locations.flatMap(({ x = 0, y = 0 }) => [x, y])),
      profiles: [...this.#profiles],
      units: { ...units, origin },
      distanceScale: units.distanceScale,
      timeScale: units.timeScale,
      issues: [...issues],
      checkDegrees() {
        if (planar) {
          const [message, remedy] = ["is of longitudes and latitudes", "give lon and lat of all locations"];
          throw new MilkrunError("road", message, [{ path: "travel", value: "network", message, remedy }]);
        }
      },
    };
  }

  /** The whole, with what names parts that may have been added later. */
  #document(): documents.Problem {
    for (const [index, client] of this.#vehiclesOf) {
      const own = this.#clients[index];
      if (own) {
        this.#clients[index] = { ...own, ...this.#parts.vehicles(client, `clients[${index}]`) };
      }
    }
    this.#vehiclesOf.clear();
    for (const [index, costs] of this.#costsOf) {
      const shipment = this.#shipments[index]!;
      this.#shipments[index] = { ...shipment, assignment_costs: this.#parts.assignmentCosts(costs, `shipments[${index}]`) };
    }
    this.#costsOf.clear();
    return {
      milkrun: "problem",
      version: 1,
      name: this.#name,
      // Times of the core are whole seconds where it knows their origin.
      ...(this.#scaler.units.timeScale === 1 && this.#scaler.units.zonedOrigin !== undefined
        ? { origin: this.#scaler.units.zonedOrigin }
        : {}),
      ...(this.#travel && { travel: this.#travel }),
      backhauls: this.#backhauls,
      locations: this.#parts.locations,
      depots: this.#depots,
      groups: this.#groups,
      clients: this.#clients,
      shipments: this.#shipments,
      vehicle_types: this.#vehicleTypes,
      materials: this.#materials,
      separate_materials: this.#separate,
      disposal_sites: this.#sites,
      relations: this.#relations,
      zones: this.#zones,
      goals: this.#goals,
      speeds: this.#speedCurves(),
    };
  }

  /** The speeds, once it is known which profiles there are. */
  #speedCurves(): documents.SpeedStep[][] {
    const profiles = Math.max(1, this.#profiles.length);
    const curves: documents.SpeedStep[][] = Array.from({ length: this.#speeds.size > 0 ? profiles : 0 }, () => []);
    for (const [profile, steps] of this.#speeds) {
      const path = `speeds[${profile}]`;
      if (profile < profiles) {
        curves[profile] = this.#parts.speedSteps(steps, path);
      } else {
        this.#scaler.fault(path, profile, "there is no such travel profile", "add it with travelMatrix");
      }
    }
    return curves;
  }
}
