// Passkeys in the words of the browser, and in those of the service, which writes bytes as base64url without padding.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** What a browser's refusal means: its own words tell people nothing. */
function refusal(error) {
  if (error.name === "InvalidStateError") return { detail: "This authenticator has a passkey of your account already." };
  if (error.name === "SecurityError") return { detail: "The browser gives no passkeys at this address." };
  return { detail: "The passkey was not used: you cancelled, or it took too long." };
}

const known = (ids) => ids.map((id) => ({ type: "public-key", id: bytes(id) }));

/** Has the browser make a passkey for what the service asks for; gives what the service wants to have. */
export async function make(asked) {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(asked.challenge),
      rp: { id: asked.rp_id, name: "milkrun" },
      user: { id: bytes(asked.user), name: asked.user_name, displayName: asked.user_name },
      pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: known(asked.exclude),
      authenticatorSelection: { userVerification: asked.user_verification },
      attestation: "none",
      timeout: asked.timeout,
    },
  }).catch((error) => { throw refusal(error); });
  return { client_data: text(made.response.clientDataJSON), attestation: text(made.response.attestationObject) };
}

/** Has a passkey answer what the service asks for; gives what the service wants to have. */
export async function use(asked) {
  const used = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(asked.challenge),
      rpId: asked.rp_id,
      allowCredentials: known(asked.credentials),
      userVerification: asked.user_verification,
      timeout: asked.timeout,
    },
  }).catch((error) => { throw refusal(error); });
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
  const answer = {
    credential: text(used.rawId), client_data: text(clientDataJSON), authenticator_data: text(authenticatorData), signature: text(signature),
  };
  return userHandle?.byteLength ? { ...answer, user_handle: text(userHandle) } : answer;
}

/** Whether this browser knows passkeys. */
export const areKnown = () => Boolean(window.PublicKeyCredential);
