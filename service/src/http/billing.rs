//! Invoices for emptyings that drivers have confirmed.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::{App, BillingManage, Caller};
use super::admin::{Asked, Page, asked};
use super::input::Input;
use super::problem::Problem;
use crate::billing::{self, Approval, Approved, Draft, Drafted, Invoice, Item, Left, Period};
use crate::forecasts;

/// Most days of a period.
const LONGEST: i64 = 366;
/// How many days back a period may begin. Invoices are kept for longer, so that nothing is billed a second time.
const BACK: i64 = 1_095;
/// The states of an invoice.
const STATES: [&str; 7] = ["draft", "approved", "sent", "paid", "uncollectible", "voided", "refunded"];

/// For which days invoices are drafted.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct ToDraft {
    /// The first day, as `2026-12-01`: at most three years ago.
    #[schema(min_length = 10, max_length = 10)]
    from: String,
    /// The last day, as `2026-12-31`.
    #[schema(min_length = 10, max_length = 10)]
    until: String,
    /// Code of who pays; everybody unless given.
    #[schema(min_length = 1, max_length = 64)]
    payer: Option<String>,
}

#[utoipa::path(post, path = "/v1/invoices", operation_id = "draft_invoices", tag = "billing",
    security(("bearer" = ["billing:manage"])), request_body = ToDraft,
    responses((status = 201, description = "the drafts, how many payers are left, and what is on none of them", body = Drafted)))]
/// Drafts an invoice for each payer, of the emptyings of a period that drivers have confirmed and no invoice has: for 200 payers at a time.
/// Where `payers_left` is not 0, ask again.
pub(super) async fn draft(
    State(app): State<App>,
    caller: Caller<BillingManage>,
    mut input: Input,
) -> Result<(StatusCode, Json<Drafted>), Problem> {
    let (from, until) = (input.text("from", 10..=10), input.text("until", 10..=10));
    let payer = input.text_or_none("payer", 1..=64).unwrap_or_default();
    let today = jiff::Timestamp::from_millisecond(app.clock.now()).unwrap_or_default();
    let earliest = today.to_zoned(TimeZone::UTC).date().saturating_sub(BACK.days());
    let mut read = |name: &str, text: &str| -> Option<Date> {
        let date = forecasts::date(text);
        if date.is_none() && !text.is_empty() {
            input.fault(name, format!("{text:?}: give a day such as 2026-12-03"));
        }
        date
    };
    if let (Some(first), Some(last)) = (read("from", &from), read("until", &until)) {
        if first < earliest {
            input.fault("from", format!("{first}: give {earliest} or a later day"));
        }
        if last < first || last.saturating_sub(LONGEST.days()) >= first {
            input.fault("until", format!("{last}: give the first day or a later one, at most {LONGEST} days in all"));
        }
    }
    input.finish()?;
    match billing::draft(&app.ledger, &caller.who, &Period { from, until, payer }).await? {
        Draft::Done(drafted) => Ok((StatusCode::CREATED, Json(drafted))),
        Draft::TooMuch => {
            let text = "there is too much to be billed at once: give a shorter period, or one payer";
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", text))
        }
    }
}

/// Which invoices.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// In this state alone.
    #[serde(default)]
    #[param(pattern = "^(draft|approved|sent|paid|uncollectible|voided|refunded)?$")]
    state: String,
    /// Of this payer alone.
    #[serde(default)]
    #[param(max_length = 64)]
    payer: String,
    /// Only those older than the invoice of this id.
    #[serde(default)]
    #[param(max_length = 200)]
    after: String,
    /// How many at most.
    #[serde(default = "hundred")]
    #[param(minimum = 1, maximum = 1000)]
    limit: i64,
}

fn hundred() -> i64 {
    100
}

#[utoipa::path(get, path = "/v1/invoices", operation_id = "list_invoices", tag = "billing",
    security(("bearer" = ["billing:manage"])), params(Which),
    responses((status = 200, description = "invoices, the newest first", body = [Invoice])))]
/// Lists invoices. The next page is what comes after the last one's id.
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller<BillingManage>,
    which: Asked<Which>,
) -> Result<Json<Vec<Invoice>>, Problem> {
    let Which { state, payer, after, limit } = asked(which)?;
    let page = Page { after, limit };
    let limit = page.limit()?;
    if !state.is_empty() && !STATES.contains(&state.as_str()) {
        return Err(Problem::fault("?state", format!("give one of {}", STATES.join(", "))));
    }
    Ok(Json(billing::list(&app.ledger, &caller.who.org, (&state, &payer), (&page.after, limit)).await?))
}

