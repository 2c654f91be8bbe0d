// Passkeys with the browser's virtual authenticator: one is added, lets in, proves presence, and is removed.
import assert from "node:assert/strict";
import { test } from "node:test";

import { EMAIL, PASSWORD, accessible, begin, go, picture, signUp } from "./help.mjs";
import { code, earlyInAStep } from "./totp.mjs";

/** Signs out, and types the password. */
async function typePassword(page) {
  await page.click("#sign-out");
  await page.waitForSelector("#sign-in");
  await page.fill("#sign-in [name=email]", EMAIL);
  await page.fill("#sign-in [name=password]", PASSWORD);
  await page.click("#sign-in .actions button:not(#use-passkey)");
}

test("passkeys", { timeout: 240_000 }, async (t) => {
  const own = await begin(t, {}, { atLocalhost: true });
  const { page, context, seen, service } = own;
  const authenticator = await context.newCDPSession(page);
  await authenticator.send("WebAuthn.enable");
  const { authenticatorId } = await authenticator.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "usb", hasResidentKey: false, hasUserVerification: true, isUserVerified: true },
  });
  const credentials = async () => (await authenticator.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
  await signUp(own);

  await t.test("codes come first", async () => {
    await go(page, "#/account", "#factor-start");
    assert.equal(await page.isVisible("#passkey-start"), false);
    await page.click("#factor-start");
    const secret = await page.textContent("#factor-secret");
    own.secret = secret;
    await earlyInAStep();
    await page.fill("#factor-confirm [name=code]", code(secret, -1));
    await page.click("#factor-confirm .actions button");
    await page.waitForSelector("#factor-codes");
    await page.click("text=I have kept them");
    await page.waitForSelector("#passkey-start:visible");
  });

  await t.test("a passkey is added, and has a name", async () => {
    await page.click("#passkey-start");
    await page.fill("#passkey-add [name=name]", "Blue key");
    await page.click("#passkey-add .actions button");
    await page.waitForSelector("#passkeys li");
    assert.match(await page.textContent("#passkeys li"), /^Blue key, added .*, never used/);
    const [made] = await credentials();
    assert.equal(made.rpId, "localhost");
    await accessible(page, "account with a passkey");
    await picture(page, "passkey");
    // The same authenticator needs no second one.
    await page.click("#passkey-start");
    await page.fill("#passkey-add [name=name]", "Twice");
    await page.click("#passkey-add .actions button");
    await page.waitForSelector("#passkey-add .problem");
    assert.match(await page.textContent("#passkey-add .problem"), /has a passkey of your account already/);
    await page.click("dialog [aria-label=Close]");
    assert.equal((await credentials()).length, 1);
  });

  await t.test("it lets in, and is known by when it was used", async () => {
    await typePassword(page);
    await page.waitForSelector("#use-passkey:visible");
    await accessible(page, "sign-in with a passkey");
    await page.click("#use-passkey");
    await page.waitForSelector("#nav:not([hidden])");
    await go(page, "#/account", "#passkeys li");
    assert.match(await page.textContent("#passkeys li"), /last used/);
    const [, from, , done] = (await page.locator("#own-sign-ins tbody tr").first().locator("th, td").allTextContents());
    assert.match(from, /127\.0\.0\.1|::1/);
    assert.equal(done, "let in");
  });

  await t.test("it lets in on the drivers' page, too", async () => {
    await page.goto(`${service.origin}/driver/`);
    await page.fill("#sign-in [name=email]", EMAIL);
    await page.fill("#sign-in [name=password]", PASSWORD);
    await page.click("#sign-in button");
    await page.waitForSelector("#use-passkey:visible");
    await accessible(page, "drivers' sign-in with a passkey");
    await page.click("#use-passkey");
    await page.waitForSelector("#menu-open:visible");
    await page.goto(`${service.origin}/`);
    await page.waitForSelector("#nav:not([hidden])");
  });

  await t.test("an authenticator that refuses says so, and a code goes on working", async () => {
    await authenticator.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await authenticator.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
    const other = await authenticator.send("WebAuthn.addVirtualAuthenticator", {
      options: { protocol: "ctap2", transport: "usb", hasResidentKey: false, hasUserVerification: true, isUserVerified: true },
    });
    assert.ok(other.authenticatorId);
    await typePassword(page);
    await page.waitForSelector("#code-field:visible");
    await earlyInAStep();
    await page.fill("#sign-in [name=code]", code(own.secret, 0));
    await page.click("#sign-in .actions button:not(#use-passkey)");
    await page.waitForSelector("#nav:not([hidden])");
  });

  await t.test("it is removed", async () => {
    await go(page, "#/account", "#passkeys li");
    await page.click("#passkeys li button");
    await page.click("dialog .danger");
    await page.waitForFunction(() => !document.querySelector("#passkeys li"));
  });

  await t.test("nothing went wrong on the page", () => {
    // A sign-in that needs more is a refusal, and a day without a plan is none: the browser notes both.
    const others = seen.errors.filter((error) => !/status of 401|status of 404 .*\/v1\/(driving\/)?days\//.test(error));
    assert.deepEqual(others, []);
    assert.deepEqual(seen.strangers, []);
  });
});
