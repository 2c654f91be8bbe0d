//! Signing in.

use std::net::IpAddr;

use serde_json::json;

use super::addresses::Addresses;
use super::letters::About;
use super::signs::{self, Attempt, History, Judgement, Reaction};
use super::{confirmation, letters};
use crate::audit::{self, Event};
use crate::auth::sessions::{AuthContext, Credentials, Grant};
use crate::auth::{Refusal, factors, throttle};
use crate::config::SignIns;
use crate::crypto::{bearer_secret, fingerprint};
use crate::error::Error;
use crate::ids::new_id;
use crate::storage::accounts::Account;
use crate::storage::sign_ins::SignIn;
use crate::storage::{Accounts as _, Attempts as _, SignIns as _};

/// Refused sign-ins of one account that are kept.
const REFUSED: i64 = 200;

/// What signing in needs.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    /// Accounts, sessions, tokens.
    pub(crate) desk: AuthContext,
    /// What is known of addresses.
    pub(crate) addresses: Addresses,
    /// From which score on something is done.
    pub(crate) settings: SignIns,
}

/// From where somebody signs in, and with what.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// The address.
    pub(crate) address: IpAddr,
    /// The device's secret, if it has one.
    pub(crate) device: Option<String>,
    /// What the browser says of itself.
    pub(crate) agent: String,
    /// A code that was sent by mail.
    pub(crate) confirmation: Option<String>,
}

/// A session, and the secret by which the device is known next time.
pub(crate) struct Entered {
    /// The tokens.
    pub(crate) grant: Grant,
    /// The device's secret: the one that was shown if it was known, else a new one.
    pub(crate) device: String,
}

/// A right password, with what else there is to be decided on.
struct Known<'a> {
    user: &'a str,
    org: &'a str,
    email: &'a str,
    judgement: Judgement,
    reaction: Reaction,
    /// Whether the device's secret was given to this person.
    is_own_device: bool,
    row: SignIn,
}

impl Door {
    /// Signs a user in.
    pub(crate) async fn sign_in(&self, given: Credentials, visit: Visit, now: i64) -> Result<Entered, Refusal> {
        let desk = &self.desk;
        // The account is named by its digest: what is typed here may be a password in the wrong field.
        let network = throttle::network(visit.address);
        let account = format!("account:{}:{network}", fingerprint(given.email.as_bytes()));
        let place = format!("address:{network}");
        let turn = desk.turns.wait(&account).await;
        for (subject, policy) in [(&place, throttle::ADDRESS), (&account, throttle::ACCOUNT)] {
            let counted = throttle::attempt(&desk.store, subject, policy, now).await?;
            counted.map_err(|wait| Refusal::Throttled { wait })?;
        }
        let known = desk.store.connection().await?.account(&given.email).await?;
        let stored = known.as_ref().map(|account| account.password_hash.clone());
        let right = desk.passwords.verify(given.password.clone(), stored).await?;
        let (user, org) = match known {
            Some(Account { user, org, status, .. }) if right && status == "active" => (user, org),
            known => {
                let known = known.as_ref().map(|known| (known.user.as_str(), known.org.as_str()));
                return Err(self.refuse(known, &visit, now).await?);
            }
        };
        let (judgement, is_own_device, row) = self.judge((&user, &org), &visit, &place, now).await?;
        let reaction = Reaction::to(judgement.score, &self.settings);
        let known = Known { user: &user, org: &org, email: &given.email, judgement, reaction, is_own_device, row };
        let has_factor = factors::active(&mut *desk.store.connection().await?, &user).await?.is_some();
        // A second factor is the better answer to doubt: who has one is asked for it, as always.
        if reaction == Reaction::Block && !has_factor {
            return Err(self.block(known).await?);
        }
        // The password was right; wrong codes are counted for the factor, not for the account. Failures at other accounts
        // from the same address stay: whoever has an account is not let guess at others.
        let mut tx = desk.store.begin().await?;
        throttle::clear(&mut tx, &account).await?;
        throttle::take_back(&mut tx, &place).await?;
        tx.commit().await?;
        drop(turn);
        let factor_at = desk.prove_factor(&user, &given, now).await?;
        let outcome = self.confirm(&known, factor_at, visit.confirmation).await?;
        self.enter(known, (outcome, factor_at), visit.device).await
    }

