/** What has happened to a plan while it is driven. */

import type * as documents from "./documents.js";
import { oneOf } from "./errors.js";
import type { PlaceOptions, Reference } from "./options.js";
import { covers } from "./parts.js";
import { type Loads, Scaler, type Time, type Units, type Window } from "./units.js";

/** A client that is added: at a location of the problem or, where travel is not given by matrices, at coordinates. */
export interface AddedClientOptions extends PlaceOptions {
  /** What is taken from it. */
  readonly pickup?: Loads;
  /** What is brought to it. */
  readonly delivery?: Loads;
  /** Seconds that the service takes. */
  readonly service?: number;
  /** Seconds that are spent before it where the vehicle comes from another place. */
  readonly setup?: number;
  /** When it may start, or last. */
  readonly timeWindow?: Window;
  /** Whether the window holds the `start` of the service or all of the `service`; `start` unless given. */
  readonly windowCovers?: documents.WindowCovers;
  /** What it costs to leave the client unserved; without a prize, it must be served. */
  readonly prize?: number;
  /** A name for people. */
  readonly name?: string;
}

/**
 * Something that has happened since a plan was published. Routes are those of that plan, by number. Clients, disposal sites,
 * vehicle types and locations are numbers or names; clients that earlier events add are numbered behind the others. Times and
 * amounts are in your units.
 */
export type Event =
  /** A route has done its first activities, and left the last of them at a time. Without such a report, what the plan says
   * counts as done. */
  | { readonly kind: "done"; readonly route: number; readonly activities: number; readonly at: Time }
  /** A vehicle reaches its next stop so many seconds later. */
  | { readonly kind: "late"; readonly route: number; readonly by: number }
  /** A vehicle stays where it is, and serves no further client. */
  | { readonly kind: "brokenDown"; readonly route: number }
  /** Another vehicle of a type can be used; at once unless `from` is given. */
  | { readonly kind: "available"; readonly vehicleType: Reference; readonly from?: Time }
  /** A shift ends at another time than planned. */
  | { readonly kind: "shiftEnds"; readonly route: number; readonly at: Time }
  /** A vehicle has more on board than planned, or less, as if the last client had given it. */
  | { readonly kind: "load"; readonly route: number; readonly more: Loads }
  /** A client that the problem does not have is to be served, too. */
  | { readonly kind: "added"; readonly client: AddedClientOptions }
  /** A client is no longer to be served. */
  | { readonly kind: "cancelled"; readonly client: Reference }
  /** Something about a client is different; what is omitted stays. */
  | {
      readonly kind: "changed";
      readonly client: Reference;
      readonly pickup?: Loads;
      readonly delivery?: Loads;
      readonly service?: number;
      readonly timeWindow?: Window;
      readonly required?: boolean;
      readonly prize?: number;
    }
  /** A disposal site takes no waste for a time. */
  | { readonly kind: "siteClosed"; readonly site: Reference; readonly from: Time; readonly to: Time }
  /** Visits to a disposal site take so many seconds longer from now on. */
  | { readonly kind: "siteQueue"; readonly site: Reference; readonly by: number }
  /** All roads of a travel profile (0 unless given) are slower for a time: `percent` of the speed remains. */
  | {
      readonly kind: "slow";
      readonly profile?: number;
      readonly from: Time;
      readonly to: Time;
      readonly percent: number;
    }
  /**
   * Roads in an area are closed for a time, or slower: `percent` of the speed remains, 0 unless given. Closed: services inside begin
   * before the time or from its end on; where travel is straight, no vehicle drives across. Slower: drives take longer that begin or end
   * inside or, where travel is straight, cross the area; also later ones, if they may be made during the time.
   */
  | {
      readonly kind: "area";
      readonly corners: readonly (readonly [number, number])[];
      readonly from: Time;
      readonly to: Time;
      readonly percent?: number;
    }
  /** Travel is known anew: tables of each travel profile, with a row and a column for each location and those that added clients bring;
   * `null`: not reachable. What has been driven stays as it was. */
  | { readonly kind: "travel"; readonly profiles: readonly { readonly distance: Table; readonly duration?: Table }[] };

/** A square table: a row for each origin. */
export type Table = readonly (readonly (number | null)[])[];

