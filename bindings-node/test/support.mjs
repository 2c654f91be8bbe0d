// What several tests use.

import assert from "node:assert/strict";
import { Model } from "milkrun";

/** Random numbers from a seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return (low, high) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return low + (((t ^ (t >>> 14)) >>> 0) % (high - low + 1));
  };
}

/** Clients all around a depot. */
export function star(count = 40, seed = 7, vehicles = 20) {
  const number = random(seed);
  const model = new Model({ name: `star ${seed}` });
  const depot = model.addDepot({ x: 0, y: 0, name: "yard" });
  for (let i = 0; i < count; i++) {
    model.addClient({ x: number(-500, 500), y: number(-500, 500), delivery: number(1, 9), name: `c${i}` });
  }
  model.addVehicleType({ count: vehicles, capacity: 40, depot, name: "van" });
  return model.build();
}

/** What is thrown. */
export function thrown(work) {
  try {
    work();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was thrown");
}

/** The model that a document of milkrun's JSON describes, put together by hand. */
export function modelOf(document) {
  const model = new Model({ name: document.name ?? "" });
  const each = (field, add) => (document[field] ?? []).forEach(add);
  each("locations", (location) => model.addLocation(location));
  each("depots", (depot) => {
    const { timeWindow, ...rest } = placed(depot);
    model.addDepot({ ...rest, open: timeWindow });
  });
  each("materials", ({ name }) => model.addMaterial(name));
  each("separate_materials", ([a, b]) => model.separateMaterials(a, b));
  each("groups", (group) => model.addGroup(group));
  each("clients", (client) => model.addClient(clientOf(client)));
  each("shipments", (shipment) => {
    const costs = (shipment.assignment_costs ?? []).map(renamed);
    model.addShipment({ ...renamed(shipment), assignmentCosts: costs, pickup: placed(shipment.pickup), delivery: placed(shipment.delivery) });
  });
  each("disposal_sites", (site) => model.addDisposalSite(placed(site)));
  each("zones", (zone) => model.addZone(zone));
  each("vehicle_types", (type) => model.addVehicleType(vehicleTypeOf(type)));
  each("relations", (relation) => {
    const fields = Object.entries(renamed(relation)).map(([kind, value]) => [kind, Array.isArray(value) ? value : renamed(value)]);
    model.addRelation(Object.fromEntries(fields));
  });
  each("goals", (goal) => model.addGoal(goal));
  each("speeds", (steps, profile) => model.setSpeeds(steps, profile));
  model.setBackhauls(document.backhauls ?? "mixed");
  travel(model, document.travel ?? { type: "euclidean" });
  return model;
}

function travel(model, { type, rounding, speed, detour, profiles }) {
  if (type === "euclidean") {
    model.travelEuclidean(rounding);
  } else if (type === "haversine") {
    model.travelHaversine({ speed, detour });
  } else {
    profiles.forEach(({ distance, duration }) => model.travelMatrix(distance, duration));
  }
}

/** The same fields, with names of JavaScript. */
function renamed(fields) {
  const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [camel(name), value]));
}

/** The same fields, with coordinates among them. */
function placed({ location, ...fields }) {
  const point = typeof location === "object" ? location : location === undefined ? {} : { location };
  return { ...renamed(fields), ...point };
}

function clientOf(client) {
  const { softWindow, serviceByType, assignmentCosts, ...fields } = placed(client);
  const { early = null, late = null, ...costs } = softWindow ?? {};
  return {
    ...fields,
    ...(softWindow && { softWindow: { window: [early, late], ...renamed(costs) } }),
    ...(serviceByType && { serviceByType: serviceByType.map(renamed) }),
    ...(assignmentCosts && { assignmentCosts: assignmentCosts.map(renamed) }),
  };
}

function vehicleTypeOf(type) {
  const { breaks = [], driverRules = [], overtime = [], executed = [], zones = [], ...fields } = renamed(type);
  return {
    ...fields,
    breaks: breaks.map(placed),
    driverRules: driverRules.map(renamed),
    overtime: overtime.map(renamed),
    zones: zones.map(renamed),
    executed: executed.map((stop) => Object.entries(stop)[0]),
  };
}
