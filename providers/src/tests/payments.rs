//! Stripe: what it is asked, and what becomes of an invoice whatever was done before.

use std::sync::{Arc, Mutex};

use milkrun::CancelToken;
use serde_json::{Value, json};

use super::adapters::{field, invoice};
use super::stub::{Asked, Reply, Stub};
use super::{account, options};
use crate::Stripe;
use crate::capabilities::{Customer, NotInvoiced, Payments as _, Remains};
use crate::client::Account;

/// The items that a draft at Stripe has.
#[derive(Default)]
struct Items(Mutex<Vec<Value>>);

impl Items {
    fn add(&self, number: &str, amount: i64) -> Value {
        let mut all = self.0.lock().unwrap();
        let item = json!({"object": "invoiceitem", "id": format!("ii_{}", all.len()), "amount": amount,
                          "metadata": {"item": number}});
        all.push(item.clone());
        item
    }

    fn posted(&self, asked: &Asked) -> Value {
        self.add(&field(asked, "metadata[item]"), field(asked, "amount").parse().unwrap())
    }

    fn list(&self) -> Value {
        json!({"object": "list", "data": *self.0.lock().unwrap()})
    }
}

#[test]
fn stripe_gets_each_step_once_under_a_key_of_its_own() {
    let items = Items::default();
    let stub = Stub::start(move |asked, before| {
        if before == 3 {
            return Reply::status(500, "{\"error\": {\"message\": \"try again\"}}");
        }
        let object = match asked.path.as_str() {
            "/v1/invoiceitems?invoice=in_1&limit=100" => items.list(),
            path if asked.method == "GET" => {
                assert_eq!(path, "/v1/invoices?customer=cus_1&limit=100");
                let others = json!([{"id": "in_0", "status": "open", "metadata": {"key": "k9"}}, {"id": "in_x"}]);
                json!({"object": "list", "data": others, "has_more": false})
            }
            "/v1/customers" => json!({"object": "customer", "id": "cus_1"}),
            "/v1/invoiceitems" => items.posted(asked),
            "/v1/refunds" => json!({"object": "refund", "id": "re_1"}),
            path => {
                json!({"object": "invoice", "id": "in_1", "status": if path.ends_with("finalize") { "open" } else { "draft" }})
            }
        };
        Reply::ok(object.to_string())
    });
    let payments = Stripe::new(account(&stub.address()), options(&Arc::default())).unwrap();
    let never = CancelToken::new();
    let customer = Customer { code: "c7".to_owned(), name: "Inn".to_owned(), email: "inn@example.org".to_owned() };
    assert_eq!(payments.customer(&customer, "k0", &never).unwrap().reference, "cus_1");
    assert_eq!(payments.invoice(&invoice(), "k1", &never).unwrap().reference, "in_1");
    assert_eq!(payments.refund("pi_1", Some(350), "k2", &never).unwrap().reference, "re_1");
    let asked: Vec<Asked> = stub.asked().into_iter().filter(|asked| asked.method == "POST").collect();
    let keys: Vec<String> = asked.iter().map(|a| a.header("idempotency-key").unwrap().to_owned()).collect();
    let expected = ["k0-customer", "k1-invoice", "k1-item-0", "k1-item-0", "k1-item-1", "k1-final", "k2-refund"];
    assert_eq!(keys, expected, "what failed is sent again under the same key");
    assert!(stub.asked().iter().all(|a| a.header("stripe-version") == Some("2025-09-30.clover")));
    assert_eq!((field(&asked[2], "amount"), field(&asked[4], "amount")), ("4200".to_owned(), "29700".to_owned()));
    assert_eq!(
        (field(&asked[1], "metadata[key]"), field(&asked[4], "metadata[item]")),
        ("k1".to_owned(), "1".to_owned())
    );
    assert_eq!(field(&asked[1], "pending_invoice_items_behavior"), "exclude");
    assert_eq!((asked[5].path.as_str(), field(&asked[6], "amount").as_str()), ("/v1/invoices/in_1/finalize", "350"));
}

/// A Stripe that has forgotten all keys, and an invoice of which so much was done before.
fn forgetful(status: &'static str, done: &[(&str, i64)]) -> Stub {
    let items = Items::default();
    for (number, amount) in done {
        items.add(number, *amount);
    }
    Stub::start(move |asked, _| {
        let object = match (asked.method.as_str(), asked.path.split('?').next().unwrap_or_default()) {
            ("GET", "/v1/invoices") => {
                json!({"object": "list", "data": [{"id": "in_7", "status": status, "metadata": {"key": "k1"}}]})
            }
            ("GET", "/v1/invoiceitems") => {
                assert_eq!(asked.path, "/v1/invoiceitems?invoice=in_7&limit=100");
                items.list()
            }
            ("POST", "/v1/invoiceitems") => items.posted(asked),
            ("POST", "/v1/invoices/in_7/finalize") => json!({"object": "invoice", "id": "in_7", "status": "open"}),
            _ => return Reply::status(400, "a second one"),
        };
        Reply::ok(object.to_string())
    })
}

