//! Access tokens: JWTs signed with RS256 by keys of 3072 bits, verified more strictly than the library does by itself.

use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::audit::{self, Event};
use crate::auth::Refusal;
use crate::config::Auth;
use crate::crypto::{Context, KeyRing, Purpose, random};
use crate::error::Error;
use crate::storage::{Connection, Keys as _, Store};

/// Longest token that is examined, bytes; ours have about a thousand.
const MAX_LENGTH: usize = 4_096;
/// How much the clocks of two of our servers may differ, seconds.
const LEEWAY: i64 = 5;
/// How often tokens of unknown keys make the keys be read anew, milliseconds.
const PAUSE: i64 = 5_000;
/// The only `typ` (RFC 9068).
const TYP: &str = "at+jwt";

/// What a token says. Permissions are not part of it: they are looked up, so that a change bites at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claims {
    /// Issuer.
    pub(crate) iss: String,
    /// Audience.
    pub(crate) aud: String,
    /// User.
    pub(crate) sub: String,
    /// Session.
    pub(crate) sid: String,
    /// Issued at, seconds.
    pub(crate) iat: i64,
    /// Not before, seconds.
    pub(crate) nbf: i64,
    /// Expires at, seconds.
    pub(crate) exp: i64,
    /// The token's own id.
    pub(crate) jti: String,
}

/// The header that our tokens have: no more and no less. `jku`, `jwk`, `x5u`, `crit` and the like are unknown fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    alg: String,
    typ: String,
    kid: String,
}

struct SigningKey {
    kid: String,
    active: bool,
    encoding: EncodingKey,
    decoding: DecodingKey,
    jwk: Jwk,
}

/// A public key (RFC 7517).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Jwk {
    /// Kind of key.
    kty: &'static str,
    /// What it is for.
    #[serde(rename = "use")]
    purpose: &'static str,
    /// Algorithm.
    alg: &'static str,
    /// Name.
    kid: String,
    /// Modulus, base64url.
    n: String,
    /// Exponent, base64url.
    e: String,
}

/// The public keys that tokens can be verified with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Jwks {
    /// The keys.
    keys: Vec<Jwk>,
}

/// Signs and verifies tokens. Clones share the keys.
#[derive(Clone)]
pub(crate) struct Tokens {
    settings: Arc<Auth>,
    keys: Arc<RwLock<Vec<SigningKey>>>,
    /// When an unknown key was last looked for.
    looked_at: Arc<Mutex<i64>>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(…)")
    }
}

impl Tokens {
    /// Loads the keys, after making or replacing the active one where that is due.
    pub(crate) async fn open(store: &Store, ring: &KeyRing, settings: &Auth, now: i64) -> Result<Self, Error> {
        let tokens = Self { settings: Arc::new(settings.clone()), keys: Arc::default(), looked_at: Arc::default() };
        tokens.maintain(store, ring, now, false).await?;
        Ok(tokens)
    }

    /// Replaces the active key once it is old enough (or at once, if `rotate`), retires keys that no living token was
    /// signed with, and loads what is left.
    pub(crate) async fn maintain(&self, store: &Store, ring: &KeyRing, now: i64, rotate: bool) -> Result<(), Error> {
        let mut connection = store.connection().await?;
        let active = connection.signing_key_made_at().await?;
        drop(connection);
        let old = now - self.settings.signing_key_seconds * 1_000;
        if rotate || active.is_none_or(|created| created < old) {
            let pair = tokio::task::spawn_blocking(generate).await.map_err(|_| Error::Sign)??;
            let mut tx = store.begin().await?;
            replace(&mut tx, ring, &pair, (now, if rotate { now } else { old })).await?;
            tx.commit().await?;
        }
        // Twice the life of a token, so that no clock can be wrong enough.
        let over = now - self.settings.access_seconds * 2_000;
        let mut tx = store.begin().await?;
        tx.retire_signing_keys(over).await?;
        tx.commit().await?;
        self.load(&mut *store.connection().await?, ring).await
    }

