//! Invoices that were begun: where, for whom, and what becomes of them when the account is another one, or the provider refuses them.

use serde_json::{Value, json};

use super::billing::{approve, draft, emptied_day, found};
use super::over_both_stores;
use super::payments::{payments_of, with_stripe};
use super::world::{Actor, Answer, World};
use crate::storage::BegunInvoices as _;

over_both_stores!(
    a_rotated_key_of_the_account_goes_on,
    another_account_is_not_sent_what_the_first_may_have,
    what_became_of_it_is_said_where_the_account_is_gone,
    what_is_refused_for_its_content_leaves_nothing,
    what_no_provider_has_is_withdrawn,
    without_a_customer_it_is_withdrawn,
    who_goes_on_under_an_old_key_is_told,
    a_draft_that_somebody_wrote_into_is_made_anew,
);

/// A path under an invoice.
fn under(invoice: &Value, what: &str) -> String {
    format!("/v1/invoices/{}/{what}", invoice["id"].as_str().unwrap())
}

async fn withdraw(world: &World, admin: &Actor, invoice: &Value) -> Answer {
    world.post(admin, &under(invoice, "withdrawal"), json!({"version": invoice["version"]})).await
}

async fn resolve(world: &World, admin: &Actor, invoice: &Value, reference: Option<&str>) -> Answer {
    let mut body = json!({"version": invoice["version"], "was_made": reference.is_some()});
    if let Some(reference) = reference {
        body["reference"] = reference.into();
    }
    world.post(admin, &under(invoice, "resolution"), body).await
}

/// Has what was given up sent again, an hour later.
async fn retry(world: &World, admin: &Actor) {
    let dead = world.get(admin, "/v1/outbox?state=dead").await.expect(200);
    for row in dead.as_array().unwrap() {
        let path = format!("/v1/outbox/{}/retry", row["id"].as_str().unwrap());
        world.post(admin, &path, json!({})).await.expect(204);
    }
    world.deliver().await;
}

/// Whatever step's answer was lost, the next attempt goes on there, with the other key and after the provider has forgotten all keys.
async fn a_rotated_key_of_the_account_goes_on(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let drafted = draft(&world, &admin).await;
    let mut known = 0;
    let provider = payments_of("acct_1");
    for (i, lost) in ["/v1/invoices", "/finalize"].into_iter().enumerate() {
        let invoice = &drafted["invoices"][i];
        with_stripe(&world, &admin, &provider.stub, &format!("sk_before_{i}")).await;
        approve(&world, &admin, invoice).await.expect(200);
        provider.loses(Some(lost));
        world.deliver().await;
        let begun = found(&world, &admin, invoice).await;
        assert_eq!((&begun["state"], &begun["account"]), (&json!("approved"), &json!("acct_1")), "{begun}");
        let customer = begun["customer"].as_str().unwrap().to_owned();
        assert!(customer.starts_with("cus_"), "{begun}");
        provider.loses(None);
        provider.forget_keys();
        with_stripe(&world, &admin, &provider.stub, &format!("sk_after_{i}")).await;
        // Who pays has another name at the provider by now: what was begun stays with the first.
        let other = json!([{"code": invoice["payer"], "name": "Other", "customer": "cus_other", "currency": "eur", "price_per_tonne": 1}]);
        world.import(&admin, "payers", other).await.expect(200);
        world.clock.advance(60_000);
        world.deliver().await;
        let sent = found(&world, &admin, invoice).await;
        assert_eq!((&sent["state"], &sent["customer"]), (&json!("sent"), &json!(customer)), "{sent}");
        known += 1;
        assert_eq!((provider.invoices().len(), provider.posted("/v1/customers")), (known, 1), "after {lost}");
    }
    let finalised = provider.finalised.lock().unwrap();
    assert!(finalised.len() == 2 && finalised.values().all(|times| *times == 1), "{finalised:?}");
}