/** What it costs to change a published plan; 0 unless given. All zero: the rest of the day is planned afresh. */
export interface ChangePrices {
  /** A client or shipment on another vehicle than published. */
  readonly otherVehicle?: number;
  /** A client or shipment stop that is out of order on its vehicle: the fewest that must be taken out for the rest of what the vehicle
   * keeps to stand in published order. It is no part of the plan's cost. */
  readonly otherOrder?: number;
  /** Each second by which a service begins earlier or later than published, beyond the tolerance. Clients with a soft window of
   * their own keep that instead. */
  readonly perTime?: number;
  /** Changes of time up to so many seconds cost nothing. */
  readonly tolerance?: number;
  /** An optional client or shipment that was published and is dropped, beside its prize. */
  readonly dropped?: number;
  /** A vehicle that was to stand in the depot, beside its fixed cost. */
  readonly calledOut?: number;
}

/** A problem whose parts have names. */
interface Named {
  readonly units: Units;
  readonly locations: readonly { readonly name: string }[];
  readonly clients: readonly { readonly name: string }[];
  readonly disposalSites: readonly { readonly name: string }[];
  readonly vehicleTypes: readonly { readonly name: string }[];
}

const NAMES = {
  done: "done",
  late: "late",
  brokenDown: "broken_down",
  available: "available",
  shiftEnds: "shift_ends",
  load: "load",
  added: "added",
  cancelled: "cancelled",
  changed: "changed",
  siteClosed: "site_closed",
  siteQueue: "site_queue",
  slow: "slow",
  area: "area",
  travel: "travel",
} as const;

const KINDS = Object.keys(NAMES) as Event["kind"][];

/** Turns events and prices into documents, and collects what is wrong with them.
 * @internal */
export class Happened {
  readonly scaler: Scaler;
  readonly #added: string[] = [];

  constructor(readonly problem: Named) {
    this.scaler = new Scaler(problem.units);
  }

  prices(prices: ChangePrices): documents.ChangePrices {
    const { otherVehicle = 0, otherOrder = 0, perTime = 0, tolerance = 0, dropped = 0, calledOut = 0 } = prices;
    const { scaler } = this;
    return {
      other_vehicle: scaler.cost(otherVehicle, "prices.other_vehicle"),
      other_order: scaler.cost(otherOrder, "prices.other_order"),
      per_time: scaler.rate(perTime, scaler.units.timeScale, "prices.per_time"),
      tolerance: scaler.duration(tolerance, "prices.tolerance"),
      dropped: scaler.cost(dropped, "prices.dropped"),
      called_out: scaler.cost(calledOut, "prices.called_out"),
    };
  }

