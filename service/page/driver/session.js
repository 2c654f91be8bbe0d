// The session of a driver: kept until it ends, and shared by all tabs of this browser.
import { keepDevice, ofDevice } from "/device.js";

const KEPT = "milkrun-driver-session";
/** How long before its end an access token is renewed, milliseconds. */
const MARGIN = 30_000;

/** What went wrong with a request: `status` 0 where the service cannot be reached. */
export class Failure extends Error {
  constructor(status, problem) {
    const faults = (problem.faults ?? []).map((fault) => `${fault.path}: ${fault.message}`);
    super([problem.detail ?? problem.title ?? "The service cannot be reached.", ...faults].join("\n"));
    Object.assign(this, { status, code: problem.code ?? "", passkey: problem.passkey ?? null });
  }
}

/** The session, or null: user, email, tokens. */
export function session() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

function keep(value) {
  if (value) localStorage.setItem(KEPT, JSON.stringify(value));
  else localStorage.removeItem(KEPT);
}

async function call(method, path, { body, token, type = "application/json" } = {}) {
  const headers = {};
  if (token) headers.authorization = `Bearer ${token}`;
  if (body !== undefined) headers["content-type"] = type;
  const content = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: content });
  } catch {
    throw new Failure(0, {});
  }
  if (!answer.ok) throw new Failure(answer.status, await answer.json().catch(() => ({ detail: `The service answered ${answer.status}.` })));
  return answer.status === 204 ? null : answer.json();
}

const inTurn = (action) => (navigator.locks ? navigator.locks.request(KEPT, action) : action());

/** An access token that is good for a while. Each refresh token can be used once, so tabs take turns. */
function token(old) {
  return inTurn(async () => {
    const known = session();
    if (!known) throw new Failure(401, { detail: "Sign in, please." });
    if (known.access !== old && Date.now() < known.expires - MARGIN) return known.access;
    try {
      const found = await call("POST", "/v1/sessions/refresh", { body: { refresh_token: known.refresh } });
      keep({ ...known, ...tokens(found) });
      return found.access_token;
    } catch (failure) {
      // The session is over. What waits to be sent stays, for when the same user is back.
      if (failure.status === 401) keep(null);
      throw failure;
    }
  });
}

const tokens = (found) => ({ access: found.access_token, refresh: found.refresh_token, expires: Date.now() + found.expires_in * 1000 });

/** Sends a request of the signed-in user. */
export async function ask(method, path, body, type) {
  const access = await token(null);
  try {
    return await call(method, path, { body, token: access, type });
  } catch (failure) {
    if (failure.status !== 401) throw failure;
    return call(method, path, { body, token: await token(access), type });
  }
}

/** Signs in; gives the session. */
export async function signIn(credentials) {
  const found = await call("POST", "/v1/sessions", { body: { ...credentials, ...ofDevice(credentials.email) } });
  keepDevice(credentials.email, found);
  const me = await call("GET", "/v1/me", { token: found.access_token });
  keep({ user: me.id, email: me.email, ...tokens(found) });
  return session();
}

/** Makes an account by a link. */
export function signUp(body) {
  return call("POST", "/v1/sign-up", { body });
}

/** Ends the session, here at once, and with the service if it can be reached. */
export async function signOut() {
  const known = session();
  keep(null);
  if (known) await call("DELETE", "/v1/sessions/current", { token: known.access }).catch(() => {});
}
