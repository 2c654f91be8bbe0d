//! Each step of the ceremonies, with an authenticator that does it wrong.

use ciborium::Value;
use serde_json::json;

use super::Fault;
use super::authenticator::{Answered, Authenticator, attestation, cbor, signed};
use super::ceremony::{self, Assertion, ClientData, RelyingParty};
use super::keys::{ALGORITHMS, PublicKey};

const ORIGIN: &str = "https://fleet.example.org";
const ID: &str = "example.org";

fn party() -> RelyingParty {
    RelyingParty { id: ID.to_owned(), origin: ORIGIN.to_owned(), verifies_users: false }
}

fn all() -> Vec<Authenticator> {
    ALGORITHMS.iter().map(|algorithm| Authenticator::new(*algorithm, ID, ORIGIN)).collect()
}

fn register(client: &[u8], attestation: &[u8]) -> Result<ceremony::Registered, Fault> {
    ceremony::register(&party(), &ClientData::read(client)?, client, attestation)
}

fn assertion(of: &Authenticator, answered: Answered) -> Assertion {
    let Answered { client_data, data, signature } = answered;
    Assertion { credential: of.credential.clone(), client_data, authenticator_data: data, signature, user_handle: None }
}

fn verify(given: &Assertion, key: &[u8], count: i64) -> Result<i64, Fault> {
    ceremony::verify(&party(), &ClientData::read(&given.client_data)?, given, (key, count))
}

#[test]
fn three_algorithms_register_and_sign() {
    for mut made in all() {
        let (client, attested) = made.create("abc");
        let registered = register(&client, &attested).unwrap();
        assert_eq!((&registered.credential, registered.sign_count), (&made.credential, 1));
        assert_eq!(registered.public_key, cbor(&made.public_key()));
        let used = made.get("def");
        let given = assertion(&made, used);
        assert_eq!(verify(&given, &registered.public_key, 1), Ok(2));
        // Extensions that nobody asked for are passed over.
        made.flags |= 1 << 7;
        let data = [made.data(false), cbor(&Value::Map(vec![(Value::Text("x".to_owned()), true.into())]))].concat();
        let used = made.answer(&made.client_data("webauthn.get", "def"), data);
        assert_eq!(verify(&assertion(&made, used), &registered.public_key, 1), Ok(2));
    }
}