/// Which of an invoice's emptyings.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Emptyings {
    /// Only those after a day and bin, as `2026-12-03 b7`.
    #[serde(default)]
    #[param(max_length = 200)]
    after: String,
    /// How many at most.
    #[serde(default = "thousand")]
    #[param(minimum = 1, maximum = 1000)]
    limit: i64,
}

fn thousand() -> i64 {
    1_000
}

/// An invoice with what is on it.
#[derive(Serialize, ToSchema)]
pub(super) struct WholeInvoice {
    /// The invoice.
    #[serde(flatten)]
    invoice: Invoice,
    /// The emptyings, by day and bin: a page of them.
    items: Vec<Item>,
}

#[utoipa::path(get, path = "/v1/invoices/{id}", operation_id = "find_invoice", tag = "billing",
    security(("bearer" = ["billing:manage"])), params(("id" = String, Path, description = "the invoice"), Emptyings),
    responses((status = 200, description = "with its emptyings", body = WholeInvoice)))]
/// One invoice, with a page of its emptyings. The next page is what comes after the last one's day and bin.
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller<BillingManage>,
    Path(id): Path<String>,
    which: Asked<Emptyings>,
) -> Result<Json<WholeInvoice>, Problem> {
    let Emptyings { after, limit } = asked(which)?;
    let page = Page { after, limit };
    let from = match page.after.split_once(' ') {
        Some((day, code)) if forecasts::date(day).is_some() => (day, code),
        None if page.after.is_empty() => ("", ""),
        _ => return Err(Problem::fault("?after", "give a day and a bin, such as 2026-12-03 b7")),
    };
    let found = billing::find(&app.ledger, &caller.who.org, &id, (from, page.limit()?)).await?;
    let (invoice, items) = found.ok_or_else(Problem::missing)?;
    Ok(Json(WholeInvoice { invoice, items }))
}

#[utoipa::path(delete, path = "/v1/invoices/{id}", operation_id = "delete_invoice", tag = "billing",
    security(("bearer" = ["billing:manage"])), params(("id" = String, Path, description = "a draft")),
    responses((status = 204, description = "deleted: its emptyings can be billed again")))]
/// Deletes a draft. What was approved stays.
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller<BillingManage>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    match billing::delete(&app.ledger, &caller.who, &id).await? {
        Some(true) => Ok(StatusCode::NO_CONTENT),
        Some(false) => {
            let text = "it was approved: only drafts are deleted, and what cannot be sent is withdrawn";
            Err(Problem::new(StatusCode::CONFLICT, "not_a_draft", text))
        }
        None => Err(Problem::missing()),
    }
}

/// What you saw.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct SeenInvoice {
    /// The version that you saw.
    #[schema(minimum = 1)]
    version: i64,
    /// The total that you saw, in the currency's smallest unit.
    #[schema(minimum = 1)]
    total: i64,
}

#[utoipa::path(post, path = "/v1/invoices/{id}/approval", operation_id = "approve_invoice", tag = "billing",
    security(("bearer" = ["billing:manage"])), params(("id" = String, Path, description = "a draft")),
    request_body = SeenInvoice, responses((status = 200, description = "it is sent", body = Invoice)))]
/// Approves a draft, which is then sent. Refused if it is another one than was seen: in its version, in its total, or by what drivers
/// have said since. Then it is to be approved as it is by then.
pub(super) async fn approve(
    State(app): State<App>,
    caller: Caller<BillingManage>,
    Path(id): Path<String>,
    mut input: Input,
) -> Result<Json<Invoice>, Problem> {
    let version = input.number("version", 1..=i64::MAX, "give the version that you saw");
    let total = input.number("total", 1..=i64::MAX, "give the total that you saw");
    input.finish()?;
    let conflict = |code, text: String| Err(Problem::new(StatusCode::CONFLICT, code, text));
    let seen = Approval { version, total };
    match billing::approve(&app.ledger, &caller.who, &id, seen).await? {
        Approved::Done(invoice) => {
            app.wake_outbox.notify_one();
            Ok(Json(invoice))
        }
        Approved::Missing => Err(Problem::missing()),
        Approved::NotADraft(state) => conflict("not_a_draft", format!("it is {state} already")),
        Approved::Stale(Invoice { version, total, .. }) => {
            let text = format!("its version is {version} and its total {total} by now: look at it, and send these");
            conflict("invoice_changed", text)
        }
        Approved::Changed(Some(Invoice { version, total, .. })) => {
            let text = format!(
                "drivers have said something else since it was drafted: its version is {version} and its total {total} now"
            );
            conflict("invoice_changed", text)
        }
        Approved::Changed(None) => {
            let text = "drivers have said since that nothing of it was done: it is gone".to_owned();
            conflict("invoice_changed", text)
        }
    }
}

