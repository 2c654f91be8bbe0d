// Tomorrow's round of a waste hauler: from readings of sensors to the bins that are due, and to a day of trucks with a landfill
// that closes, lunch, and drivers who may not drive for too long.

import { EU_561, forecast, Model, type Plan } from "milkrun";

const { DAY, HOUR } = forecast;

/** What the sensors have reported: here of a city that is made up. Yours are rows of `id`, `time` and `value`. */
const city = new forecast.City({ bins: 60, days: 70, seed: 11 });

async function choose(): Promise<forecast.Selection> {
  const cleaned = await forecast.clean(city.readings());
  for (const { id, outOfRange, spikes, stuck } of cleaned.reports()) {
    if (outOfRange + spikes + stuck.length > 12) {
      console.log(`${id}: ${outOfRange} readings out of range, ${spikes} spikes, stuck ${stuck.length} times`);
    }
  }
  const model = await forecast.fitFill(cleaned.increments());
  const [day] = await forecast.backtestFill(cleaned, {}, { horizons: [DAY] });
  console.log(`a day ahead, levels are off by ${day?.mae.toFixed(1)} points`);
  const tomorrow = new Date(city.start.getTime() + (70 * DAY + 10 * HOUR) * 1000);
  return forecast.select(model, cleaned, { at: tomorrow, visitCost: 400 });
}

/** A day in metres and seconds, from midnight on. */
function day(): Model {
  const model = new Model({ name: "round" });
  const yard = model.addDepot({ ...city.depot, name: "yard" });
  const landfill = model.addDisposalSite({
    x: 9_000, y: 500, name: "landfill", hours: [[6 * HOUR, 16 * HOUR]], service: 600, tippingFee: { amount: 2, per: 100 },
  });
  for (const { id, x, y } of city.bins()) {
    model.addClient({ x, y, pickup: 1, service: 180, name: id });
  }
  model.addVehicleType({
    count: 3, name: "truck", capacity: 1_500, depot: yard, shift: [6 * HOUR, 16 * HOUR], fixedCost: 5_000,
    costPerDistance: 1, disposalSites: [landfill], endEmpty: true, driverRules: [EU_561],
    breaks: [{ name: "lunch", start: [11 * HOUR, 13 * HOUR], duration: 1_800, paid: false }],
  });
  // Straight lines take a second for each metre; trucks are eight times as fast, and slower until nine.
  model.setSpeeds([{ from: 0, percent: 800 }, { from: 7 * HOUR, percent: 600 }, { from: 9 * HOUR, percent: 800 }]);
  return model;
}

function clock(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 16);
}

function show(plan: Plan): void {
  for (const { vehicleName, trips } of plan.routes) {
    console.log(vehicleName);
    for (const { kind, name, start } of trips.flatMap(({ visits }) => visits)) {
      console.log(`  ${clock(start)}  ${kind === "client" ? "" : `${kind} `}${name}`);
    }
  }
}

async function main(): Promise<void> {
  const selection = await choose();
  const applied = selection.apply(day().build(), { loadWhenFull: 110 });
  console.log(`${applied.must} bins must be visited, ${applied.may} may, ${applied.skip} need not be`);
  const { plan } = await applied.problem.solve({ maxIterations: 3000 });
  show(plan);
  const left = (await plan.explain()).filter(({ prize }) => prize === null);
  left.forEach((why) => console.log(`${why}`));
}

void main();
