// One's own passkeys and sign-ins, on the screen of the account.
import { attempt, card, field, form, h, input, say, table } from "./dom.js";
import { open, sure } from "./dialog.js";
import { areKnown, make } from "./passkey.js";
import { ask, send, state } from "./session.js";
import { moment } from "./words.js";

/** The card of passkeys; it is drawn anew when there are codes, and when there are none. */
export function passkeys() {
  const list = h("ul", { id: "passkeys" });
  const hint = h("p", { class: "hint" });
  const start = h("button", { type: "button", id: "passkey-start" }, "Add a passkey…");
  const own = card("Passkeys", hint, list, h("div", { class: "actions" }, start));
  const draw = async () => {
    const may = state.me.passkeys && areKnown();
    start.hidden = !may || !state.me.second_factor;
    const wants = state.me.second_factor ? "A finger, a face or a security key, in place of a code." : "Set a second factor up first: passkeys work beside its codes.";
    hint.textContent = may ? wants : "This browser gives no passkeys at this address.";
    const known = await ask("GET", "/v1/me/passkeys");
    list.replaceChildren(...known.map((key) => {
      const used = key.used_at ? `last used ${moment(key.used_at)}` : "never used";
      const remove = h("button", { type: "button", class: "quiet", "aria-label": `Remove ${key.name}` }, "Remove…");
      remove.addEventListener("click", () => attempt(own, async () => {
        if (!await sure(`Remove ${key.name}?`, "It lets nobody in any more. Your other sessions end.", "Remove")) return;
        await send("DELETE", `/v1/me/passkeys/${key.id}`);
        await draw();
      }));
      return h("li", {}, `${key.name}, added ${moment(key.created_at)}, ${used} `, remove);
    }));
  };
  start.addEventListener("click", () => attempt(own, async () => {
    if (await added()) await draw();
  }));
  return { own, draw };
}

/** Asks for a name, has the browser make a passkey, and adds it; gives whether one was added. */
function added() {
  return open("Add a passkey", (close) => form({ id: "passkey-add" }, [
    h("p", {}, "Your browser asks you for a finger, a face, a number, or a touch of a security key. Your other sessions end."),
    field("What do you call it?", input("name", { required: true, maxlength: 100, autocomplete: "off" })),
  ], "Go on", async ({ name }) => {
    const made = await make(await ask("POST", "/v1/me/passkeys/challenge"));
    await ask("POST", "/v1/me/passkeys", { name, ...made });
    say("The passkey is added.");
    close(true);
  }));
}

const OUTCOMES = {
  let_in: "let in", told: "let in, you were told", confirmed: "let in after a proof", asked: "asked for a code",
  blocked: "refused, the password was right", refused: "refused, the password was wrong",
};
const REASONS = {
  new_network: "new network", new_device: "new device", impossible_travel: "too far from the last one", new_country: "new country",
  unusual_hour: "unusual hour", failures_before: "wrong passwords before", failures_elsewhere: "wrong passwords at other accounts",
  listed: "address on a list",
};

/** The card of one's last sign-ins. */
export async function signIns() {
  const found = await ask("GET", "/v1/me/sign-ins?limit=10");
  const rows = found.map((row) => [
    moment(row.at), row.country ? `${row.address} (${row.country})` : row.address, row.device, OUTCOMES[row.outcome],
    row.reasons.map((reason) => REASONS[reason]).join(", ") || "–",
  ]);
  return card("Sign-ins", table("Your last sign-ins", ["When", "From", "With", "What was done", "What was odd"], rows, { id: "own-sign-ins" }));
}