#[test]
fn an_invoice_that_stripe_has_is_gone_on_with_however_late() {
    // An invoice of nothing, one item of two, both, and what has its end already.
    let both = [("0", 4_200), ("1", 29_700)];
    for (status, items, posts) in [("draft", 0, 3), ("draft", 1, 2), ("draft", 2, 1), ("open", 2, 0), ("paid", 2, 0)] {
        let stub = forgetful(status, &both[..items]);
        let payments = Stripe::new(account(&stub.address()), options(&Arc::default())).unwrap();
        let receipt = payments.invoice(&invoice(), "k1", &CancelToken::new()).unwrap();
        let posted = stub.asked().iter().filter(|asked| asked.method == "POST").count();
        assert_eq!((receipt.reference.as_str(), posted), ("in_7", posts), "{status} {items}");
    }
}

#[test]
fn a_draft_into_which_somebody_has_written_is_not_sent() {
    let known = [("0", 4_200), ("1", 29_700)];
    // One item more, one twice, one of another amount.
    for (i, other) in [(2, ("", 100)), (2, ("1", 29_700)), (1, ("1", 29_000))] {
        let there: Vec<(&str, i64)> = known[..i].iter().copied().chain([other]).collect();
        let stub = forgetful("draft", &there);
        let payments = Stripe::new(account(&stub.address()), options(&Arc::default())).unwrap();
        let not = payments.invoice(&invoice(), "k1", &CancelToken::new()).unwrap_err();
        assert!(not.remains == Remains::Unknown && not.error.is_final(), "{not:?}");
        assert!(not.to_string().contains("in_7 has other items"), "{not}");
        assert!(stub.asked().iter().all(|asked| asked.method == "GET"), "{there:?}");
    }
}

#[test]
fn an_invoice_is_looked_for_among_all_of_its_customer() {
    // A hundred newer ones on each of two pages, and then the invoice; or so many that it is searched for.
    for (pages, asked_for) in [(2, 3), (usize::MAX, 11)] {
        let stub = Stub::start(move |asked, before| {
            let own = json!([{"id": "in_7", "status": "open", "metadata": {"key": "k1"}}]);
            let page: Vec<Value> =
                (0..100).map(|i| json!({"id": format!("in_{before}_{i}"), "metadata": {}})).collect();
            Reply::ok(match asked.path.split('?').next().unwrap_or_default() {
                "/v1/invoices/search" => json!({"object": "search_result", "data": own}).to_string(),
                "/v1/invoices" if before < pages => {
                    json!({"object": "list", "data": page, "has_more": true}).to_string()
                }
                _ => json!({"object": "list", "data": own, "has_more": false}).to_string(),
            })
        });
        let payments = Stripe::new(account(&stub.address()), options(&Arc::default())).unwrap();
        let receipt = payments.invoice(&invoice(), "k1", &CancelToken::new()).unwrap();
        let asked = stub.asked();
        assert_eq!((receipt.reference.as_str(), asked.len()), ("in_7", asked_for));
        assert_eq!(asked[1].path, "/v1/invoices?customer=cus_1&limit=100&starting_after=in_0_99");
        let search = "/v1/invoices/search?query=metadata%5B%27key%27%5D%3A%27k1%27&limit=10";
        assert_eq!(asked.last().unwrap().path == search, pages == usize::MAX);
    }
}

#[test]
fn an_account_has_one_name_whatever_it_is_called_with() {
    let of = |secret: &str, status: u16| {
        let stub = Stub::start(move |asked, _| {
            assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/v1/account"));
            Reply::status(status, json!({"object": "account", "id": "acct_1"}).to_string())
        });
        let account = Account { secret: secret.into(), ..account(&stub.address()) };
        let payments = Stripe::new(account, options(&Arc::default())).unwrap();
        let ask = || payments.account(&CancelToken::new());
        let (first, second) = (ask(), ask());
        assert_eq!(first, second);
        assert_eq!(stub.count(), if first.is_ok() { 1 } else { 2 }, "it is asked for once");
        first
    };
    assert_eq!((of("sk_1", 200).unwrap(), of("sk_2", 200).unwrap()), ("acct_1".to_owned(), "acct_1".to_owned()));
    // What is known in test mode is not known in live mode.
    assert_eq!(
        (of("sk_test_1", 200).unwrap(), of("rk_test_1", 200).unwrap()),
        ("acct_1 (test)".to_owned(), "acct_1 (test)".to_owned())
    );
    // A restricted key may not ask: it has a name of its own, of which nothing follows.
    let (first, second) = (of("rk_1", 403).unwrap(), of("rk_2", 403).unwrap());
    assert!(first != second && first.len() == 20 && first.starts_with("key-"), "{first}");
    assert_eq!(of("rk_1", 403).unwrap(), first);
    assert!(of("sk_1", 401).unwrap_err().is_final());
}