async fn another_account_is_not_sent_what_the_first_may_have(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let (first, second) = (payments_of("acct_1"), payments_of("acct_2"));
    let drafted = draft(&world, &admin).await;
    let mill = &drafted["invoices"][1];
    with_stripe(&world, &admin, &first.stub, "sk_1").await;
    approve(&world, &admin, mill).await.expect(200);
    first.loses(Some("/v1/invoiceitems"));
    world.deliver().await;
    with_stripe(&world, &admin, &second.stub, "sk_2").await;
    world.clock.advance(60_000);
    world.deliver().await;
    let stopped = found(&world, &admin, mill).await;
    let problem = stopped["problem"].as_str().unwrap();
    assert!(problem.contains("stripe, account acct_1") && problem.contains("stripe, acct_2"), "{problem}");
    assert_eq!((&stopped["state"], &stopped["provider"]), (&json!("approved"), &json!("stripe")));
    assert_eq!((&stopped["account"], &stopped["customer"]), (&json!("acct_1"), &json!("cus_mill")));
    // However often that is tried; and what may be there is not withdrawn.
    retry(&world, &admin).await;
    let stopped = found(&world, &admin, mill).await;
    assert_eq!(withdraw(&world, &admin, &stopped).await.code(), "may_be_made");
    assert_eq!((second.invoices().len(), second.posted("/v1/customers")), (0, 0));
    assert_eq!(world.details("outbox.gave_up").await.len(), 2);
    // The first account again, with whatever key, goes on with it.
    first.loses(None);
    with_stripe(&world, &admin, &first.stub, "sk_3").await;
    retry(&world, &admin).await;
    let sent = found(&world, &admin, mill).await;
    assert_eq!((&sent["state"], &sent["problem"]), (&json!("sent"), &Value::Null), "{sent}");
    assert_eq!((first.invoices().len(), second.invoices().len()), (1, 0));
    // What was begun nowhere is sent by the account that there is.
    approve(&world, &admin, &drafted["invoices"][0]).await.expect(200);
    with_stripe(&world, &admin, &second.stub, "sk_2").await;
    world.deliver().await;
    assert_eq!(found(&world, &admin, &drafted["invoices"][0]).await["account"], "acct_2");
}

async fn what_became_of_it_is_said_where_the_account_is_gone(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let provider = payments_of("acct_1");
    let drafted = draft(&world, &admin).await;
    let (inn, mill) = (&drafted["invoices"][0], &drafted["invoices"][1]);
    assert_eq!(resolve(&world, &admin, inn, None).await.code(), "not_approved");
    with_stripe(&world, &admin, &provider.stub, "sk_1").await;
    provider.loses(Some("/v1/invoices"));
    for invoice in [inn, mill] {
        approve(&world, &admin, invoice).await.expect(200);
    }
    let queued = found(&world, &admin, inn).await;
    assert_eq!(resolve(&world, &admin, &queued, None).await.code(), "not_begun");
    world.deliver().await;
    let waiting = found(&world, &admin, inn).await;
    for refused in [resolve(&world, &admin, &waiting, None).await, withdraw(&world, &admin, &waiting).await] {
        assert_eq!(refused.code(), "under_way", "it will be tried again");
    }
    world.delete(&admin, "/v1/providers/payments").await.expect(204);
    world.clock.advance(60_000);
    world.deliver().await;
    let (inn, mill) = (found(&world, &admin, inn).await, found(&world, &admin, mill).await);
    for stopped in [&inn, &mill] {
        assert!(stopped["problem"].as_str().unwrap().contains("account acct_1"), "{stopped}");
    }
    let org = world.get(&admin, "/v1/me").await.expect(200)["organisation"].as_str().unwrap().to_owned();
    let files = world.config.data.join("outbox").join(org).join("invoices");
    assert!(!files.exists(), "it is not written into files either");
    // It was made there: that is its name.
    let body = json!({"version": inn["version"], "was_made": true});
    let faults = world.post(&admin, &under(&inn, "resolution"), body).await.expect(422);
    assert_eq!(faults["faults"][0]["path"], "$.reference");
    let old = json!({"version": 1, "was_made": false});
    assert_eq!(world.post(&admin, &under(&inn, "resolution"), old).await.code(), "invoice_changed");
    let sent = resolve(&world, &admin, &inn, Some("in_7")).await.expect(200);
    assert_eq!(
        (&sent["state"], &sent["provider"], &sent["reference"]),
        (&json!("sent"), &json!("stripe"), &json!("in_7"))
    );
    assert_eq!(resolve(&world, &admin, &mill, Some("in_7")).await.code(), "reference_taken");
    // The other one was not: it is sent by what there is now.
    let free = resolve(&world, &admin, &mill, None).await.expect(200);
    assert_eq!((&free["state"], &free["account"], &free["customer"]), (&json!("approved"), &json!(""), &json!("")));
    assert!(free["problem"].as_str().unwrap().contains("sent anew, or withdrawn"), "{free}");
    retry(&world, &admin).await;
    let sent = found(&world, &admin, &mill).await;
    assert_eq!((&sent["state"], &sent["provider"]), (&json!("sent"), &json!("local")), "{sent}");
    assert_eq!(world.count("outbox WHERE state <> 'sent' OR LENGTH(sealed) > 0").await, 0);
    let told = world.details("invoice.resolved").await;
    assert_eq!(told.iter().map(|told| told["reference"].as_str()).collect::<Vec<_>>(), [Some("in_7"), None]);
}

