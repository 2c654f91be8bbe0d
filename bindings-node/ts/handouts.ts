/** What leaves for people and other programs: pages, drivers' sheets, and files for devices, spreadsheets, calendars. */

import { writeFileSync } from "node:fs";

import type * as documents from "./documents.js";
import { call } from "./errors.js";
import type { PlanFeatureCollection } from "./map.js";
import { native } from "./native.js";
import type { NativePlan, NativeStreets } from "./native-types.js";
import { scales, type Units } from "./units.js";

/** What numbers and places of a problem mean.
 * @internal */
export interface Ground {
  readonly units: Units;
  readonly streets: NativeStreets;
}

/** How a plan is shown. Trucks are numbered from 1. */
export interface HandoutOptions {
  /** A file that the text is written to, too. */
  readonly path?: string;
  /** The day that is planned, `2026-12-03`, or the moment from which times count, `2026-12-03T04:30`; of a `Date`, as UTC has it.
   * Where the model had dates, it is known. */
  readonly date?: string | Date;
  /** Whether times are seconds and distances metres, which are shown as times of day and kilometres, or plain numbers. Unless
   * given, they are plain where travel is straight lines between planar points. */
  readonly clock?: boolean;
  /** Whether coordinates are longitudes and latitudes; found out unless given. */
  readonly geographic?: boolean;
  /** What load dimensions are called: `["kg", "l"]`. */
  readonly loads?: readonly string[];
  /** What costs are counted in. */
  readonly currency?: string;
}

/** How the page of a day is written. */
export interface PageOptions extends HandoutOptions {
  /** For how many seconds reasons are looked for why something is unserved; 2 unless given. */
  readonly explain?: number;
}

/** How files for other programs are written. */
export interface FileOptions extends HandoutOptions {
  /** The only route that the file has, counted from 0; all unless given. */
  readonly route?: number;
}

/** How calendars are written. */
export interface CalendarOptions extends FileOptions {
  /** Whether each stop is an event, instead of each route. */
  readonly eachStop?: boolean;
}

/** What a plan is written as. Throws a {@link MilkrunError} where something cannot be written. */
export abstract class Handouts {
  /** @internal */
  abstract readonly native: NativePlan;
  /** @internal */
  protected abstract get ground(): Ground;

  /** The page of the day, HTML that needs nothing else: map, timeline, trucks, stops, costs, what is unserved and why. */
  toHtml({ explain = 2, ...options }: PageOptions = {}): string {
    return this.#written("day_page", options, { explain });
  }

  /** Its map and timeline, as HTML to stand in another page. */
  toHtmlFragment(options: HandoutOptions = {}): string {
    return this.#written("map_and_timeline", options);
  }

  /** A page with a sheet for each truck's driver, made for paper. */
  sheets(options: HandoutOptions = {}): string {
    return this.#written("driver_sheets", options);
  }

  /** Routes for navigation devices, as GPX; needs longitudes and latitudes. */
  toGpx({ route, ...options }: FileOptions = {}): string {
    return this.#written("gpx", options, { route: route ?? null });
  }

  /** A row for each thing that happens, for spreadsheets, as CSV; the book lists the columns. */
  toCsv({ route, ...options }: FileOptions = {}): string {
    return this.#written("csv", options, { route: route ?? null });
  }

  /** A calendar with an event for each route, or for each stop, as iCalendar; needs the date. */
  toIcal({ route, eachStop = false, ...options }: CalendarOptions = {}): string {
    return this.#written("ical", options, { route: route ?? null, each_stop: eachStop });
  }

  /** A map: a line for each trip, points for depots, visits and whatever is unserved. */
  toGeoJson(): PlanFeatureCollection {
    return JSON.parse(call(() => this.native.toGeojson(this.ground.streets))) as PlanFeatureCollection;
  }

  /** The plan as VRPLIB's `.sol` text. */
  toSol(): string {
    return call(() => this.native.toSol(this.native.cost / this.ground.units.costScale));
  }

  #written(handout: documents.Handout, shown: HandoutOptions, more: Partial<documents.ReportOptions> = {}): string {
    const { native: plan, ground } = this;
    const options = JSON.stringify({ ...reportOptions(ground, shown), ...more });
    return kept(call(() => native.writeHandout(plan, JSON.stringify(handout), options, ground.streets)), shown);
  }
}

/** How a plan is shown, as the core takes it.
 * @internal */
export function reportOptions({ units }: Ground, shown: HandoutOptions): documents.ReportOptions {
  const { date, clock, geographic, loads = [], currency = "" } = shown;
  const moment = date ?? units.zonedOrigin ?? units.origin;
  return {
    date: moment instanceof Date ? moment.toISOString().slice(0, 19) : (moment ?? null),
    clock: clock ?? (units.origin ? true : null),
    geographic: geographic ?? null,
    loads: [...loads],
    currency,
    scales: scales(units),
  };
}

/** A text, which is written to a file where one is named.
 * @internal */
export function kept(text: string, { path }: HandoutOptions): string {
  if (path !== undefined) {
    writeFileSync(path, text);
  }
  return text;
}
