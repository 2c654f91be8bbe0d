// Dialogs: what is asked before something is done.
import { attempt, form, field, h, input } from "./dom.js";
import { areKnown, use } from "./passkey.js";
import { ask, provePresenceWith, send, state } from "./session.js";

let opened = 0;

/** Opens a dialog; gives what it was closed with, or null. Focus returns to where it was. */
export function open(title, fill) {
  const before = document.activeElement;
  return new Promise((done) => {
    let result = null;
    const close = (value) => {
      result = value;
      dialog.close();
    };
    opened += 1;
    const dialog = h("dialog", { "aria-labelledby": `dialog-${opened}` },
      h("div", { class: "dialog-head" }, h("h2", { id: `dialog-${opened}` }, title),
        h("button", { type: "button", class: "quiet", "aria-label": "Close", click: () => close(null) }, "×")));
    dialog.append(...[fill(close)].flat());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      done(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("[autofocus], input, select, .actions button")?.focus();
  });
}

/** Asks whether something is to be done; gives whether it is. */
export const sure = (title, text, label) => open(title, (close) => [
  h("p", {}, text),
  h("div", { class: "actions" },
    h("button", { type: "button", class: "quiet", click: () => close(null) }, "Cancel"),
    h("button", { type: "button", class: "danger", click: () => close(true) }, label)),
]);

// What asks for a proof of presence gets it in a dialog, and is then done.
provePresenceWith(() => open("Is it you?", (close) => {
  const factor = state.me?.second_factor;
  const own = factor
    ? field("Code of your second factor, or a recovery code", input("proof", { required: true, autocomplete: "one-time-code" }))
    : field("Your password", input("proof", { type: "password", required: true, autocomplete: "current-password" }));
  const passkey = factor && state.me.passkeys && areKnown() && h("button", { type: "button", class: "quiet", id: "prove-by-passkey" }, "Use a passkey");
  const made = form({}, [h("p", {}, "What you are about to do needs a proof that you are present. It counts for five minutes."), own], "Go on", async ({ proof }) => {
    if (!factor) {
      await send("POST", "/v1/sessions/step-up", { password: proof });
      return close(true);
    }
    // Recovery codes are small letters and digits, however they are typed.
    const name = /^[0-9]{6}$/.test(proof.trim()) ? "code" : "recovery_code";
    await send("POST", "/v1/sessions/step-up", { [name]: proof.trim().toLowerCase() });
    return close(true);
  });
  if (passkey) {
    made.querySelector(".actions").append(passkey);
    passkey.addEventListener("click", () => attempt(made, async () => {
      const asked = await ask("POST", "/v1/sessions/step-up/passkey").catch((problem) => {
        throw problem.code === "not_found" ? { detail: "Your account has no passkey: type a code." } : problem;
      });
      await send("POST", "/v1/sessions/step-up", { passkey: await use(asked) });
      close(true);
    }));
  }
  return made;
}));