async fn what_is_refused_for_its_content_leaves_nothing(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let provider = payments_of("acct_1");
    with_stripe(&world, &admin, &provider.stub, "sk_1").await;
    let drafted = draft(&world, &admin).await;
    let inn = &drafted["invoices"][0];
    approve(&world, &admin, inn).await.expect(200);
    provider.refuses(Some("/finalize"));
    world.deliver().await;
    let refused = found(&world, &admin, inn).await;
    assert!(refused["problem"].as_str().unwrap().contains("out of range"), "{refused}");
    assert_eq!((&refused["state"], &refused["account"]), (&json!("approved"), &json!("")));
    assert_eq!(provider.invoices(), [Value::Null; 0], "the draft was taken back");
    // Once it is mended there, it is made anew: under another key, since the first one's answers are known.
    provider.refuses(None);
    retry(&world, &admin).await;
    let sent = found(&world, &admin, inn).await;
    assert_eq!((&sent["state"], &sent["problem"]), (&json!("sent"), &Value::Null), "{sent}");
    assert_eq!((provider.invoices().len(), provider.finalised.lock().unwrap().len()), (1, 1));
}

async fn what_no_provider_has_is_withdrawn(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let provider = payments_of("acct_1");
    with_stripe(&world, &admin, &provider.stub, "sk_1").await;
    provider.refuses(Some("/v1/invoiceitems"));
    let drafted = draft(&world, &admin).await;
    let (inn, mill) = (&drafted["invoices"][0], &drafted["invoices"][1]);
    assert_eq!(withdraw(&world, &admin, mill).await.code(), "not_approved");
    let approved = approve(&world, &admin, mill).await.expect(200);
    // While it is being sent, it is not withdrawn.
    let claim = world.app.deliverer().claim("slow").await.unwrap().unwrap();
    assert_eq!(withdraw(&world, &admin, &approved).await.code(), "under_way");
    let (_sender, mut stop) = tokio::sync::watch::channel(false);
    world.app.deliverer().deliver("slow", &claim, &mut stop).await.unwrap();
    let refused = found(&world, &admin, mill).await;
    assert_eq!(withdraw(&world, &admin, &approved).await.code(), "invoice_changed");
    assert_eq!(refused["state"], "approved");
    let void = withdraw(&world, &admin, &refused).await.expect(200);
    assert_eq!((&void["state"], &void["reference"], &void["total"]), (&json!("voided"), &json!(""), &mill["total"]));
    assert_eq!(void["problem"], Value::Null);
    assert_eq!(withdraw(&world, &admin, &void).await.code(), "not_approved");
    assert_eq!(
        (found(&world, &admin, mill).await["items"].clone(), world.count("outbox WHERE kind = 'invoice'").await),
        (json!([]), 0)
    );
    let told = world.details("invoice.withdrawn").await;
    assert!(told.len() == 1 && told[0]["problem"].as_str().unwrap().contains("out of range"), "{told:?}");
    // What was on it is billed again, and what was not begun yet is withdrawn as well.
    let again = draft(&world, &admin).await["invoices"].clone();
    assert_eq!((again.as_array().unwrap().len(), &again[0]["payer"]), (1, &json!("mill")));
    let approved = approve(&world, &admin, inn).await.expect(200);
    withdraw(&world, &admin, &approved).await.expect(200);
    assert_eq!(world.deliver().await, 0);
    assert_eq!(draft(&world, &admin).await["invoices"][0]["payer"], "inn");
    assert_eq!(provider.invoices(), [Value::Null; 0]);
}