/// A Stripe that refuses a step for what is in it. Gives how the invoice ends, and what was deleted.
fn refusing(step: &'static str, status: u16, deletes: u16) -> (NotInvoiced, Vec<String>) {
    let items = Items::default();
    let stub = Stub::start(move |asked, _| {
        let (method, path) = (asked.method.as_str(), asked.path.split('?').next().unwrap_or_default());
        if method == "POST" && path == step {
            return Reply::status(status, "{\"error\": {\"message\": \"amount too large\"}}");
        }
        let object = match (method, path) {
            ("GET", "/v1/invoiceitems") => items.list(),
            ("GET", _) => json!({"object": "list", "data": []}),
            ("DELETE", _) => return Reply::status(deletes, json!({"deleted": true}).to_string()),
            ("POST", "/v1/invoiceitems") => items.posted(asked),
            _ => json!({"object": "invoice", "id": "in_7", "status": "draft"}),
        };
        Reply::ok(object.to_string())
    });
    let payments = Stripe::new(account(&stub.address()), options(&Arc::default())).unwrap();
    let not = payments.invoice(&invoice(), "k1", &CancelToken::new()).unwrap_err();
    (not, stub.asked().into_iter().filter(|asked| asked.method == "DELETE").map(|asked| asked.path).collect())
}

#[test]
fn what_stripe_refuses_for_its_content_leaves_nothing_there() {
    let made = ["/v1/invoiceitems/ii_0", "/v1/invoiceitems/ii_1", "/v1/invoices/in_7"].map(str::to_owned);
    for (step, left) in [("/v1/invoiceitems", &made[2..]), ("/v1/invoices/in_7/finalize", &made[..])] {
        for deletes in [200, 404] {
            let (not, deleted) = refusing(step, 400, deletes);
            assert!(
                not.remains == Remains::Nothing && not.error.is_final() && not.to_string().contains("amount too large"),
                "{not}"
            );
            assert_eq!(deleted, left, "{step}");
        }
    }
    let (not, deleted) = refusing("/v1/invoices", 400, 200);
    assert!(not.remains == Remains::Nothing && not.error.is_final() && deleted.is_empty(), "{not:?}");
    // What is refused since the key is wrong may be there, and so is what cannot be taken back.
    for (step, status, deletes) in
        [("/v1/invoices", 401, 200), ("/v1/invoiceitems", 403, 200), ("/v1/invoiceitems", 400, 500)]
    {
        let (not, _) = refusing(step, status, deletes);
        assert!(not.remains == Remains::Unknown, "{step} {status} {deletes}: {not:?}");
    }
    let (not, _) = refusing("/v1/invoiceitems", 400, 403);
    let text = not.to_string();
    assert!(not.remains == Remains::Unknown && !not.error.is_final(), "it is tried again: {not:?}");
    assert!(text.contains("amount too large") && text.contains("the draft in_7 stays"), "{text}");
}

#[test]
fn a_customer_that_the_account_does_not_know_has_no_invoices_there() {
    // Unknown, deleted, there all the same, and nothing to be had about them.
    for (status, customer, remains) in [
        (404, json!({"error": {"message": "No such customer"}}), Remains::NoCustomer),
        (200, json!({"object": "customer", "id": "cus_1", "deleted": true}), Remains::NoCustomer),
        (200, json!({"object": "customer", "id": "cus_1"}), Remains::Nothing),
        (403, json!({}), Remains::Nothing),
    ] {
        let stub = Stub::start(move |asked, _| match asked.path.split('?').next().unwrap_or_default() {
            "/v1/invoices/search" => Reply::ok(json!({"object": "search_result", "data": []}).to_string()),
            "/v1/customers/cus_1" => Reply::status(status, customer.to_string()),
            _ => Reply::status(400, "{\"error\": {\"message\": \"No such customer: 'cus_1'\"}}"),
        });
        let payments = Stripe::new(account(&stub.address()), options(&Arc::default())).unwrap();
        let not = payments.invoice(&invoice(), "k1", &CancelToken::new()).unwrap_err();
        assert!(not.remains == remains && not.to_string().contains("No such customer"), "{not:?}");
        let methods: Vec<String> = stub.asked().iter().map(|asked| asked.method.clone()).collect();
        assert_eq!(methods, ["GET", "GET", "POST", "GET"]);
    }
}
