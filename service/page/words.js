// Numbers, times and messages as people read them.

/** A time of day; hours beyond midnight belong to the next day. */
export function clock(seconds) {
  const minutes = Math.round(seconds / 60);
  const day = Math.floor(minutes / 1440);
  const within = minutes - day * 1440;
  return `${Math.floor(within / 60)}:${String(within % 60).padStart(2, "0")}${day ? ` ${day > 0 ? "+" : "−"}${Math.abs(day)} d` : ""}`;
}

/** A length of time. */
export function span(seconds) {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const sign = seconds < 0 && minutes ? "−" : "";
  return sign + (minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`);
}

export const number = (value, digits = 0) =>
  value === null || value === undefined ? "–" : Number(value).toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits }).replace("-", "−");
export const km = (metres) => `${number(metres / 1000, 1)} km`;

/** A difference with its sign; nothing where there is none. */
export const more = (value, text) => (value > 0 ? `+${text(value)}` : value < 0 ? `−${text(-value)}` : "±0");

/** Today by the clock of whoever looks. */
export function today() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

export function dayAfter(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** A day such as `Thu, 3 Dec 2026`. */
export const dayName = (day, weekday = "short") =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", { weekday, day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** A moment, milliseconds since 1970, as clocks here show it. */
export const moment = (at) =>
  new Date(at).toLocaleString("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

export const count = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

/** What to do about a problem, where the service's words do not say it. */
const REMEDIES = {
  forbidden: "Ask an administrator of your organisation for a role that allows it.",
  busy: "Wait a moment and try again.",
  unavailable: "The database is out of reach. Wait a moment and try again.",
  rate_limited: "Wait a minute and try again.",
  second_factor_required: "Open your account (your address, at the top), set a second factor up, and sign in with it.",
  queue_full: "Wait until a job has ended, or cancel one.",
  not_adaptable: "Plan the day anew.",
};

/** A problem in lines: what is wrong, every fault with its place, and what to do. */
export function told(problem) {
  if (problem instanceof Error) return ["This page failed.", String(problem.message), "Load it again; if that does not help, tell whoever runs the service."];
  const faults = (problem.faults || []).map((fault) => `${fault.path.replace(/^\$\.?/, "") || "the whole"}: ${fault.message}`);
  const remedy = REMEDIES[problem.code];
  return [problem.detail || problem.title || "The service cannot be reached.", ...faults, ...(remedy ? [remedy] : [])];
}
