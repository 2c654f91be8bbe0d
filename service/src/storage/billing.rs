//! What is billed: emptyings that drivers have confirmed, and invoices for them.

use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::Connection;
use super::rows::{self, Value};
use crate::error::Error;

/// An emptying that was confirmed: the newest word on it says that it was done, and so does the newest report of a driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Emptying {
    /// The day, as `2026-12-03`.
    pub(crate) day: String,
    /// The bin.
    pub(crate) code: String,
    /// The bin's name.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) material: String,
    /// Who pays; empty: nobody.
    pub(crate) payer: String,
    /// Kilograms, if they were seen.
    pub(crate) kilograms: Option<i64>,
}

/// Which emptyings.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which<'a> {
    /// Those of the days from one to another that no invoice has; of one payer, unless that is empty.
    Unbilled(&'a str, &'a str, &'a str),
    /// Those that this invoice has.
    Of(&'a str),
}

/// An emptying on an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Item {
    /// The day, as `2026-12-03`.
    pub(crate) day: String,
    /// The bin.
    pub(crate) code: String,
    /// The bin's name.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) material: String,
    /// Kilograms; null: not weighed, and not paid for by weight.
    pub(crate) kilograms: Option<i64>,
    /// Price of the emptying, in the currency's smallest unit.
    pub(crate) emptying_price: i64,
    /// Price of a tonne.
    pub(crate) tonne_price: i64,
    /// What is to be paid, without tax.
    pub(crate) amount: i64,
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Invoice {
    /// Its id.
    pub(crate) id: String,
    /// Who pays.
    pub(crate) payer: String,
    /// The payer's name at the time of the draft.
    pub(crate) name: String,
    /// The first day of the period, as `2026-12-03`.
    pub(crate) from: String,
    /// The last day.
    pub(crate) until: String,
    /// The currency, such as `eur`; all amounts are in its smallest unit.
    pub(crate) currency: String,
    /// How many emptyings it has.
    pub(crate) emptyings: i64,
    /// What is to be paid, without tax.
    pub(crate) net: i64,
    /// The tax.
    pub(crate) tax: i64,
    /// Both.
    pub(crate) total: i64,
    /// The tax, hundredths of a per cent.
    pub(crate) tax_basis_points: i64,
    /// Days until it is due, from when it is sent.
    pub(crate) days_until_due: i64,
    /// `draft`, `approved` (it is to be sent), `sent`, `paid`, `uncollectible`, `voided` or `refunded`. `voided` without a `reference`: it
    /// was withdrawn before anybody took it.
    pub(crate) state: String,
    /// Counts changes.
    pub(crate) version: i64,
    /// Who took it, or where it was begun; empty: nowhere yet.
    pub(crate) provider: String,
    /// The provider's own name for the account in which it was begun. No other one is sent it.
    pub(crate) account: String,
    /// The provider's name for the customer for whom it was begun.
    pub(crate) customer: String,
    /// The provider's name for it.
    pub(crate) reference: String,
    /// Why it is not sent; null: nothing is wrong.
    pub(crate) problem: Option<String>,
    /// Who drafted it.
    pub(crate) drafted_by: String,
    /// When, milliseconds since 1970.
    pub(crate) drafted_at: i64,
    /// Who approved it.
    pub(crate) approved_by: Option<String>,
    /// When that was.
    pub(crate) approved_at: Option<i64>,
    /// When it was sent.
    pub(crate) sent_at: Option<i64>,
    /// When the provider told that it was paid, voided, refunded, or will not be paid.
    pub(crate) settled_at: Option<i64>,
}

const COLUMNS: &str = "id, payer, name, first_day, last_day, currency, emptyings, net, tax, total, tax_basis_points, days_until_due, \
                       state, version, provider, reference, problem, drafted_by, drafted_at, approved_by, approved_at, sent_at, \
                       settled_at, account, customer";

fn invoice(row: &AnyRow) -> Result<Invoice, sqlx::Error> {
    Ok(Invoice {
        id: row.try_get(0)?,
        payer: row.try_get(1)?,
        name: row.try_get(2)?,
        from: row.try_get(3)?,
        until: row.try_get(4)?,
        currency: row.try_get(5)?,
        emptyings: row.try_get(6)?,
        net: row.try_get(7)?,
        tax: row.try_get(8)?,
        total: row.try_get(9)?,
        tax_basis_points: row.try_get(10)?,
        days_until_due: row.try_get(11)?,
        state: row.try_get(12)?,
        version: row.try_get(13)?,
        provider: row.try_get(14)?,
        reference: row.try_get(15)?,
        problem: row.try_get(16)?,
        drafted_by: row.try_get(17)?,
        drafted_at: row.try_get(18)?,
        approved_by: row.try_get(19)?,
        approved_at: row.try_get(20)?,
        sent_at: row.try_get(21)?,
        settled_at: row.try_get(22)?,
        account: row.try_get(23)?,
        customer: row.try_get(24)?,
    })
}

/// What an invoice comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sums {
    /// Emptyings.
    pub(crate) emptyings: i64,
    /// Without tax.
    pub(crate) net: i64,
    /// The tax.
    pub(crate) tax: i64,
}

