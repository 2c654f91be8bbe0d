// People of the organisation: accounts, roles, invitations.
import { attempt, card, field, form, h, head, input, say, search, select, table } from "./dom.js";
import { open, sure } from "./dialog.js";
import { ask, may, send, state } from "./session.js";

export async function show(place) {
  const lists = h("div", {});
  place.append(head("People"), lists);
  await draw(lists);
}

async function draw(lists) {
  const [users, roles] = await Promise.all([ask("GET", "/v1/users?limit=1000"), ask("GET", "/v1/roles")]);
  const again = () => draw(lists);
  const rows = users.map((user) => [user.name, user.email, user.roles.join(", ") || "none", user.status,
    h("div", { class: "inline" },
      h("button", { type: "button", class: "quiet", "aria-label": `Roles of ${user.name}`, click: () => attempt(lists, () => rolesOf(user, roles, again)) }, "Roles…"),
      user.id === state.me.id ? "" : h("button", { type: "button", class: "quiet", "aria-label": `${user.status === "active" ? "Disable" : "Enable"} ${user.name}`,
        click: () => attempt(lists, () => toggle(user, again)) }, user.status === "active" ? "Disable…" : "Enable"),
      user.id === state.me.id ? "" : h("button", { type: "button", class: "quiet", "aria-label": `Remove the second factor of ${user.name}`,
        click: () => attempt(lists, () => factor(user)) }, "Second factor…"))]);
  const drawn = table("Accounts of the organisation", ["Name", "E-mail", "Roles", "Status", ""], rows, { id: "users" });
  lists.replaceChildren(search("Find a person", () => drawn.querySelectorAll("tbody tr")), drawn, invitation(roles), roleList(roles, again));
}

function rolesOf(user, roles, again) {
  return open(`Roles of ${user.name}`, (close) => form({ class: "checks" },
    roles.map((role) => h("label", { class: "check" }, h("input", { type: "checkbox", name: role.id, checked: user.roles.includes(role.name) }),
      h("span", {}, h("b", {}, role.name), h("small", {}, ` ${[...role.permissions].join(", ")}`)))),
    "Give these roles", async (given) => {
      await ask("PATCH", `/v1/users/${user.id}`, { roles: Object.keys(given) });
      close(true);
    })).then((done) => done && again());
}

async function toggle(user, again) {
  const active = user.status === "active";
  if (active && !await sure(`Disable ${user.name}?`, "The account's sessions end at once; nothing of what it did is lost.", "Disable")) return;
  await ask("PATCH", `/v1/users/${user.id}`, { status: active ? "disabled" : "active" });
  await again();
}

async function factor(user) {
  if (!await sure(`Remove the second factor of ${user.name}?`, "For somebody who has lost it. All sessions of the account end.", "Remove")) return;
  await send("DELETE", `/v1/users/${user.id}/mfa`);
  say(`The second factor of ${user.name} is removed.`);
}

function invitation(roles) {
  const made = h("div", { class: "made", role: "status" });
  return card("Invite somebody", form({ id: "invite" }, [h("div", { class: "row" },
    field("Role", select("role", roles.map((role) => [role.id, role.name]), { value: roles.find((role) => role.name === "planner")?.id })),
    field("E-mail", input("email", { type: "email" }), "If it is given, the link is sent by your provider of mail, too."))],
  "Invite", async (given, own) => {
    const { link } = await ask("POST", "/v1/invitations", { role: given.role, ...(given.email ? { email: given.email } : {}) });
    own.reset();
    made.replaceChildren(h("p", {}, "This link is shown once, and is good for three days and one account:"), h("p", {}, h("code", { id: "invitation" }, link)));
  }), made);
}

function roleList(roles, again) {
  const all = [...new Set(roles.flatMap((role) => role.permissions))].sort();
  const manages = may("roles:manage");
  const checks = (own) => h("fieldset", {}, h("legend", {}, "Permissions"), all.map((name) =>
    h("label", { class: "check" }, h("input", { type: "checkbox", name: "permissions", value: name, checked: own.includes(name), disabled: !may(name) }), h("span", {}, name))));
  const edit = (role) => open(`What ${role.name} allows`, (close) => form({}, [checks(role.permissions)], "Save", async (_, made) => {
    await send("PUT", `/v1/roles/${role.id}`, { permissions: given(made) });
    close(true);
  })).then((done) => done && again());
  const rows = roles.map((role) => [role.name, [...role.permissions].join(", ") || "nothing",
    manages ? h("button", { type: "button", class: "quiet", "aria-label": `Change ${role.name}`, click: () => edit(role) }, "Change…") : ""]);
  const add = manages && h("details", {}, h("summary", {}, "Make a role"),
    form({ id: "new-role" }, [field("Name", input("name", { required: true, maxlength: 100 })), checks([])], "Make the role", async (fields, made) => {
      await ask("POST", "/v1/roles", { name: fields.name, permissions: given(made) });
      await again();
    }));
  return card("Roles", table("Roles and what they allow", ["Role", "Allows", ""], rows, { id: "roles" }), add);
}

const given = (form) => [...form.querySelectorAll("[name=permissions]:checked")].map((box) => box.value);