    async fn load(&self, connection: &mut Connection, ring: &KeyRing) -> Result<(), Error> {
        let rows = connection.signing_keys().await?;
        let mut keys = Vec::new();
        for (kid, sealed, n, e, state) in rows {
            let pem =
                ring.open_fresh(connection, Purpose::Signing, Context(&["signing-key/v1", &kid]), &sealed).await?;
            let encoding = EncodingKey::from_rsa_pem(&pem).map_err(|_| Error::Sign)?;
            let decoding = DecodingKey::from_rsa_components(&n, &e).map_err(|_| Error::Sign)?;
            let jwk = Jwk { kty: "RSA", purpose: "sig", alg: "RS256", kid: kid.clone(), n, e };
            keys.push(SigningKey { kid, active: state == "active", encoding, decoding, jwk });
        }
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// A token for a session.
    pub(crate) fn issue(&self, user: &str, session: &str, now: i64) -> Result<String, Error> {
        let seconds = now / 1_000;
        let claims = Claims {
            iss: self.settings.issuer.clone(),
            aud: self.settings.issuer.clone(),
            sub: user.to_owned(),
            sid: session.to_owned(),
            iat: seconds,
            nbf: seconds,
            exp: seconds + self.settings.access_seconds,
            jti: BASE64URL_NOPAD.encode(random::<16>()?.as_ref()),
        };
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.iter().find(|key| key.active).ok_or(Error::Sign)?;
        let mut header = Header::new(Algorithm::RS256);
        header.typ = Some(TYP.to_owned());
        header.kid = Some(key.kid.clone());
        jsonwebtoken::encode(&header, &claims, &key.encoding).map_err(|_| Error::Sign)
    }

    /// What a token says, if it is one of ours and valid now.
    pub(crate) fn verify(&self, token: &str, now: i64) -> Result<Claims, Refusal> {
        self.strictly(token, now).ok_or(Refusal::Token)
    }

    /// Reads the keys anew if the token names one that is not known here: another process may have made it since. Whoever
    /// makes such names up causes no more than one look in a while.
    pub(crate) async fn look_for_key(&self, token: &str, store: &Store, ring: &KeyRing, now: i64) -> Result<(), Error> {
        let Some(header) = header(token).filter(|header| !self.knows(&header.kid)) else { return Ok(()) };
        // Who comes meanwhile waits for what this look finds.
        let mut looked_at = self.looked_at.lock().await;
        if !self.knows(&header.kid) && now - *looked_at >= PAUSE {
            *looked_at = now;
            self.load(&mut *store.connection().await?, ring).await?;
        }
        Ok(())
    }

    fn knows(&self, kid: &str) -> bool {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).iter().any(|key| key.kid == kid)
    }

    fn strictly(&self, token: &str, now: i64) -> Option<Claims> {
        let header = header(token)?;
        if header.alg != "RS256" || header.typ != TYP {
            return None;
        }
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.iter().find(|key| key.kid == header.kid)?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&[&self.settings.issuer]);
        validation.set_issuer(&[&self.settings.issuer]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        // Below, by the service's own clock, and with bounds that the library does not have.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation).ok()?.claims;
        let seconds = now / 1_000;
        let alive = claims.exp > seconds
            && claims.nbf <= seconds + LEEWAY
            && claims.iat <= seconds + LEEWAY
            && claims.iat.checked_add(self.settings.access_seconds).is_some_and(|latest| claims.exp <= latest);
        alive.then_some(claims)
    }

    /// The public keys.
    pub(crate) fn jwks(&self) -> Jwks {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        Jwks { keys: keys.iter().map(|key| key.jwk.clone()).collect() }
    }
}

/// The header, if the token is not too long, has three parts, and the header nothing but what ours have.
fn header(token: &str) -> Option<StrictHeader> {
    if token.len() > MAX_LENGTH {
        return None;
    }
    let mut parts = token.split('.');
    let (header, _, _, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else { return None };
    serde_json::from_slice(&BASE64URL_NOPAD.decode(header.as_bytes()).ok()?).ok()
}

struct Pair {
    kid: String,
    pem: Zeroizing<String>,
    modulus: String,
    exponent: String,
}

fn generate() -> Result<Pair, Error> {
    let pair = KeyPair::generate(KeySize::Rsa3072).map_err(|_| Error::Sign)?;
    let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| Error::Sign)?;
    let body = Zeroizing::new(BASE64.encode(der.as_ref()));
    let pem = Zeroizing::new(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", body.as_str()));
    let public = pair.public_key();
    Ok(Pair {
        kid: data_encoding::HEXLOWER.encode(random::<8>()?.as_ref()),
        pem,
        modulus: BASE64URL_NOPAD.encode(public.modulus().big_endian_without_leading_zero()),
        exponent: BASE64URL_NOPAD.encode(public.exponent().big_endian_without_leading_zero()),
    })
}

/// Makes `pair` the active key, unless another process has made one since `old`.
async fn replace(tx: &mut Connection, ring: &KeyRing, pair: &Pair, (now, old): (i64, i64)) -> Result<(), Error> {
    if tx.signing_key_made_at().await?.is_some_and(|made| made >= old) {
        return Ok(());
    }
    tx.lay_signing_key_down(now).await?;
    let context = Context(&["signing-key/v1", &pair.kid]);
    let (sealed, _) = ring.seal(tx, Purpose::Signing, context, pair.pem.as_bytes()).await?;
    tx.insert_signing_key([&pair.kid, &pair.modulus, &pair.exponent], &sealed, now).await?;
    audit::append(tx, ring, now, Event::new("signing_key.created").on(&pair.kid)).await
}
