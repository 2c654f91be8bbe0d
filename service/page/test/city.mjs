// A small city as files to import, the same in every run.

/** Numbers from 0 up to 1 that look random. */
function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** By kind, in the order in which they can be imported: the file's name and its content. */
export function city(bins) {
  const next = dice(7);
  const points = Array.from({ length: bins }, (_, i) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: [4.82 + 0.16 * next(), 52.32 + 0.1 * next()] },
    properties: { code: `b${String(i).padStart(3, "0")}`, load_kg: 60 + Math.floor(120 * next()), service_seconds: 360 },
  }));
  const break_ = { break_seconds: 1800, break_from: 34_200, break_until: 37_800 };
  const vehicles = ["north", "east", "south"].map((code) => ({
    code, depot: "yard", capacity_kg: 2500, shift_from: 25_200, shift_until: 57_600, ...break_,
  }));
  return {
    depots: ["depots.csv", "code,lon,lat\nyard,4.90,52.37\n"],
    "disposal-sites": ["sites.json", JSON.stringify([
      { code: "landfill", lon: 4.99, lat: 52.40, open_from: 21_600, open_until: 61_200, fee_per_tonne: 40, unload_seconds_per_tonne: 60 },
    ])],
    vehicles: ["vehicles.json", JSON.stringify(vehicles)],
    bins: ["bins.geojson", JSON.stringify({ type: "FeatureCollection", features: points })],
  };
}
