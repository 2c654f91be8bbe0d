// A small city as files, one of each format that the page imports.

const HOUR = 3_600;

/** How many bins there are. */
export const BINS = 80;
/** What all bins hold, kilograms: more than both trucks carry at once, so that they are emptied on the way. */
export const LOAD = BINS * 150;

const file = (kind, name, type, text) => ({ kind, file: { name, mimeType: type, buffer: Buffer.from(text) } });

const bins = Array.from({ length: BINS }, (_, i) => ({
  type: "Feature",
  geometry: {
    type: "Point",
    coordinates: [4.83 + ((i * 0.618) % 1) * 0.13, 52.34 + ((i * 0.414) % 1) * 0.06],
  },
  properties: { code: `B${String(i + 1).padStart(3, "0")}`, name: `Canal ${i + 1}`, load_kg: 150 },
}));

const site = {
  code: "TIP", name: "Transfer station", lon: 4.95, lat: 52.4,
  open_from: 6 * HOUR, open_until: 16 * HOUR, service_seconds: 600, fee_per_tonne: 40,
};

/** The files, in the order in which they are imported. */
export const FILES = [
  file("depots", "depots.csv", "text/csv", "code,name,lon,lat\nYARD,Yard,4.90,52.37\n"),
  file("disposal-sites", "sites.json", "application/json", JSON.stringify([site])),
  file(
    "vehicles",
    "vehicles.csv",
    "text/csv",
    "code,name,depot,capacity_kg,shift_until,break_from,break_until,break_seconds\n" +
      "T1,Truck one,YARD,4000,37800,23400,28800,2700\n" +
      "T2,Truck two,YARD,4000,37800,23400,28800,2700\n",
  ),
  file("bins", "bins.geojson", "application/geo+json", JSON.stringify({ type: "FeatureCollection", features: bins })),
];