/// Which version you saw.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct SeenVersion {
    /// The version that you saw.
    #[schema(minimum = 1)]
    version: i64,
}

#[utoipa::path(post, path = "/v1/invoices/{id}/withdrawal", operation_id = "withdraw_invoice", tag = "billing",
    security(("bearer" = ["billing:manage"])), params(("id" = String, Path, description = "an approved invoice")),
    request_body = SeenVersion, responses((status = 200, description = "it is void: its emptyings can be billed again", body = Invoice)))]
/// Withdraws an approved invoice that cannot be sent, or was not begun yet. Refused while it is being sent, and where something of it may be
/// at a provider.
pub(super) async fn withdraw(
    State(app): State<App>,
    caller: Caller<BillingManage>,
    Path(id): Path<String>,
    mut input: Input,
) -> Result<Json<Invoice>, Problem> {
    let version = input.number("version", 1..=i64::MAX, "give the version that you saw");
    input.finish()?;
    left(billing::withdraw(&app.ledger, &caller.who, &id, version).await?)
}

/// What became of an invoice where it was begun.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct Resolution {
    /// The version that you saw.
    #[schema(minimum = 1)]
    version: i64,
    /// Whether it was made there.
    was_made: bool,
    /// If so: the provider's name for it, such as `in_…`.
    #[schema(min_length = 1, max_length = 200)]
    reference: Option<String>,
}

#[utoipa::path(post, path = "/v1/invoices/{id}/resolution", operation_id = "resolve_invoice", tag = "billing",
    security(("bearer" = ["billing:manage"])), params(("id" = String, Path, description = "an approved invoice that was given up")),
    request_body = Resolution,
    responses((status = 200, description = "it is sent, or can be sent anew or withdrawn", body = Invoice)))]
/// Says what became of an invoice at the account in which it was begun, where that can no longer be asked: look there first. If it was
/// made, it is sent; if not, it can be sent anew, by the account that is set up now, or withdrawn.
pub(super) async fn resolve(
    State(app): State<App>,
    caller: Caller<BillingManage>,
    Path(id): Path<String>,
    mut input: Input,
) -> Result<Json<Invoice>, Problem> {
    let version = input.number("version", 1..=i64::MAX, "give the version that you saw");
    if !input.has("was_made") {
        input.fault("was_made", "give true or false");
    }
    let was_made = input.flag("was_made");
    let reference = input.text_or_none("reference", 1..=200);
    if was_made.is_some_and(|was_made| was_made != reference.is_some()) {
        input.fault("reference", "give the provider's name for the invoice if it was made, and none if not");
    }
    input.finish()?;
    left(billing::resolve(&app.ledger, &caller.who, &id, (version, reference.as_deref())).await?)
}

/// The answer to a request about an invoice that was approved.
fn left(became: Left) -> Result<Json<Invoice>, Problem> {
    let conflict = |code, text: String| Err(Problem::new(StatusCode::CONFLICT, code, text));
    match became {
        Left::Done(invoice) => Ok(Json(invoice)),
        Left::Missing => Err(Problem::missing()),
        Left::NotApproved(state) => conflict("not_approved", format!("it is {state}, and not approved")),
        Left::Stale(Invoice { version, .. }) => {
            conflict("invoice_changed", format!("its version is {version} by now: look at it, and send this one"))
        }
        Left::UnderWay => conflict("under_way", "it is being sent: wait until it is sent or given up".to_owned()),
        Left::MayBeMade(Invoice { provider, account, .. }) => {
            let text = format!(
                "something of it may be at {provider}, account {account}: retry, or look there and say what became of it"
            );
            conflict("may_be_made", text)
        }
        Left::NotBegun => {
            conflict("not_begun", "no provider has anything of it: have it sent, or withdraw it".to_owned())
        }
        Left::Taken => conflict("reference_taken", "another invoice has this name at the provider".to_owned()),
    }
}
