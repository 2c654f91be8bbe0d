/* eslint-disable */

/** Collects the parts of a problem as integers in the solver's units. */
export declare class NativeBuilder {
  /** A builder with nothing in it. */
  constructor(name: string)
  /** Adds a location; gives its index. */
  addLocation(x: number, y: number, name: string): number
  /** Adds a depot. */
  addDepot(depot: DepotRecord): void
  /** Adds a group of clients. */
  addGroup(required: boolean, name: string): void
  /** Adds a client. */
  addClient(client: ClientRecord): void
  /** Adds a shipment. */
  addShipment(shipment: ShipmentRecord): void
  /** Adds a vehicle type. */
  addVehicleType(vehicleType: VehicleTypeRecord, day: VehicleDayRecord): void
  /** Adds a material. */
  addMaterial(name: string): void
  /** Keeps two materials from being on board at the same time. */
  separateMaterials(a: number, b: number): void
  /** Adds a disposal site. */
  addDisposalSite(site: DisposalSiteRecord): void
  /** Says which vehicle types may serve a client, and how long each takes. */
  setClientVehicles(client: number, vehicles: ClientVehiclesRecord): void
  /** Adds a tie between clients. */
  addRelation(relation: RelationRecord): void
  /** Adds a goal: weighted, or ranked if it has no weight. */
  addGoal(measure: string, weight?: number | undefined | null): void
  /** Sets how fast a travel profile is over the day. */
  setSpeed(profile: number, steps: Array<SpeedStepRecord>): void
  /** Sets whether pickups come after all deliveries of a trip. */
  setBackhaulsAfterLinehauls(after: boolean): void
  /** Takes straight lines; `rounding` is one of round, trunc, dimacs, exact, none, ceil. */
  travelEuclidean(rounding: string): void
  /** Takes great circles. */
  travelHaversine(speed: number, detour: number): void
  /** Adds a travel profile. Matrices are row-major and hold whole numbers. */
  addProfile(size: number, distance: Float64Array, duration?: Float64Array | undefined | null): void
  /** Checks all parts and makes the problem. */
  build(): NativeProblem
}

/** Asks a running search to stop. */
export declare class NativeCancelToken {
  /** A token that is not cancelled. */
  constructor()
  /** Asks the search to stop. It answers within some milliseconds. */
  cancel(): void
}

/** Routes for a problem, with times, loads and costs. */
export declare class NativePlan {
  /** The plan of the given stops. */
  static ofStops(problem: NativeProblem, routes: Array<RouteStopsRecord>): NativePlan
  /** Reads a plan from milkrun's JSON. */
  static fromJson(problem: NativeProblem, text: string): NativePlan
  /** Reads a plan from VRPLIB's `.sol` text. */
  static fromSol(problem: NativeProblem, content: Uint8Array): NativePlan
  /** Writes milkrun's JSON. */
  toJson(): string
  /** Writes `GeoJSON`. */
  toGeojson(): string
  /** Writes VRPLIB's `.sol` text. */
  toSol(cost?: number | undefined | null): string
  /** Total cost. */
  get cost(): number
  /** The cost by cause. */
  get breakdown(): CostRecord
  /** Whether no rule is broken. */
  get isFeasible(): boolean
  /** Every rule that is broken. */
  violations(): Array<ViolationRecord>
  /** The routes. */
  routes(): Array<RouteRecord>
  /** Clients left out. */
  unservedClients(): Array<number>
  /** Shipments left out. */
  unservedShipments(): Array<number>
  /** The plan as a table for people, in the solver's units. */
  table(): string
  /** Asks the judge. */
  check(): ReportRecord
  /** Whether the plan was made for this problem or an equal one. */
  isFor(problem: NativeProblem): boolean
  /** Whether this is the same plan as another. */
  equals(other: NativePlan): boolean
}

/** A problem that is built and valid. */
export declare class NativeProblem {
  /** Reads a problem of any format. */
  static read(content: Uint8Array, path?: string | undefined | null, format?: string | undefined | null, rounding?: string | undefined | null): NativeProblem
  /** Writes milkrun's JSON. */
  toJson(): string
  /** Writes a VRPLIB file. */
  toVrplib(): string
  /** The name. */
  get name(): string
  /** How many load dimensions there are. */
  get loadDimensions(): number
  /** How many vehicles of all types there are. */
  get numVehicles(): number
  /** Whether travel is computed from longitudes and latitudes. */
  get isGeographic(): boolean
  /** The locations. */
  locations(): Array<LocationRecord>
  /** The depots. */
  depots(): Array<PlaceRecord>
  /** The clients. */
  clients(): Array<PlaceRecord>
  /** The disposal sites. */
  disposalSites(): Array<PlaceRecord>
  /** The names of the materials. */
  materials(): Array<string>
  /** The pickups of the shipments. */
  shipments(): Array<PlaceRecord>
  /** The vehicle types. */
  vehicleTypes(): Array<FleetRecord>
  /** Distance and duration from one location to another; nothing if the problem has no such location or profile. */
  travel(profile: number, from: number, to: number): Array<number> | null
  /** Whether this is the same problem as another. */
  equals(other: NativeProblem): boolean
}