/// What a provider tells of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It is paid.
    Paid,
    /// It will not be paid.
    Uncollectible,
    /// It was taken back before it was paid.
    Voided,
    /// It was paid, and what was paid was given back.
    Refunded,
}

impl Settled {
    /// The state.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Uncollectible => "uncollectible",
            Self::Voided => "voided",
            Self::Refunded => "refunded",
        }
    }

    /// The state of this name.
    pub(crate) fn of(word: &str) -> Option<Self> {
        [Self::Paid, Self::Uncollectible, Self::Voided, Self::Refunded].into_iter().find(|known| known.word() == word)
    }

    /// The states that it may follow: what providers tell may come late, and in another order.
    const fn follows(self) -> &'static str {
        match self {
            Self::Uncollectible => "'sent'",
            Self::Paid | Self::Voided => "'sent', 'uncollectible'",
            Self::Refunded => "'sent', 'uncollectible', 'paid'",
        }
    }
}

/// Emptyings, and invoices for them.
pub(crate) trait Billing {
    /// Confirmed emptyings by day and bin, at most `limit` reports of them; more are an error of the caller, who asks for one more.
    async fn emptyings(&mut self, org: &str, which: Which<'_>, limit: i64) -> Result<(Vec<Emptying>, i64), Error>;

    /// Makes a draft without items.
    async fn insert_draft(&mut self, org: &str, new: &Invoice) -> Result<(), Error>;

    /// Adds emptyings to an invoice, but for those that another one has.
    async fn insert_items(&mut self, org: &str, invoice: &str, items: &[Item]) -> Result<(), Error>;

    /// Takes all emptyings off an invoice.
    async fn drop_items(&mut self, invoice: &str) -> Result<(), Error>;

    /// The emptyings of an invoice after a day and bin, by day and bin.
    async fn items(&mut self, invoice: &str, after: (&str, &str), limit: i64) -> Result<Vec<Item>, Error>;

    /// Says what a draft comes to, and in which version.
    async fn set_sums(&mut self, invoice: &str, sums: Sums, version: i64) -> Result<(), Error>;

    /// One invoice.
    async fn invoice(&mut self, org: &str, id: &str) -> Result<Option<Invoice>, Error>;

    /// Invoices in a state and of a payer, or all where these are empty, the newest first: those older than `after`, unless that is
    /// empty.
    async fn invoices(&mut self, org: &str, of: (&str, &str), after: &str, limit: i64) -> Result<Vec<Invoice>, Error>;

    /// Deletes a draft. Gives whether there was one.
    async fn delete_draft(&mut self, org: &str, id: &str) -> Result<bool, Error>;

    /// Approves a draft of a version. Gives whether it was one.
    async fn approve_draft(&mut self, of: (&str, &str), version: i64, by: &str, now: i64) -> Result<bool, Error>;

    /// Says what became of an invoice that was sent, by the provider's name for it. Gives its id if that is news. What was on one that is
    /// void can be billed again.
    async fn settle(
        &mut self,
        org: &str,
        by: (&str, &str),
        settled: Settled,
        now: i64,
    ) -> Result<Option<String>, Error>;

    /// What a provider has told of an invoice before it was noted here that it was sent, in the order in which that came.
    async fn told_before(&mut self, org: &str, provider: &str, reference: &str) -> Result<Vec<String>, Error>;
}

impl Billing for Connection {
    async fn emptyings(&mut self, org: &str, which: Which<'_>, limit: i64) -> Result<(Vec<Emptying>, i64), Error> {
        type Row = (String, String, Option<String>, Option<String>, Option<String>, Option<i64>, String);
        let (first, second, third) = match which {
            Which::Unbilled(from, until, payer) => (from, until, payer),
            Which::Of(invoice) => (invoice, "", ""),
        };
        let which = match which {
            Which::Unbilled(..) => {
                "c.day >= $2 AND c.day <= $3 AND ($4 = '' OR b.payer = $4)
                 AND NOT EXISTS (SELECT 1 FROM invoice_items i WHERE i.org_id = c.org_id AND i.day = c.day AND i.code = c.code)"
            }
            Which::Of(_) => {
                "$3 = $4 AND EXISTS (SELECT 1 FROM invoice_items i
                                     WHERE i.invoice_id = $2 AND i.org_id = c.org_id AND i.day = c.day AND i.code = c.code)"
            }
        };
        // Of several reports of a stop the last one comes last.
        let text = format!(
            "SELECT c.day, c.code, b.name, b.material, b.payer, r.amount, r.outcome FROM confirmations c
             JOIN reports r ON r.org_id = c.org_id AND r.day = c.day AND r.code = c.code AND r.activity = c.activity
             LEFT JOIN bins b ON b.org_id = c.org_id AND b.code = c.code
             WHERE c.org_id = $1 AND c.activity = 'client' AND c.outcome = 'done' AND {which}
             ORDER BY c.day, c.code, r.at_second, r.received_at, r.user_id, r.id LIMIT $5"
        );
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(first.to_owned());
        let query = query.bind(second.to_owned()).bind(third.to_owned()).bind(limit);
        let rows: Vec<Row> = query.fetch_all(self).await?;
        let count = rows.len() as i64;
        let mut found: Vec<(Emptying, bool)> = Vec::new();
        for (day, code, name, material, payer, kilograms, outcome) in rows {
            let is_same = found.last().is_some_and(|(last, _)| last.day == day && last.code == code);
            if is_same {
                found.pop();
            }
            let text = Option::unwrap_or_default;
            let (name, material, payer) = (text(name), text(material), text(payer));
            found.push((Emptying { day, code, name, material, payer, kilograms }, outcome == "done"));
        }
        Ok((found.into_iter().filter(|(_, is_done)| *is_done).map(|(emptying, _)| emptying).collect(), count))
    }