/// The account is written, and the customer was never made: nothing of the invoice is anywhere.
async fn without_a_customer_it_is_withdrawn(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let provider = payments_of("acct_1");
    with_stripe(&world, &admin, &provider.stub, "sk_1").await;
    let drafted = draft(&world, &admin).await;
    let inn = &drafted["invoices"][0];
    approve(&world, &admin, inn).await.expect(200);
    provider.loses(Some("/v1/customers"));
    world.deliver().await;
    let begun = found(&world, &admin, inn).await;
    assert_eq!((&begun["account"], &begun["customer"]), (&json!("acct_1"), &json!("")));
    assert_eq!(resolve(&world, &admin, &begun, None).await.code(), "not_begun");
    let void = withdraw(&world, &admin, &begun).await.expect(200);
    assert_eq!((&void["state"], &void["provider"], &void["account"]), (&json!("voided"), &json!(""), &json!("")));
    provider.loses(None);
    world.clock.advance(60_000);
    assert_eq!(world.deliver().await, 0);
    assert_eq!(draft(&world, &admin).await["invoices"][0]["payer"], "inn");
}

/// Whoever was slow, and whose invoice was given up and begun anew meanwhile, does not go on with it.
async fn who_goes_on_under_an_old_key_is_told(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let drafted = draft(&world, &admin).await;
    let inn = &drafted["invoices"][0];
    approve(&world, &admin, inn).await.expect(200);
    let (id, at) = (inn["id"].as_str().unwrap(), ("stripe", "acct_1"));
    let mut tx = world.app.desk.store.begin().await.unwrap();
    assert_eq!(tx.begin_invoice(id, at, "first").await.unwrap().unwrap().key, "first");
    tx.forget_beginning(id, "second").await.unwrap();
    assert_eq!(tx.begin_invoice(id, at, "first").await.unwrap().unwrap().key, "second");
    assert_eq!(tx.set_begun_customer(id, ("acct_1", "first"), "cus_1").await.unwrap(), None);
    let customer = tx.set_begun_customer(id, ("acct_1", "second"), "cus_2").await.unwrap();
    assert_eq!(customer.as_deref(), Some("cus_2"));
    tx.commit().await.unwrap();
}

/// Somebody writes into a draft at the provider: it is not sent, and made anew once that is resolved, while all keys are known there.
async fn a_draft_that_somebody_wrote_into_is_made_anew(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let provider = payments_of("acct_1");
    with_stripe(&world, &admin, &provider.stub, "sk_1").await;
    let drafted = draft(&world, &admin).await;
    let mill = &drafted["invoices"][1];
    approve(&world, &admin, mill).await.expect(200);
    provider.loses(Some("/v1/invoices"));
    world.deliver().await;
    provider.loses(None);
    provider.write_into_drafts();
    world.clock.advance(60_000);
    world.deliver().await;
    let stopped = found(&world, &admin, mill).await;
    assert!(stopped["problem"].as_str().unwrap().contains("has other items"), "{stopped}");
    assert_eq!(withdraw(&world, &admin, &stopped).await.code(), "may_be_made");
    assert_eq!(provider.finalised.lock().unwrap().len(), 0);
    provider.delete_drafts();
    resolve(&world, &admin, &stopped, None).await.expect(200);
    retry(&world, &admin).await;
    let sent = found(&world, &admin, mill).await;
    assert_eq!((&sent["state"], &sent["problem"]), (&json!("sent"), &Value::Null), "{sent}");
    assert_eq!((provider.invoices().len(), provider.finalised.lock().unwrap().len()), (1, 1));
}
