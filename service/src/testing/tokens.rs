//! Attacks on access tokens, from RFC 8725 and what is known of other services: all must be refused, and quickly.

use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaEncoding,
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::world::World;

fn part(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

fn signed(key: &KeyPair, encoding: &'static dyn RsaEncoding, header: &str, claims: &str) -> String {
    let message = format!("{header}.{claims}");
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(encoding, &aws_lc_rs::rand::SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    format!("{message}.{}", BASE64URL_NOPAD.encode(&signature))
}

/// The service's own signing key, so that a token is wrong in one thing only.
async fn own_key(world: &World) -> (KeyPair, String) {
    let desk = &world.app.desk;
    let mut connection = desk.store.connection().await.unwrap();
    let (kid, sealed): (String, Vec<u8>) =
        sqlx::query_as("SELECT kid, sealed FROM signing_keys WHERE state = 'active'")
            .fetch_one(&mut *connection)
            .await
            .unwrap();
    let context = crate::crypto::Context(&["signing-key/v1", &kid]);
    let pem = desk.ring.open_value(crate::crypto::Purpose::Signing, context, &sealed).unwrap();
    let pem = String::from_utf8(pem.to_vec()).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with("---")).collect();
    (KeyPair::from_pkcs8(&data_encoding::BASE64.decode(body.as_bytes()).unwrap()).unwrap(), kid)
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a list of attacks, each a line or two")]
async fn no_attack_is_accepted() {
    let world = World::sqlite().await;
    let (key, kid) = own_key(&world).await;
    let tokens = &world.app.desk.tokens;
    let now = world.clock.now() / 1_000;
    let header = json!({"alg": "RS256", "typ": "at+jwt", "kid": kid});
    let claims = json!({"iss": "milkrun", "aud": "milkrun", "sub": "u", "sid": "s", "iat": now, "nbf": now,
                        "exp": now + 600, "jti": "j"});
    let with = |base: &Value, name: &str, value: Value| {
        let mut changed = base.clone();
        changed[name] = value;
        part(&changed)
    };
    let without = |base: &Value, name: &str| {
        let mut changed = base.clone();
        changed.as_object_mut().unwrap().remove(name);
        part(&changed)
    };
    let sign = |header: &str, claims: &str| signed(&key, &RSA_PKCS1_SHA256, header, claims);
    let (good_header, good_claims) = (part(&header), part(&claims));
    let good = sign(&good_header, &good_claims);
    assert!(tokens.verify(&good, world.clock.now()).is_ok(), "the base of all attacks is a valid token");

    let mut attacks: Vec<(String, String)> = Vec::new();
    let mut attack = |name: String, token: String| attacks.push((name, token));
    for alg in [
        "none", "None", "NONE", "nOnE", "HS256", "HS384", "HS512", "RS384", "RS512", "PS256", "PS384", "PS512",
        "ES256", "ES384", "EdDSA", "rs256", "RS256 ", "", "RSA-OAEP",
    ] {
        let changed = with(&header, "alg", alg.into());
        attack(format!("alg {alg:?}, signed"), sign(&changed, &good_claims));
        attack(format!("alg {alg:?}, unsigned"), format!("{changed}.{good_claims}."));
    }
    // The public key as the secret of an HMAC.
    let public = key.public_key().as_ref().to_vec();
    for (alg, algorithm) in [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)] {
        for secret in [public.clone(), Vec::new(), kid.clone().into_bytes()] {
            let message = format!("{}.{good_claims}", with(&header, "alg", alg.into()));
            let tag = hmac::sign(&hmac::Key::new(algorithm, &secret), message.as_bytes());
            attack(format!("{alg} confusion"), format!("{message}.{}", BASE64URL_NOPAD.encode(tag.as_ref())));
        }
    }
    let encodings: [(&str, &'static dyn RsaEncoding); 3] =
        [("SHA-384", &RSA_PKCS1_SHA384), ("SHA-512", &RSA_PKCS1_SHA512), ("PSS", &RSA_PSS_SHA256)];
    for (name, encoding) in encodings {
        attack(format!("signed with {name} as RS256"), signed(&key, encoding, &good_header, &good_claims));
    }
    let stranger = KeyPair::generate(KeySize::Rsa2048).unwrap();
    attack("signed by a stranger".into(), signed(&stranger, &RSA_PKCS1_SHA256, &good_header, &good_claims));
    let jwk = json!({"kty": "RSA", "n": BASE64URL_NOPAD.encode(stranger.public_key().modulus().big_endian_without_leading_zero()), "e": "AQAB"});
    let extras = [
        ("jwk", jwk),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/x")),
        ("x5c", json!(["AAAA"])),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
        ("x5t", json!("AA")),
        ("unknown", json!(1)),
    ];
    for (name, value) in extras {
        let changed = with(&header, name, value);
        attack(format!("header {name}"), sign(&changed, &good_claims));
        attack(format!("header {name}, stranger's key"), signed(&stranger, &RSA_PKCS1_SHA256, &changed, &good_claims));
    }
    for typ in ["JWT", "jwt", "at+JWT", "", "application/at+jwt", "refresh"] {
        attack(format!("typ {typ:?}"), sign(&with(&header, "typ", typ.into()), &good_claims));
    }
    let kids = ["", "../../etc/passwd", "' OR '1'='1", "0", "|cat", "\u{0}", "%00"];
    for id in kids {
        attack(format!("kid {id:?}"), sign(&with(&header, "kid", id.into()), &good_claims));
    }
    for name in ["alg", "typ", "kid"] {
        attack(format!("no {name}"), sign(&without(&header, name), &good_claims));
    }
    for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti"] {
        attack(format!("no {name}"), sign(&good_header, &without(&claims, name)));
        attack(format!("{name} null"), sign(&good_header, &with(&claims, name, Value::Null)));
        attack(format!("{name} a list"), sign(&good_header, &with(&claims, name, json!(["milkrun"]))));
    }
    let wrong = [
        ("iss", json!("other")),
        ("iss", json!("")),
        ("aud", json!("other")),
        ("aud", json!("milkrun2")),
        ("exp", json!(now)),
        ("exp", json!(now - 1)),
        ("exp", json!(now - 30)),
        ("exp", json!(now + 601)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(1e300)),
        ("exp", json!("9999999999")),
        ("exp", json!(-1)),
        ("nbf", json!(now + 60)),
        ("nbf", json!(u64::MAX)),
        ("iat", json!(now + 60)),
        ("iat", json!(now - 86_400)),
        ("iat", json!(i64::MIN)),
        ("iat", json!(i64::MAX)),
        ("admin", json!(true)),
    ];
    for (name, value) in wrong {
        attack(format!("{name} = {value}"), sign(&good_header, &with(&claims, name, value.clone())));
    }
    let text = claims.to_string();
    let doubled = BASE64URL_NOPAD.encode(text.replacen('{', "{\"sub\":\"x\",", 1).as_bytes());
    attack("sub twice".into(), sign(&good_header, &doubled));
    let doubled = BASE64URL_NOPAD.encode(header.to_string().replacen('{', "{\"alg\":\"none\",", 1).as_bytes());
    attack("alg twice".into(), sign(&doubled, &good_claims));
    let parts: Vec<&str> = good.split('.').collect();
    attack("another's claims".into(), format!("{}.{}.{}", parts[0], with(&claims, "sub", json!("v")), parts[2]));
    attack("no signature".into(), format!("{}.{}.", parts[0], parts[1]));
    attack("two parts".into(), format!("{}.{}", parts[0], parts[1]));
    attack("four parts".into(), format!("{good}.AAAA"));
    attack("empty".into(), String::new());
    attack("dots".into(), "..".into());
    attack("a space before".into(), format!(" {good}"));
    attack("a space after".into(), format!("{good} "));
    attack("padding".into(), format!("{good}="));
    attack("a zero signature".into(), format!("{}.{}.{}", parts[0], parts[1], BASE64URL_NOPAD.encode(&[0; 384])));
    attack("half the signature".into(), format!("{}.{}.{}", parts[0], parts[1], &parts[2][..parts[2].len() / 2]));
    attack("long".into(), sign(&good_header, &with(&claims, "jti", json!("x".repeat(5_000)))));
    attack("very long".into(), "a".repeat(8 << 20));
    attack("not a token".into(), "nonsense".into());

    let mut slowest = Duration::ZERO;
    for (name, token) in &attacks {
        let start = Instant::now();
        assert!(tokens.verify(token, world.clock.now()).is_err(), "accepted: {name}");
        slowest = slowest.max(start.elapsed());
    }
    eprintln!("access tokens: {} attacks, 0 accepted; the slowest took {slowest:?}", attacks.len());
    assert!(attacks.len() >= 60);
}

#[tokio::test]
async fn every_changed_character_is_refused() {
    let world = World::sqlite().await;
    let token = world.app.desk.tokens.issue("u", "s", world.clock.now()).unwrap();
    assert!(token.len() < 1_500);
    let mut refused = 0;
    for at in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(world.app.desk.tokens.verify(&changed, world.clock.now()).is_err(), "at {at}");
        refused += 1;
    }
    eprintln!("access tokens: {refused} changed characters refused");
}

#[tokio::test]
async fn keys_are_replaced_without_ending_sessions() {
    let world = World::sqlite().await;
    let admin = world.founder("ada").await;
    let desk = &world.app.desk;
    let keys = async || {
        world.send(None, "GET", "/.well-known/jwks.json", None).await.expect(200)["keys"].as_array().unwrap().len()
    };
    assert_eq!(keys().await, 1);
    desk.tokens.maintain(&desk.store, &desk.ring, world.clock.now(), true).await.unwrap();
    assert_eq!(keys().await, 2);
    world.get(&admin, "/v1/me").await.expect(200);
    // Once no token of the old key can live, the old key goes.
    world.clock.advance(1_300_000);
    desk.tokens.maintain(&desk.store, &desk.ring, world.clock.now(), false).await.unwrap();
    assert_eq!(keys().await, 1);
    let mut connection = desk.store.connection().await.unwrap();
    let bits: (String,) = sqlx::query_as("SELECT modulus FROM signing_keys").fetch_one(&mut *connection).await.unwrap();
    assert_eq!(BASE64URL_NOPAD.decode(bits.0.as_bytes()).unwrap().len() * 8, 3_072);
}

#[tokio::test]
async fn keys_are_replaced_when_they_are_old() {
    let world = World::sqlite().await;
    let desk = &world.app.desk;
    let kid = async || {
        let mut connection = desk.store.connection().await.unwrap();
        let active = "SELECT kid FROM signing_keys WHERE state = 'active'";
        let (kid,): (String,) = sqlx::query_as(active).fetch_one(&mut *connection).await.unwrap();
        kid
    };
    let first = kid().await;
    let mut connection = desk.store.connection().await.unwrap();
    let (made,): (i64,) =
        sqlx::query_as("SELECT created_at FROM signing_keys").fetch_one(&mut *connection).await.unwrap();
    drop(connection);
    let month = 30 * 86_400_000;
    let maintain = async |at: i64| desk.tokens.maintain(&desk.store, &desk.ring, at, false).await.unwrap();
    maintain(made + month).await;
    assert_eq!(kid().await, first, "not older than a month");
    maintain(made + month + 1).await;
    let second = kid().await;
    assert_ne!(second, first);
    assert_eq!(world.count("signing_keys").await, 2);
    let known = || serde_json::to_value(desk.tokens.jwks()).unwrap()["keys"].as_array().unwrap().len();
    // The old key verifies for twice the life of a token: twenty minutes.
    maintain(made + month + 1 + 1_200_000).await;
    assert_eq!(known(), 2);
    maintain(made + month + 2 + 1_200_000).await;
    assert_eq!((known(), kid().await), (1, second));
}

/// Another process makes a new key: its tokens are good here at once, and names of keys that nobody made cost little.
#[tokio::test]
async fn keys_of_another_process_are_found() {
    let world = World::sqlite().await;
    world.clock.stop();
    let admin = world.founder("ada").await;
    let other = crate::commands::desk(&world.config, &world.clock).await.unwrap();
    let claims = other.tokens.verify(&admin.access, world.clock.now()).unwrap();
    let token = async || {
        other.tokens.maintain(&other.store, &other.ring, world.clock.now(), true).await.unwrap();
        other.tokens.issue(&claims.sub, &claims.sid, world.clock.now()).unwrap()
    };
    let status = async |token: &str| world.send(Some(token), "GET", "/v1/me", None).await.status.as_u16();
    let first = token().await;
    assert_eq!(status(&first).await, 200);
    world.clock.advance(1);
    let second = token().await;
    assert_eq!(status(&second).await, 401, "looked a moment ago");
    world.clock.advance(4_998);
    assert_eq!(status(&second).await, 401);
    world.clock.advance(1);
    assert_eq!((status(&second).await, status(&first).await, status(&admin.access).await), (200, 200, 200));
    // For a known key nobody looks at the database.
    world.clock.advance(5_000);
    let desk = &world.app.desk;
    desk.store.close().await;
    let look = async |token: &str| desk.tokens.look_for_key(token, &desk.store, &desk.ring, world.clock.now()).await;
    assert!(look(&first).await.is_ok());
    let header = part(&json!({"alg": "RS256", "typ": "at+jwt", "kid": "made up"}));
    assert!(look(&format!("{header}.e30.AA")).await.is_err());
}

/// What is just inside of a limit is accepted, what is just outside is not.
#[tokio::test]
async fn limits_are_exact() {
    let world = World::sqlite().await;
    let (key, kid) = own_key(&world).await;
    let tokens = &world.app.desk.tokens;
    let now = world.clock.now() / 1_000;
    let header = part(&json!({"alg": "RS256", "typ": "at+jwt", "kid": kid}));
    let accepted = |iat: i64, nbf: i64, exp: i64, jti: &str| {
        let claims = json!({"iss": "milkrun", "aud": "milkrun", "sub": "u", "sid": "s", "iat": iat, "nbf": nbf,
                            "exp": exp, "jti": jti});
        let token = signed(&key, &RSA_PKCS1_SHA256, &header, &part(&claims));
        (tokens.verify(&token, now * 1_000 + 999).is_ok(), token.len())
    };
    assert!(accepted(now, now, now + 600, "j").0);
    assert!(!accepted(now, now, now + 601, "j").0);
    assert!(accepted(now - 599, now - 599, now + 1, "j").0);
    assert!(!accepted(now - 600, now - 600, now, "j").0);
    assert!(accepted(now + 5, now, now + 600, "j").0);
    assert!(!accepted(now + 6, now, now + 600, "j").0);
    assert!(accepted(now, now + 5, now + 600, "j").0);
    assert!(!accepted(now, now + 6, now + 600, "j").0);
    let lengths: Vec<(bool, usize)> =
        (2_300..2_700).map(|length| accepted(now, now, now + 600, &"j".repeat(length))).collect();
    assert!(lengths.iter().all(|(accepted, length)| *accepted == (*length <= 4_096)), "{lengths:?}");
    assert!(
        lengths.iter().any(|(_, length)| *length > 4_096) && lengths.iter().any(|(_, l)| *l > 4_090 && *l <= 4_096)
    );
}

/// What is printed of secrets by mistake holds none of them.
#[tokio::test]
async fn secrets_are_not_printed() {
    let world = World::sqlite().await;
    let desk = &world.app.desk;
    let master = crate::crypto::MasterKey::generate().unwrap();
    let sealing = desk.ring.primary(crate::crypto::Purpose::Mfa).unwrap();
    let printed =
        [format!("{:?}", desk.tokens), format!("{:?}", desk.ring), format!("{master:?}"), format!("{sealing:?}")];
    let id = sealing.id().hex();
    assert_eq!(printed, ["Tokens(…)", "KeyRing(…)", "MasterKey(…)", &format!("SealingKey({id})")]);
}
