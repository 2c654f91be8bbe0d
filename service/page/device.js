// The secret by which the service knows this browser again at the next sign-in: by account, since several people may use it.
const name = (email) => `milkrun-device ${email.trim().toLowerCase()}`;

/** What goes into the body of a sign-in. */
export function ofDevice(email) {
  const device = localStorage.getItem(name(email));
  return device ? { device } : {};
}

/** Keeps what the answer to a sign-in gave. */
export function keepDevice(email, session) {
  if (session.device) localStorage.setItem(name(email), session.device);
}