    async fn insert_draft(&mut self, org: &str, new: &Invoice) -> Result<(), Error> {
        let row: [Value; 17] = [
            (&new.id).into(),
            org.into(),
            (&new.payer).into(),
            (&new.name).into(),
            (&new.from).into(),
            (&new.until).into(),
            (&new.currency).into(),
            new.emptyings.into(),
            new.net.into(),
            new.tax.into(),
            new.total.into(),
            new.tax_basis_points.into(),
            new.days_until_due.into(),
            (&new.drafted_by).into(),
            new.drafted_at.into(),
            new.version.into(),
            (&new.state).into(),
        ];
        let columns = "invoices (id, org_id, payer, name, first_day, last_day, currency, emptyings, net, tax, total, tax_basis_points, \
                       days_until_due, drafted_by, drafted_at, version, state)";
        rows::insert(self, columns, "", &[row]).await
    }

    async fn insert_items(&mut self, org: &str, invoice: &str, items: &[Item]) -> Result<(), Error> {
        let row = |item: &Item| -> [Value; 10] {
            [
                org.into(),
                (&item.day).into(),
                (&item.code).into(),
                invoice.into(),
                (&item.name).into(),
                (&item.material).into(),
                item.kilograms.into(),
                item.emptying_price.into(),
                item.tonne_price.into(),
                item.amount.into(),
            ]
        };
        let rows: Vec<[Value; 10]> = items.iter().map(row).collect();
        let columns = "invoice_items (org_id, day, code, invoice_id, name, material, kilograms, emptying_price, tonne_price, amount)";
        rows::insert(self, columns, "ON CONFLICT DO NOTHING", &rows).await
    }