/** The answer of a search. */
export declare class NativeResult {
  /** The best plan found. */
  get plan(): NativePlan
  /** Why the search ended. */
  get stopped(): string
  /** How many iterations it did. */
  get iterations(): number
  /** How long it took, in milliseconds. */
  get runtimeMs(): number
}

/** A break. */
export interface BreakRecord {
  start: WindowRecord
  duration: number
  location?: number
  paid: boolean
  name: string
}

/** A client. */
export interface ClientRecord {
  location: number
  delivery: Array<number>
  pickup: Array<number>
  service: number
  window: WindowRecord
  release: number
  prize: number
  required: boolean
  group?: number
  material?: number
  moreWindows: Array<WindowRecord>
  softWindow?: SoftWindowRecord
  skills: Array<string>
  priority: number
  name: string
}

/** What ties a client to vehicle types; said when the problem is built, since both may name each other. */
export interface ClientVehiclesRecord {
  allowed?: Array<number>
  forbidden: Array<number>
  serviceByType: Array<ServiceByTypeRecord>
}

/** A part of a vehicle. */
export interface CompartmentRecord {
  materials: Array<number>
  capacity: Array<number>
}

/** A cost by cause. */
export interface CostRecord {
  fixed: number
  distance: number
  duration: number
  overtime: number
  waiting: number
  windows: number
  disposal: number
  goals: number
  unserved: number
}

/** A depot. */
export interface DepotRecord {
  location: number
  service: number
  window: WindowRecord
  name: string
}

/** A disposal site. */
export interface DisposalSiteRecord {
  location: number
  hours: Array<WindowRecord>
  service: number
  unloading: Array<RateRecord>
  visitCost: number
  tippingFee: Array<RateRecord>
  materials?: Array<number>
  dailyCapacity: Array<number>
  name: string
}

/** A limit of driving or work without a rest. */
export interface DriverRuleRecord {
  /** Driving, if not all work. */
  driving: boolean
  max: number
  rest: number
  /** Two lengths. */
  split?: Array<number>
  anyPause: boolean
}

/** Explains everything that a plan leaves unserved. */
export declare function explain(plan: NativePlan): Promise<Array<ExplanationRecord>>

/** Why somebody is not served. */
export interface ExplanationRecord {
  shipment: boolean
  index: number
  prize?: number
  impossible: boolean
  text: string
  byType: Array<TypeReasonRecord>
  relaxations: Array<RelaxationRecord>
}

/** A vehicle type as far as plans need it. */
export interface FleetRecord {
  count: number
  name: string
  start?: number
  end?: number
  /** The names of its breaks. */
  breaks: Array<string>
}

/** A location. */
export interface LocationRecord {
  x: number
  y: number
  name: string
}

/** A number of a plan that is wrong. */
export interface MisstatementRecord {
  path: string
  stated: string
  found: string
}

/** Something that keeps a vehicle type from serving somebody. What `kind` does not need is left out. */
export interface ObstacleRecord {
  kind: string
  text: string
  skills?: Array<string>
  material?: number
  dimension?: number
  amount?: number
  capacity?: number
  violation?: string
}

/** A step of overtime. */
export interface OvertimeRecord {
  after: number
  costPerDuration: number
}

/** Panics inside, to show that it ends as an error with the code `internal`. */
export declare function panicOnPurpose(message: string): void

/** What a problem holds, by name and place. */
export interface PlaceRecord {
  location: number
  name: string
}

/** A look at a running search. */
export interface ProgressRecord {
  elapsedMs: number
  iterations: number
  bestCost?: number
  routes: number
  unserved: number
}

/** So much for every so much of load. */
export interface RateRecord {
  amount: number
  per: number
}

/** A tie; `kind` is `same_vehicle`, sequence, precedence, `all_or_none`, incompatible or pin. The last two fields are a pin's. */
export interface RelationRecord {
  kind: string
  clients: Array<number>
  vehicleType?: number
  /** First or last; anywhere if it is left out. */
  position?: string
}