    /// Judges a sign-in with the right password, before its own attempt is taken back. Gives whether the device is one of the
    /// person's, too.
    async fn judge(
        &self,
        (user, org): (&str, &str),
        visit: &Visit,
        place: &str,
        now: i64,
    ) -> Result<(Judgement, bool, SignIn), Error> {
        let mut connection = self.desk.store.connection().await?;
        let (span, most) = signs::BACK;
        let history = History::of(&connection.sign_ins_since(user, now - span, most).await?);
        let failures = connection.failed_attempts(place).await?;
        drop(connection);
        let shown = visit.device.as_deref().map_or_else(String::new, |secret| fingerprint(secret.as_bytes()));
        let attempt = Attempt {
            at: now,
            block: signs::block(visit.address),
            device: shown.clone(),
            place: self.addresses.place(visit.address),
            lists: self.addresses.lists(visit.address),
            // This attempt is among those that are counted.
            failures_at_others: failures - 1,
        };
        let judgement = signs::judge(&history, &attempt);
        for (sign, _) in &judgement.signs {
            metrics::counter!("milkrun_sign_in_signs_total", "sign" => sign.name()).increment(1);
        }
        let mut row = row((user, org), visit, now);
        row.device_shown = shown;
        row.country = attempt.place.as_ref().map_or_else(String::new, |place| place.country.clone());
        row.position = attempt.place.as_ref().map(|place| place.position);
        row.score = judgement.score;
        row.reasons = judgement.reasons();
        Ok((judgement, history.has_given(&attempt.device), row))
    }

    /// Writes a wrong password down: in the log of the account's organisation, if there is such an account.
    async fn refuse(&self, known: Option<(&str, &str)>, visit: &Visit, now: i64) -> Result<Refusal, Refusal> {
        let mut event = Event::new("session.refused").with(json!({"address": visit.address}));
        let mut tx = self.desk.store.begin().await?;
        if let Some((user, org)) = known {
            event = event.on(user);
            event.org = Some(org);
            let row = SignIn { outcome: "refused".to_owned(), ..row((user, org), visit, now) };
            tx.insert_sign_in(&row).await?;
            tx.trim_sign_ins(user, "refused", REFUSED).await?;
        }
        audit::append(&mut tx, &self.desk.ring, now, event).await?;
        tx.commit().await?;
        count("refused");
        Ok(Refusal::SignIn)
    }

    /// Refuses a sign-in with a right password as if it were wrong, and tells the person. Its attempt stays counted.
    async fn block(&self, known: Known<'_>) -> Result<Refusal, Refusal> {
        let row = SignIn { outcome: "blocked".to_owned(), ..known.row.clone() };
        let mut tx = self.desk.store.begin().await?;
        tx.insert_sign_in(&row).await?;
        tx.trim_sign_ins(known.user, "blocked", REFUSED).await?;
        letters::send(&mut tx, &self.desk.ring, known.email, &row, About::Blocked).await?;
        let event = Event::new("session.blocked").of(known.org).on(known.user).with(detail(&known));
        audit::append(&mut tx, &self.desk.ring, row.at, event).await?;
        tx.commit().await?;
        count("blocked");
        Ok(Refusal::SignIn)
    }

