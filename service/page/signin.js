// Signing up and in.
import { keepDevice, ofDevice } from "./device.js";
import { attempt, field, form, h, input } from "./dom.js";
import { areKnown, use } from "./passkey.js";
import { ask, begin, state } from "./session.js";

export function signUp(enter) {
  const fields = [
    h("h1", {}, "Make an account"),
    field("Name", input("name", { required: true, maxlength: 200, autocomplete: "name" })),
    field("Organisation", input("organisation", { maxlength: 200, autocomplete: "organization" }), "If you were invited, you join that of the invitation."),
    field("E-mail", input("email", { type: "email", required: true, autocomplete: "username" })),
    field("Password", input("password", { type: "password", required: true, minlength: 12, maxlength: 256, autocomplete: "new-password" }),
      "12 characters or more, not easily guessed."),
  ];
  return form({ id: "sign-up", class: "card entry" }, fields, "Make the account", async (given) => {
    const body = { ...given, link: state.link };
    if (!body.organisation) delete body.organisation;
    await ask("POST", "/v1/sign-up", body);
    state.link = null;
    history.replaceState(null, "", "/");
    await start({ email: given.email, password: given.password });
    await enter();
  });
}

/** Begins a session on this device. */
async function start(body) {
  const session = await ask("POST", "/v1/sessions", { ...body, ...ofDevice(body.email) });
  keepDevice(body.email, session);
  begin(session);
}

export function signIn(enter) {
  const code = field("Code of the second factor, or a recovery code", input("code", { autocomplete: "one-time-code" }));
  code.id = "code-field";
  code.hidden = true;
  const confirmation = field("Code from the e-mail", input("confirmation", { autocomplete: "off" }), "This sign-in is unusual: a code was sent to you.");
  confirmation.id = "confirmation-field";
  confirmation.hidden = true;
  // Shown with what the service asks of a passkey; each answer needs a question of its own.
  const passkey = h("button", { type: "button", id: "use-passkey", class: "quiet", hidden: true }, "Use a passkey");
  const fields = [
    h("h1", {}, "Sign in"),
    field("E-mail", input("email", { type: "email", required: true, autocomplete: "username" })),
    field("Password", input("password", { type: "password", required: true, autocomplete: "current-password" })),
    code,
    confirmation,
  ];
  const made = form({ id: "sign-in", class: "card entry" }, fields, "Sign in", async (given) => {
    const body = { email: given.email, password: given.password };
    if (given.code) body[/^[0-9]{6}$/.test(given.code.trim()) ? "code" : "recovery_code"] = given.code.trim().toLowerCase();
    if (given.confirmation) body.confirmation = given.confirmation.trim().toLowerCase();
    try {
      await start(body);
    } catch (problem) {
      const asked = { mfa_required: code, confirmation_required: confirmation }[problem.code];
      if (asked) {
        asked.hidden = false;
        asked.querySelector("input").focus();
      }
      offer(problem.passkey, body);
      throw problem;
    }
    await enter();
  });
  made.querySelector(".actions").append(passkey);
  function offer(asked, body) {
    passkey.hidden = !asked || !areKnown();
    if (passkey.hidden) return;
    passkey.onclick = () => attempt(made, async () => {
      passkey.hidden = true;
      await start({ email: body.email, password: body.password, passkey: await use(asked) });
      await enter();
    });
  }
  return made;
}