  event(event: Event, e: number): documents.Event {
    const { scaler } = this;
    const kind = NAMES[oneOf(`kind of events[${e}]`, event.kind, KINDS)];
    const path = `events[${e}].${kind}`;
    const route = (route: number) => this.#count(route, `${path}.route`);
    const by = (by: number) => scaler.duration(by, `${path}.by`);
    const time = (time: Time, field: string) => scaler.time(time, `${path}.${field}`);
    switch (event.kind) {
      case "done": {
        const activities = this.#count(event.activities, `${path}.activities`);
        return { kind: "done", route: route(event.route), activities, at: time(event.at, "at") };
      }
      case "late":
        return { kind: "late", route: route(event.route), by: by(event.by) };
      case "brokenDown":
        return { kind: "broken_down", route: route(event.route) };
      case "available": {
        const type = this.#find("vehicle type", event.vehicleType, this.problem.vehicleTypes, `${path}.vehicle_type`);
        return { kind: "available", vehicle_type: type, from: time(event.from ?? 0, "from") };
      }
      case "shiftEnds":
        return { kind: "shift_ends", route: route(event.route), at: time(event.at, "at") };
      case "load":
        return { kind: "load", route: route(event.route), more: scaler.loads(event.more, `${path}.more`) };
      case "added":
        return { kind: "added", client: this.#client(event.client, path) };
      case "cancelled":
        return { kind: "cancelled", client: this.#known(event.client, path) };
      case "changed":
        return this.#changed(event, path);
      case "siteClosed":
        return { kind: "site_closed", site: this.#site(event.site, path), ...this.#span(event, path) };
      case "siteQueue":
        return { kind: "site_queue", site: this.#site(event.site, path), by: by(event.by) };
      case "slow": {
        const profile = this.#count(event.profile ?? 0, `${path}.profile`);
        const percent = this.#count(event.percent, `${path}.percent`);
        return { kind: "slow", profile, ...this.#span(event, path), percent };
      }
      case "area": {
        const corners = event.corners.map(([x, y]) => [x, y] as const);
        const percent = this.#count(event.percent ?? 0, `${path}.percent`);
        return { kind: "area", corners, ...this.#span(event, path), percent };
      }
      case "travel":
        return { kind: "travel", profiles: event.profiles.map((own, p) => this.#tables(own, `${path}[${p}]`)) };
    }
  }

  #changed(event: Event & { kind: "changed" }, path: string): documents.Event {
    const { pickup, delivery, service, timeWindow, required, prize } = event;
    const { scaler } = this;
    return {
      kind: "changed",
      client: this.#known(event.client, path),
      ...(pickup !== undefined && { pickup: scaler.loads(pickup, `${path}.pickup`) }),
      ...(delivery !== undefined && { delivery: scaler.loads(delivery, `${path}.delivery`) }),
      ...(service !== undefined && { service: scaler.duration(service, `${path}.service`) }),
      ...(timeWindow !== undefined && { time_window: scaler.window(timeWindow, `${path}.time_window`) }),
      ...(required !== undefined && { required }),
      ...(prize !== undefined && { prize: scaler.cost(prize, `${path}.prize`) }),
    };
  }

  #tables({ distance, duration }: { distance: Table; duration?: Table }, path: string): documents.TravelTables {
    const { scaler } = this;
    const table = (rows: Table, scale: number, path: string) =>
      rows.map((row) => row.map((value) => (value === null ? null : scaler.nearest(value, scale, path))));
    return {
      distance: table(distance, scaler.units.distanceScale, `${path}.distance`),
      duration: duration === undefined ? null : table(duration, scaler.units.timeScale, `${path}.duration`),
    };
  }

  #client(client: AddedClientOptions, path: string): documents.AddedClient {
    const { x, y, lon, lat, location, pickup, delivery, service = 0, setup = 0, timeWindow, windowCovers } = client;
    const { prize, name = "" } = client;
    const { scaler } = this;
    const points = [[x, y], [lon, lat]].filter((point) => point.some((value) => value !== undefined));
    const whole = points.length === 1 && points[0]!.every((value) => value !== undefined);
    if (location === undefined ? !whole : points.length > 0) {
      throw new TypeError(`${path}: give x and y, or lon and lat, or a location`);
    }
    const [horizontal = 0, vertical = 0] = points[0] ?? [];
    const place =
      location === undefined
        ? {
            x: scaler.finite(horizontal, `${path}.x`, "coordinate"),
            y: scaler.finite(vertical, `${path}.y`, "coordinate"),
          }
        : { location: this.#find("location", location, this.problem.locations, `${path}.location`) };
    this.#added.push(name);
    return {
      ...place,
      pickup: scaler.loads(pickup, `${path}.pickup`),
      delivery: scaler.loads(delivery, `${path}.delivery`),
      service: scaler.duration(service, `${path}.service`),
      setup: scaler.duration(setup, `${path}.setup`),
      ...covers(windowCovers),
      name,
      ...(timeWindow !== undefined && { time_window: scaler.window(timeWindow, `${path}.time_window`) }),
      ...(prize !== undefined && { prize: scaler.cost(prize, `${path}.prize`) }),
    };
  }

  #span({ from, to }: { readonly from: Time; readonly to: Time }, path: string): { from: number; to: number } {
    return { from: this.scaler.time(from, `${path}.from`), to: this.scaler.time(to, `${path}.to`) };
  }

  #known(client: Reference, path: string): number {
    const all = [...this.problem.clients, ...this.#added.map((name) => ({ name }))];
    return this.#find("client", client, all, `${path}.client`);
  }

  #site(site: Reference, path: string): number {
    return this.#find("disposal site", site, this.problem.disposalSites, `${path}.site`);
  }

  /** The number of what is referred to. Whether there is one so high is for the core to say. */
  #find(kind: string, reference: Reference, all: readonly { readonly name: string }[], path: string): number {
    if (typeof reference !== "string") {
      return this.#count(reference, path);
    }
    const hits = all.flatMap(({ name }, index) => (name === reference ? [index] : []));
    if (hits.length !== 1) {
      throw new RangeError(`${path}: ${hits.length === 0 ? "no" : "more than one"} ${kind} is called "${reference}"`);
    }
    return hits[0]!;
  }

  #count(value: number, path: string): number {
    return this.scaler.between(value, 0, 2 ** 32 - 1, path);
  }
}