    /// Decides what a sign-in that was not refused needs, and whether it has it; gives the outcome.
    async fn confirm(
        &self,
        known: &Known<'_>,
        factor_at: Option<i64>,
        code: Option<String>,
    ) -> Result<&'static str, Refusal> {
        let store = &self.desk.store;
        match (known.reaction, factor_at, code) {
            (Reaction::LetIn, ..) => Ok("let_in"),
            (Reaction::Tell, ..) => Ok("told"),
            (_, Some(_), _) => Ok("confirmed"),
            (_, None, _) if !confirmation::can_be_sent(&mut *store.connection().await?, known.org).await? => Ok("told"),
            (_, None, Some(code)) => {
                confirmation::check(store, known.user, code, known.row.at).await?;
                Ok("confirmed")
            }
            (_, None, None) => Err(self.ask(known).await?),
        }
    }

    /// Sends a code, and asks for it.
    async fn ask(&self, known: &Known<'_>) -> Result<Refusal, Refusal> {
        let desk = &self.desk;
        let made = confirmation::make(&desk.store, known.user, known.row.at).await?;
        let row = SignIn { outcome: "asked".to_owned(), ..known.row.clone() };
        let mut tx = desk.store.begin().await?;
        tx.insert_sign_in(&row).await?;
        tx.trim_sign_ins(known.user, "asked", REFUSED).await?;
        if let Some((code, hash)) = &made {
            confirmation::keep(&mut tx, known.user, hash, row.at).await?;
            letters::send(&mut tx, &desk.ring, known.email, &row, About::Code(code)).await?;
        }
        let event = Event::new("session.confirmation_asked").of(known.org).on(known.user).with(detail(known));
        audit::append(&mut tx, &desk.ring, row.at, event).await?;
        tx.commit().await?;
        count("asked");
        Ok(Refusal::ConfirmationNeeded)
    }

    /// Begins the session.
    async fn enter(
        &self,
        known: Known<'_>,
        (outcome, factor_at): (&'static str, Option<i64>),
        device: Option<String>,
    ) -> Result<Entered, Refusal> {
        let desk = &self.desk;
        // Only what was given before goes on: what a device makes up is not its secret, at the first sign-in neither.
        let device = match device {
            Some(device) if known.is_own_device => device,
            _ => bearer_secret()?,
        };
        let device_given = fingerprint(device.as_bytes());
        let row = SignIn { outcome: outcome.to_owned(), device_given, ..known.row.clone() };
        let mut told = detail(&known);
        told["second_factor"] = factor_at.is_some().into();
        let mut tx = desk.store.begin().await?;
        let session = new_id();
        let grant = desk.open_session(&mut tx, (known.user, &session), factor_at, row.at).await?;
        tx.insert_sign_in(&row).await?;
        if outcome != "let_in" {
            letters::send(&mut tx, &desk.ring, known.email, &row, About::Entered).await?;
        }
        let event = Event::new("session.created").by(known.org, known.user).on(&session).with(told);
        audit::append(&mut tx, &desk.ring, row.at, event).await?;
        tx.commit().await?;
        count(outcome);
        Ok(Entered { grant, device })
    }
}

/// What the log says of a sign-in.
fn detail(known: &Known<'_>) -> serde_json::Value {
    json!({"address": known.row.address, "score": known.judgement.score, "signs": known.judgement.signs})
}

fn count(outcome: &'static str) {
    metrics::counter!("milkrun_sign_ins_total", "outcome" => outcome).increment(1);
}

/// A sign-in of which nothing is known but from where it comes.
fn row((user, org): (&str, &str), visit: &Visit, now: i64) -> SignIn {
    SignIn {
        id: new_id(),
        org: org.to_owned(),
        user: user.to_owned(),
        at: now,
        address: visit.address.to_canonical().to_string(),
        network: signs::block(visit.address),
        device_shown: String::new(),
        device_given: String::new(),
        agent: agent(&visit.agent),
        country: String::new(),
        position: None,
        score: 0,
        reasons: String::new(),
        outcome: String::new(),
    }
}

/// Program and system in words, of what a browser says of itself: for people to recognise, and for nothing else.
fn agent(text: &str) -> String {
    const PROGRAMS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let first =
        |known: &[(&str, &'static str)]| known.iter().find(|(part, _)| text.contains(part)).map(|(_, name)| *name);
    match (first(&PROGRAMS), first(&SYSTEMS)) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "an unknown program".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::agent;

    #[test]
    fn agents_are_named_for_people() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36";
        assert_eq!(agent(chrome), "Chrome on Linux");
        assert_eq!(agent(&format!("{chrome} Edg/120.0")), "Edge on Linux");
        assert_eq!(agent("Mozilla/5.0 (Android 14; Mobile; rv:120.0) Gecko/120.0 Firefox/120.0"), "Firefox on Android");
        assert_eq!(agent("curl/8.5.0"), "curl");
        assert_eq!(agent("<script>"), "an unknown program");
    }
}
