// The session and requests with it. Tabs that were duplicated share one session: each refresh token can be used once, so they
// take turns at renewing it, and tell each other what came of it.
const kept = (name) => sessionStorage.getItem(name);
export const state = {
  access: null, refresh: kept("refresh"), renewed: Number(kept("renewed")), expires: 0, family: kept("family"),
  me: null, link: null,
};

/** How long other tabs have to say that they have a newer token, milliseconds. */
const ANSWER = 250;

const others = new BroadcastChannel("milkrun-session");
let heard = () => {};

/** What is done when the session has ended, here or in another tab; and how presence is proved. */
let ended = () => {};
let prove = async () => null;
export const whenEnded = (action) => { ended = action; };
export const provePresenceWith = (action) => { prove = action; };

others.addEventListener("message", ({ data }) => {
  if (!state.family || data.family !== state.family) return;
  if (data.over) {
    forget();
    ended();
  } else if (data.asks) {
    if (state.access) others.postMessage(whatIsKnown());
  } else if (data.renewed > state.renewed || (data.renewed === state.renewed && !state.access)) {
    remember(data);
    heard();
  }
});

function whatIsKnown() {
  const { family, access, refresh, renewed, expires } = state;
  return { family, access, refresh, renewed, expires };
}

/** Asks the other tabs of this session for what they have; gives whether one had something newer. */
function catchUp() {
  return new Promise((done) => {
    heard = () => done(true);
    setTimeout(() => done(false), ANSWER);
    others.postMessage({ family: state.family, asks: true });
  }).finally(() => { heard = () => {}; });
}

// Where the browser has no locks (a page that came without TLS), tabs have each their own session or none.
const inTurn = (action) => (navigator.locks ? navigator.locks.request("milkrun-session", action) : action());

let refreshing = null;

/** Exchanges the refresh token, or takes what another tab got for it. Requests at the same time share one exchange. */
export function renew() {
  refreshing ||= inTurn(async () => {
    if (await catchUp() && Date.now() < state.expires) return;
    const answer = await fetch("/v1/sessions/refresh", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ refresh_token: state.refresh }),
    });
    if (!answer.ok) {
      // The session is over: whoever sits here signs in again.
      if (answer.status === 401) {
        forget();
        ended();
      }
      throw await answer.json();
    }
    keep(await answer.json());
    others.postMessage(whatIsKnown());
  }).finally(() => { refreshing = null; });
  return refreshing;
}

/** Keeps what an exchange or a sign-in gave. */
function keep(session) {
  const now = Date.now();
  remember({
    access: session.access_token, refresh: session.refresh_token, renewed: now, expires: now + session.expires_in * 1000,
  });
}

/** Keeps a session that has just begun: it has nothing in common with that of another tab. */
export function begin(session) {
  state.family = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(16)).join("-");
  sessionStorage.setItem("family", state.family);
  keep(session);
}

function remember({ access, refresh, renewed, expires }) {
  Object.assign(state, { access, refresh, renewed, expires });
  sessionStorage.setItem("refresh", refresh);
  sessionStorage.setItem("renewed", renewed);
}

function forget() {
  state.access = state.refresh = state.me = state.family = null;
  for (const name of ["refresh", "renewed", "family"]) sessionStorage.removeItem(name);
}

/** Ends the session in all tabs that share it. */
export function leave() {
  others.postMessage({ family: state.family, over: true });
  forget();
}

export async function send(method, path, body, type = "application/json", again = true) {
  const headers = {};
  if (state.access) headers.authorization = `Bearer ${state.access}`;
  // A form says its own type, with what separates its parts. A file is sent as its bytes: what they mean, the service finds out.
  if (body !== undefined && !(body instanceof FormData)) headers["content-type"] = type;
  const raw = body === undefined || body instanceof Blob || body instanceof FormData;
  const text = raw ? body : JSON.stringify(body);
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: text });
  } catch {
    throw { detail: "The service cannot be reached." };
  }
  if (answer.status === 401) {
    const problem = await answer.json().catch(() => ({ detail: "Sign in again." }));
    // A wrong password or code says nothing about the session.
    if (!again || !state.access || /^(sign_in|mfa|confirmation)_/.test(problem.code)) throw problem;
    if (state.refresh) {
      await renew();
      return send(method, path, body, type, false);
    }
    forget();
    ended();
    throw problem;
  }
  if (answer.status === 403 && again) {
    const problem = await answer.json().catch(() => ({ detail: "It is not permitted." }));
    if (problem.code !== "step_up_required") throw problem;
    if (!await prove()) throw { detail: "Nothing was done: you did not prove that you are present." };
    return send(method, path, body, type, false);
  }
  if (!answer.ok) throw await answer.json().catch(() => ({ detail: `The service answered ${answer.status}.` }));
  return answer;
}

export const ask = async (method, path, body, type) => {
  const answer = await send(method, path, body, type);
  return answer.status === 204 ? null : answer.json();
};

/** What may not be seen is as if it were not there. */
export const askIfAllowed = (path, otherwise) => ask("GET", path).catch((problem) => {
  if (problem.code === "forbidden") return otherwise;
  throw problem;
});

export const may = (permission) => Boolean(state.me?.permissions.includes(permission));