    async fn drop_items(&mut self, invoice: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM invoice_items WHERE invoice_id = $1").bind(invoice.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn items(&mut self, invoice: &str, (day, code): (&str, &str), limit: i64) -> Result<Vec<Item>, Error> {
        type Row = (String, String, String, String, Option<i64>, i64, i64, i64);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT day, code, name, material, kilograms, emptying_price, tonne_price, amount FROM invoice_items
             WHERE invoice_id = $1 AND (day > $2 OR (day = $2 AND code > $3)) ORDER BY day, code LIMIT $4",
        )
        .bind(invoice.to_owned())
        .bind(day.to_owned())
        .bind(code.to_owned())
        .bind(limit)
        .fetch_all(self)
        .await?;
        let item = |(day, code, name, material, kilograms, emptying_price, tonne_price, amount)| Item {
            day,
            code,
            name,
            material,
            kilograms,
            emptying_price,
            tonne_price,
            amount,
        };
        Ok(rows.into_iter().map(item).collect())
    }

    async fn set_sums(&mut self, invoice: &str, sums: Sums, version: i64) -> Result<(), Error> {
        sqlx::query(
            "UPDATE invoices SET emptyings = $2, net = $3, tax = $4, total = $5, version = $6
             WHERE id = $1 AND state = 'draft'",
        )
        .bind(invoice.to_owned())
        .bind(sums.emptyings)
        .bind(sums.net)
        .bind(sums.tax)
        .bind(sums.net + sums.tax)
        .bind(version)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn invoice(&mut self, org: &str, id: &str) -> Result<Option<Invoice>, Error> {
        let text = format!("SELECT {COLUMNS} FROM invoices WHERE org_id = $1 AND id = $2");
        let query = sqlx::query(AssertSqlSafe(text)).bind(org.to_owned()).bind(id.to_owned());
        Ok(query.fetch_optional(self).await?.map(|row| invoice(&row)).transpose()?)
    }

    async fn invoices(
        &mut self,
        org: &str,
        (state, payer): (&str, &str),
        after: &str,
        limit: i64,
    ) -> Result<Vec<Invoice>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM invoices WHERE org_id = $1 AND ($2 = '' OR state = $2) AND ($3 = '' OR payer = $3)
                 AND ($4 = '' OR id < $4)
             ORDER BY id DESC LIMIT $5"
        );
        let query = sqlx::query(AssertSqlSafe(text)).bind(org.to_owned()).bind(state.to_owned());
        let query = query.bind(payer.to_owned()).bind(after.to_owned()).bind(limit);
        let rows = query.fetch_all(self).await?;
        Ok(rows.iter().map(invoice).collect::<Result<_, _>>()?)
    }

    async fn delete_draft(&mut self, org: &str, id: &str) -> Result<bool, Error> {
        let query = sqlx::query("DELETE FROM invoices WHERE org_id = $1 AND id = $2 AND state = 'draft'");
        Ok(query.bind(org.to_owned()).bind(id.to_owned()).execute(self).await?.rows_affected() == 1)
    }

    async fn approve_draft(
        &mut self,
        (org, id): (&str, &str),
        version: i64,
        by: &str,
        now: i64,
    ) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE invoices SET state = 'approved', version = version + 1, approved_by = $4, approved_at = $5
             WHERE org_id = $1 AND id = $2 AND version = $3 AND state = 'draft'",
        )
        .bind(org.to_owned())
        .bind(id.to_owned())
        .bind(version)
        .bind(by.to_owned())
        .bind(now)
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn settle(
        &mut self,
        org: &str,
        (provider, reference): (&str, &str),
        settled: Settled,
        now: i64,
    ) -> Result<Option<String>, Error> {
        let text = format!(
            "UPDATE invoices SET state = $4, version = version + 1, settled_at = $5
             WHERE org_id = $1 AND provider = $2 AND reference = $3 AND state IN ({}) RETURNING id",
            settled.follows()
        );
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(provider.to_owned());
        let query = query.bind(reference.to_owned()).bind(settled.word()).bind(now);
        let row: Option<(String,)> = query.fetch_optional(&mut *self).await?;
        if let Some((id,)) = row.as_ref().filter(|_| settled == Settled::Voided) {
            // What is on it can be billed again, rightly this time.
            self.drop_items(id).await?;
        }
        Ok(row.map(|(id,)| id))
    }

    async fn told_before(&mut self, org: &str, provider: &str, reference: &str) -> Result<Vec<String>, Error> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT fate FROM webhook_events WHERE org_id = $1 AND provider = $2 AND reference = $3 AND fate <> ''
             ORDER BY received_at, event_id",
        )
        .bind(org.to_owned())
        .bind(provider.to_owned())
        .bind(reference.to_owned())
        .fetch_all(self)
        .await?;
        Ok(rows.into_iter().map(|(fate,)| fate).collect())
    }
}
