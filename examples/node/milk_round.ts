// A morning's milk round: clients from plain objects, two vans, and what each of them does.

import { Model, type Result } from "milkrun";

const farms = [
  { name: "Brook Farm", lon: 5.421, lat: 52.163, pickup: 310.5 },
  { name: "Hillside", lon: 5.463, lat: 52.171, pickup: 205 },
  { name: "Long Meadow", lon: 5.398, lat: 52.189, pickup: 420.25 },
  { name: "Mill Farm", lon: 5.445, lat: 52.141, pickup: 150.75 },
  { name: "North End", lon: 5.431, lat: 52.214, pickup: 380 },
  { name: "Old Orchard", lon: 5.372, lat: 52.158, pickup: 275.5 },
];

async function solve(): Promise<Result> {
  const six = new Date("2026-05-04T06:00:00Z");
  const nine = new Date("2026-05-04T09:00:00Z");
  // Litres come in quarters; the solver counts in whole ones.
  const model = new Model({ name: "milk round", loadScale: 4 });
  const dairy = model.addDepot({ lon: 5.405, lat: 52.155, name: "dairy" });
  model.addClients(farms.map((farm) => ({ ...farm, service: 480, timeWindow: [six, nine] })));
  model.addVehicleType({ count: 2, capacity: 1000, depot: dairy, name: "tanker" });
  return model.solve({ maxIterations: 2000 });
}

async function main(): Promise<void> {
  const { plan, stopped, iterations } = await solve();
  for (const route of plan.routes) {
    console.log(`${route.vehicleName}: leaves ${plan.when(route.start)?.toISOString()}, ${route.distance / 1000} km`);
    for (const visit of route.trips.flatMap((trip) => trip.visits)) {
      console.log(`  ${plan.when(visit.start)?.toISOString()}  ${visit.name}  (${visit.load[0]} l on board)`);
    }
  }
  console.log(`${stopped} after ${iterations} iterations`);
}

void main();