/** A single change that would make room. What `kind` does not need is left out. */
export interface RelaxationRecord {
  kind: string
  text: string
  vehicleType?: number
  client?: number
  site?: number
  depot?: number
  dimension?: number
  skill?: string
  /** How much more. */
  by?: number
  /** A time. */
  until?: number
}

/** What the judge found. */
export interface ReportRecord {
  cost: CostRecord
  violations: Array<ViolationRecord>
  misstatements: Array<MisstatementRecord>
}

/** A route. */
export interface RouteRecord {
  vehicleType: number
  start: number
  end: number
  distance: number
  driving: number
  waiting: number
  work: number
  pauses: number
  paid: number
  cost: CostRecord
  trips: Array<TripRecord>
}

/** The bare stops of a route. */
export interface RouteStopsRecord {
  vehicleType: number
  trips: Array<TripStopsRecord>
}

/** How long a service takes with one vehicle type. */
export interface ServiceByTypeRecord {
  vehicleType: number
  service: number
}

/** How to search. */
export interface SettingsRecord {
  maxRuntimeMs?: number
  maxIterations?: number
  noImprovement?: number
  targetCost?: number
  /** Half of the seed each, high and low: a number of JavaScript cannot hold 64 bits. */
  seedHigh: number
  seedLow: number
  threads: number
}

/** A shipment. */
export interface ShipmentRecord {
  pickup: ShipmentStopRecord
  delivery: ShipmentStopRecord
  amount: Array<number>
  prize: number
  required: boolean
  name: string
}

/** One end of a shipment. */
export interface ShipmentStopRecord {
  location: number
  service: number
  window: WindowRecord
}

/** A window that may be missed at a price. */
export interface SoftWindowRecord {
  window: WindowRecord
  costPerEarly: number
  costPerLate: number
}

/** Solves a problem on a thread of its own. */
export declare function solve(problem: NativeProblem, settings: SettingsRecord, initial: NativePlan | undefined | null, cancel: NativeCancelToken, onProgress: (arg: ProgressRecord) => void): Promise<NativeResult>

/** From when on a profile is how fast. */
export interface SpeedStepRecord {
  from: number
  percent: number
}

/** The bare stop of a trip. */
export interface StopRecord {
  kind: string
  index: number
}

/** A trip. */
export interface TripRecord {
  startDepot?: number
  endDepot?: number
  start: number
  departure: number
  arrival: number
  distance: number
  load: Array<number>
  maxLoad: Array<number>
  visits: Array<VisitRecord>
}

/** The bare stops of a trip. */
export interface TripStopsRecord {
  start?: number
  end?: number
  stops: Array<StopRecord>
}

/** Why one vehicle type does not serve somebody; `kind` is impossible, `no_room` or possible. */
export interface TypeReasonRecord {
  vehicleType: number
  kind: string
  cost?: number
  obstacles: Array<ObstacleRecord>
}

/** What a vehicle type has besides depots and capacity. */
export interface VehicleDayRecord {
  disposalSites: Array<number>
  endEmpty: boolean
  compartments: Array<CompartmentRecord>
  maxRouteLoad: Array<number>
  maxStops?: number
  breaks: Array<BreakRecord>
  driverRules: Array<DriverRuleRecord>
  paidRests: boolean
  maxDriving?: number
  maxWork?: number
  overtime: Array<OvertimeRecord>
  costPerWaiting: number
  skills: Array<string>
  executed: Array<StopRecord>
}

/** A vehicle type. */
export interface VehicleTypeRecord {
  count: number
  capacity: Array<number>
  start?: number
  end?: number
  fixedCost: number
  costPerDistance: number
  costPerDuration: number
  shift: WindowRecord
  maxDuration?: number
  maxDistance?: number
  allowedClients?: Array<number>
  reloadDepots: Array<number>
  maxTrips?: number
  profile: number
  name: string
}

/** The version of the package. */
export declare function version(): string

/** A rule that is broken. */
export interface ViolationRecord {
  kind: string
  route?: number
  message: string
}

/** One stop of a trip; `kind` is client, pickup, delivery, dispose, break or rest. The index of a rest is its length. */
export interface VisitRecord {
  kind: string
  index: number
  location: number
  arrival: number
  start: number
  departure: number
  load: Array<number>
}

/** Earliest and latest time. */
export interface WindowRecord {
  early: number
  late: number
}
