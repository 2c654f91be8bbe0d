// One's own account: the second factor, the password, other sessions.
import { attempt, card, field, form, h, head, input, say } from "./dom.js";
import { open, sure } from "./dialog.js";
import { passkeys, signIns } from "./passkeys.js";
import { ask, leave, send, state } from "./session.js";

export async function show(place) {
  const factor = h("p", { id: "factor-state" });
  const start = h("button", { type: "button", id: "factor-start" }, "Set up…");
  const remove = h("button", { type: "button", id: "factor-remove", class: "quiet" }, "Remove…");
  const draw = () => {
    factor.textContent = state.me.second_factor ? "It is set up." : "There is none: a password alone lets you in.";
    start.hidden = state.me.second_factor;
    remove.hidden = !state.me.second_factor;
  };
  const second = card("Second factor", factor, h("div", { class: "actions" }, start, remove));
  start.addEventListener("click", () => attempt(second, async () => {
    const made = await ask("POST", "/v1/me/mfa");
    await setUp(made);
    draw();
    await keys.draw();
  }));
  remove.addEventListener("click", () => attempt(second, async () => {
    if (!await sure("Remove the second factor?", "Its passkeys go with it. From then on, your password alone lets you in.", "Remove")) return;
    await send("DELETE", "/v1/me/mfa");
    state.me.second_factor = false;
    draw();
    await keys.draw();
  }));
  draw();
  const keys = passkeys();
  await keys.draw();
  const password = form({ class: "card" }, [
    h("h2", {}, "Password"),
    field("New password", input("password", { type: "password", required: true, minlength: 12, maxlength: 256, autocomplete: "new-password" }),
      "12 characters or more, not easily guessed. All other sessions end."),
  ], "Change", async (given, own) => {
    await send("PUT", "/v1/me/password", given);
    own.reset();
    say("The password is changed.");
  });
  const everywhere = h("button", { type: "button", class: "quiet" }, "Sign out everywhere");
  const sessions = card("Sessions", h("p", {}, "Ends all sessions of your account, on every device."), h("div", { class: "actions" }, everywhere));
  everywhere.addEventListener("click", () => attempt(sessions, async () => {
    await send("DELETE", "/v1/sessions");
    leave();
    location.replace("/");
  }));
  const own = card("You", h("p", {}, state.me.email), h("p", { class: "hint" }, `You may: ${state.me.permissions.join(", ") || "nothing yet"}.`));
  place.append(head("Your account"), h("div", { class: "cards" }, own, second, keys.own, password, sessions), await signIns());
}

/** Shows a new factor, takes its first code, and shows the recovery codes. */
function setUp(made) {
  return open("Set up a second factor", (close) => {
    const confirm = form({ id: "factor-confirm" }, [
      h("p", {}, "Take a picture of this with an authenticator program, then type the code that it shows."),
      h("img", { id: "factor-picture", alt: "Code for an authenticator program", width: 200, height: 200, src: `data:image/png;base64,${made.qr_png}` }),
      h("p", {}, "Or type: ", h("code", { id: "factor-secret" }, made.secret)),
      field("First code", input("code", { inputmode: "numeric", pattern: "[0-9]{6}", required: true, autocomplete: "one-time-code" })),
    ], "Confirm", async (given) => {
      const answer = await ask("POST", "/v1/me/mfa/confirm", given);
      state.me.second_factor = true;
      confirm.replaceWith(
        h("p", {}, "Keep these codes: each works once, without the second factor. They are not shown again."),
        h("pre", { id: "factor-codes" }, answer.recovery_codes.join("\n")),
        h("div", { class: "actions" }, h("button", { type: "button", click: () => close(true) }, "I have kept them")));
    });
    return confirm;
  });
}
