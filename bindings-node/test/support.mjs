// What several tests use.

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