#[test]
fn every_step_refuses() {
    let mut refused = 0;
    let mut is = |found: Result<(), Fault>, expected: Fault| {
        assert_eq!(found, Err(expected));
        refused += 1;
    };
    for mut made in all() {
        let key = cbor(&made.public_key());
        // What the browser says: type, origin, embedding, token binding.
        for (field, value, fault) in [
            ("type", json!("webauthn.other"), Fault::Type),
            ("origin", json!("https://example.org"), Fault::Origin),
            ("origin", json!("http://fleet.example.org"), Fault::Origin),
            ("origin", json!("https://fleet.example.org:444"), Fault::Origin),
            ("origin", json!("https://fleet.example.org.evil.example"), Fault::Origin),
            ("crossOrigin", json!(true), Fault::Origin),
            ("topOrigin", json!("https://fleet.example.org"), Fault::Origin),
            ("tokenBinding", json!({"status": "present", "id": "x"}), Fault::TokenBinding),
            ("challenge", json!(5), Fault::Malformed),
        ] {
            let mut client = made.client_data("webauthn.get", "abc");
            client[field] = value.clone();
            let used = made.answer(&client, made.data(false));
            is(verify(&assertion(&made, used), &key, 0).map(drop), fault);
            let mut client = made.client_data("webauthn.create", "abc");
            client[field] = value;
            is(register(client.to_string().as_bytes(), &made.create("abc").1).map(drop), fault);
        }
        // The other ceremony's answer.
        let crossed = made.answer(&made.client_data("webauthn.create", "abc"), made.data(false));
        is(verify(&assertion(&made, crossed), &key, 0).map(drop), Fault::Type);
        is(
            register(made.client_data("webauthn.get", "abc").to_string().as_bytes(), &made.create("abc").1).map(drop),
            Fault::Type,
        );
        // Party and flags.
        for (flags, fault) in [(0, Fault::NotPresent), (0b100, Fault::NotPresent), (0b1_0101, Fault::Flags)] {
            made.flags = flags;
            let used = made.answer(&made.client_data("webauthn.get", "abc"), made.data(false));
            is(verify(&assertion(&made, used), &key, 0).map(drop), fault);
            let (client, attested) = made.create("abc");
            is(register(&client, &attested).map(drop), fault);
        }
        made.flags = 0b001;
        let strict = RelyingParty { verifies_users: true, ..party() };
        let used = made.get("abc");
        let given = assertion(&made, used);
        assert!(verify(&given, &key, 0).is_ok(), "present is enough where nothing else is asked for");
        let client = ClientData::read(&given.client_data).unwrap();
        is(ceremony::verify(&strict, &client, &given, (&key, 0)).map(drop), Fault::NotVerified);
        let (client, attested) = made.create("abc");
        let read = ClientData::read(&client).unwrap();
        is(ceremony::register(&strict, &read, &client, &attested).map(drop), Fault::NotVerified);
        made.flags = 0b101;
        made.rp_id = "fleet.example.org".to_owned();
        let used = made.get("abc");
        is(verify(&assertion(&made, used), &key, 0).map(drop), Fault::RelyingParty);
        let (client, attested) = made.create("abc");
        is(register(&client, &attested).map(drop), Fault::RelyingParty);
        made.rp_id = ID.to_owned();
        // The count.
        for (told, kept, is_right) in
            [(5, 4, true), (5, 5, false), (5, 6, false), (0, 1, false), (1, 0, true), (0, 0, true)]
        {
            made.count = told;
            let used = made.answer(&made.client_data("webauthn.get", "abc"), made.data(false));
            let found = verify(&assertion(&made, used), &key, kept);
            if is_right { assert_eq!(found, Ok(i64::from(told))) } else { is(found.map(drop), Fault::Counter) }
        }
        // Another key of the same kind, and keys of other kinds.
        let used = made.get("abc");
        let given = assertion(&made, used);
        for other in all() {
            is(verify(&given, &cbor(&other.public_key()), 0).map(drop), Fault::Signature);
        }
    }
    eprintln!("passkeys: {refused} answers with one wrong step refused, of three algorithms");
}

#[test]
fn every_flipped_bit_is_noticed() {
    let (mut flips, mut cuts) = (0, 0);
    for mut made in all() {
        let key = cbor(&made.public_key());
        let used = made.get("abc");
        let given = assertion(&made, used);
        assert!(verify(&given, &key, 0).is_ok());
        let parts: [fn(&mut Assertion) -> &mut Vec<u8>; 3] =
            [|given| &mut given.authenticator_data, |given| &mut given.client_data, |given| &mut given.signature];
        for part in parts {
            let length = part(&mut given.clone()).len();
            for bit in 0..8 * length {
                let mut bent = given.clone();
                part(&mut bent)[bit / 8] ^= 1 << (bit % 8);
                assert!(verify(&bent, &key, 0).is_err(), "bit {bit}");
                flips += 1;
            }
            for kept in 0..length {
                let mut cut = given.clone();
                part(&mut cut).truncate(kept);
                assert!(verify(&cut, &key, 0).is_err(), "{kept} bytes");
                let mut longer = given.clone();
                part(&mut longer).push(kept as u8);
                assert!(verify(&longer, &key, 0).is_err());
                cuts += 2;
            }
        }
    }
    eprintln!("passkeys: {flips} flipped bits of what is signed and of signatures refused, {cuts} cuts and additions");
}

/// A registration whose authenticator data end with this key.
fn with_key(made: &Authenticator, key: &[u8]) -> Result<(), Fault> {
    let whole = made.data(true);
    let without = &whole[..whole.len() - cbor(&made.public_key()).len()];
    let data = [without, key].concat();
    register(&made.create("abc").0, &attestation("none", Value::Map(Vec::new()), &data)).map(drop)
}

