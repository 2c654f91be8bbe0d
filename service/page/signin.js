// Signing up and in.
import { field, form, h, input } from "./dom.js";
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
    begin(await ask("POST", "/v1/sessions", { email: given.email, password: given.password }));
    await enter();
  });
}

export function signIn(enter) {
  const code = field("Code of the second factor, or a recovery code", input("code", { autocomplete: "one-time-code" }));
  code.id = "code-field";
  code.hidden = true;
  const fields = [
    h("h1", {}, "Sign in"),
    field("E-mail", input("email", { type: "email", required: true, autocomplete: "username" })),
    field("Password", input("password", { type: "password", required: true, autocomplete: "current-password" })),
    code,
  ];
  return form({ id: "sign-in", class: "card entry" }, fields, "Sign in", async (given) => {
    const body = { email: given.email, password: given.password };
    if (given.code) body[/^[0-9]{6}$/.test(given.code.trim()) ? "code" : "recovery_code"] = given.code.trim().toLowerCase();
    try {
      begin(await ask("POST", "/v1/sessions", body));
    } catch (problem) {
      if (problem.code === "mfa_required") {
        code.hidden = false;
        code.querySelector("input").focus();
      }
      throw problem;
    }
    await enter();
  });
}
