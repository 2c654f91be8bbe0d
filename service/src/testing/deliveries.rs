//! What became of what was sent, as providers tell it.

use aws_lc_rs::hmac;
use axum::body::Body;
use axum::http::Request;
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::over_both_stores;
use super::stub::{Reply, Stub};
use super::world::{Actor, World};

over_both_stores!(what_became_of_a_message_is_joined_to_it);

/// A form that Twilio sends, signed as it signs.
async fn tell(world: &World, url: &str, message: &str, state: &str) {
    let text = format!("{url}MessageSid{message}MessageStatus{state}");
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"token");
    let signature = BASE64.encode(hmac::sign(&key, text.as_bytes()).as_ref());
    let path = url.split_once("/v1/").unwrap().1;
    let request = Request::post(format!("/v1/{path}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-twilio-signature", signature)
        .body(Body::from(format!("MessageSid={message}&MessageStatus={state}")));
    let answer = world.answer(request.unwrap()).await;
    assert_eq!(answer.status.as_u16(), 204, "{}", answer.text);
}

async fn what_became_of_a_message_is_joined_to_it(world: World) {
    let stub = Stub::start(|_, _| Reply::status(201, json!({"sid": "SM1", "status": "queued"}).to_string()));
    let admin = world.founder("ada").await;
    let settings = json!({"account": "AC0123", "from": "+15005550006", "address": stub.address()});
    let account = json!({"provider": "twilio", "secret": "token", "settings": settings});
    world.send(Some(&admin.access), "PUT", "/v1/providers/messages", Some(account)).await.expect(204);
    let driver = json!([{"code": "d1", "vehicle": "t1", "phone": "+4915112345671"}]);
    world.city(&admin, 5).await;
    world.import(&admin, "drivers", driver).await.expect(200);
    world.import(&admin, "vehicles", json!([{"code": "t2", "depot": "yard", "capacity_kg": 1}])).await.expect(200);
    let shown = world.get(&admin, "/v1/providers").await.expect(200);
    let url =
        shown.as_array().unwrap().iter().find(|entry| entry["provider"] == "twilio").unwrap()["webhook_url"].clone();
    let url = url.as_str().unwrap();
    // A word may be quicker than the note that the message was sent.
    tell(&world, url, "SM1", "sent").await;
    let stop = world.work();
    world.publish(&admin, 1, 0).await;
    stop.send_replace(true);
    let delivery = async |admin: &Actor| -> Vec<Value> {
        let rows = world.get(admin, "/v1/outbox").await.expect(200);
        rows.as_array().unwrap().iter().map(|row| row["delivery"].clone()).collect()
    };
    assert_eq!(world.deliver().await, 1);
    assert_eq!(delivery(&admin).await, [""]);
    tell(&world, url, "SM2", "failed").await;
    assert_eq!(delivery(&admin).await, [""], "it is another's");
    for _ in 0..3 {
        tell(&world, url, "SM1", "delivered").await;
        assert_eq!(delivery(&admin).await, ["delivered"]);
    }
    tell(&world, url, "SM1", "undelivered").await;
    tell(&world, url, "SM1", "delivered").await;
    assert_eq!(delivery(&admin).await, ["failed"], "the worse word counts");
    let eve = world.founder("eve").await;
    assert_eq!(delivery(&eve).await, [""; 0]);
}