#[test]
fn keys_are_of_their_algorithm() {
    let mut refused = 0;
    for made in all() {
        assert_eq!(with_key(&made, &cbor(&made.public_key())), Ok(()));
        let Value::Map(entries) = made.public_key() else { unreachable!() };
        for i in 0..entries.len() {
            let mut missing = entries.clone();
            missing.remove(i);
            let mut twice = entries.clone();
            twice.push(entries[i].clone());
            let mut other = entries.clone();
            other[i].1 = Value::from(77);
            let mut short = entries.clone();
            if let Value::Bytes(bytes) = &mut short[i].1 {
                bytes.clear();
            } else {
                short[i].1 = Value::Null;
            }
            for bent in [missing, twice, other, short] {
                assert!(with_key(&made, &cbor(&Value::Map(bent))).is_err());
                refused += 1;
            }
        }
        let mut more = entries.clone();
        more.push((Value::from(-4), Value::Bytes(vec![1])));
        assert!(with_key(&made, &cbor(&Value::Map(more))).is_err(), "a private part");
        for algorithm in [-35, -36, -37, -39, -65_535, 5, -47] {
            let mut bent = entries.clone();
            bent[1].1 = algorithm.into();
            assert_eq!(with_key(&made, &cbor(&Value::Map(bent))), Err(Fault::Algorithm), "{algorithm}");
            refused += 1;
        }
        // Something behind the key.
        assert!(with_key(&made, &[cbor(&made.public_key()), vec![0]].concat()).is_err());
        refused += 2;
    }
    // A point that is not on the curve signs nothing.
    let made = Authenticator::new(-7, ID, ORIGIN);
    let Value::Map(mut entries) = made.public_key() else { unreachable!() };
    entries[4].1 = Value::Bytes(vec![9; 32]);
    let key = PublicKey::read(Value::Map(entries)).unwrap();
    assert_eq!(key.verify(b"x", &made.sign(b"x")), Err(Fault::Signature));
    eprintln!("passkeys: {refused} keys that do not fit their algorithm refused");
}

#[test]
fn attestations_are_none_or_the_keys_own() {
    for made in all() {
        let (client, attested) = made.create("abc");
        let data = made.data(true);
        let algorithm = made.public_key().as_map().unwrap()[1].1.clone();
        let statement = |entries: Vec<(&str, Value)>| {
            Value::Map(entries.into_iter().map(|(name, value)| (Value::Text(name.to_owned()), value)).collect())
        };
        let signature = Value::Bytes(made.sign(&signed(&data, &client)));
        let with = |format: &str, entries| register(&client, &attestation(format, statement(entries), &data)).map(drop);
        let alg = |number: Value| ("alg", number);
        assert_eq!(with("packed", vec![alg(algorithm.clone()), ("sig", signature.clone())]), Ok(()));
        let wrong = Value::Bytes(made.sign(b"something else"));
        assert_eq!(with("packed", vec![alg(algorithm.clone()), ("sig", wrong)]), Err(Fault::Signature));
        assert_eq!(with("packed", vec![alg((-9).into()), ("sig", signature.clone())]), Err(Fault::Attestation));
        assert_eq!(with("packed", vec![alg(algorithm.clone())]), Err(Fault::Attestation));
        let chain = ("x5c", Value::Array(vec![Value::Bytes(vec![1])]));
        assert_eq!(with("packed", vec![alg(algorithm), ("sig", signature.clone()), chain]), Err(Fault::Attestation));
        assert_eq!(with("none", vec![("sig", signature)]), Err(Fault::Attestation));
        assert_eq!(with("fido-u2f", Vec::new()), Err(Fault::Attestation));
        // Cut anywhere, or with something behind, it is nothing.
        for kept in 0..attested.len() {
            assert!(register(&client, &attested[..kept]).is_err());
        }
        assert!(register(&client, &[attested.clone(), vec![0]].concat()).is_err());
        // Without a key there is nothing to register.
        let without = attestation("none", Value::Map(Vec::new()), &made.data(false));
        assert_eq!(register(&client, &without).map(drop), Err(Fault::Malformed));
    }
}

#[test]
fn nothing_that_is_nested_or_huge_is_read() {
    let made = Authenticator::new(-7, ID, ORIGIN);
    let client = made.create("abc").0;
    let mut bytes = vec![0x81; 100_000];
    bytes.push(0);
    assert_eq!(register(&client, &bytes).map(drop), Err(Fault::Malformed));
    // A list that says that it has 2^62 items, and a text as long.
    for head in [0x9b_u8, 0xbb, 0x5b, 0x7b] {
        let huge = [&[head, 0x40, 0, 0, 0, 0, 0, 0, 0][..], &[0; 20]].concat();
        assert_eq!(register(&client, &huge).map(drop), Err(Fault::Malformed));
    }
    assert!(ClientData::read(br#"{"type": "a", "type": "b", "challenge": "", "origin": ""}"#).is_err());
}
