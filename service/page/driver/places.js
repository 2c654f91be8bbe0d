// Times of the day, and where the phone is.

/** How far apart positions are that are kept, milliseconds. */
const APART = 30_000;

const two = (number) => String(number).padStart(2, "0");

/** The day of a moment where the phone is, as 2026-12-03. */
export function dayOf(moment) {
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** Seconds from the beginning of a day to a moment. */
export function secondOf(day, moment) {
  const [year, month, date] = day.split("-").map(Number);
  return Math.round((moment - new Date(year, month - 1, date)) / 1000);
}

/** A second of the day as 07:30. */
export function clock(second) {
  const minutes = Math.floor(second / 60);
  return `${two(Math.floor(minutes / 60) % 24)}:${two(((minutes % 60) + 60) % 60)}`;
}

/** A day in words. */
export function dayInWords(day) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date).toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short" });
}

/** The link by which this phone navigates: its own program where there is one for such links. */
export function navigation(stop) {
  return /Android/.test(navigator.userAgent) ? stop.geo : stop.map;
}

let watching = null;
let last = 0;

/** Follows the phone, and hands over where it is every half minute; ends with `null`. */
export function follow(take) {
  if (watching !== null) navigator.geolocation.clearWatch(watching);
  watching = null;
  if (!take || !navigator.geolocation) return;
  watching = navigator.geolocation.watchPosition(({ coords, timestamp }) => {
    if (timestamp - last < APART) return;
    last = timestamp;
    take(new Date(timestamp), { lon: coords.longitude, lat: coords.latitude, accuracy: Math.min(1_000_000, Math.round(coords.accuracy)) });
  }, () => {}, { enableHighAccuracy: true, maximumAge: APART });
}

/** A photo small enough to be sent over a weak network: turned as it was taken, and nothing but the picture. */
export async function small(file, longest = 1_600) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return await new Promise((done, fail) => {
      canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/jpeg", 0.8);
    });
  } catch {
    return file;
  }
}
