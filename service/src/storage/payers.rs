//! Who pays, towards providers of payments. What else is known of payers is part of the fleet.

use super::Connection;
use crate::error::Error;

/// Who pays, towards the provider: row, name, mail, and the provider's names for the customer, as given and as made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownPayer {
    /// The row.
    pub(crate) id: String,
    /// Name.
    pub(crate) name: String,
    /// Where invoices go.
    pub(crate) email: String,
    /// The provider's name for the customer; empty: none yet.
    pub(crate) customer: String,
    /// That of a customer who is no longer there; empty: there was none.
    pub(crate) former: String,
}

/// Payers, as providers know them.
pub(crate) trait Payers {
    /// Who pays, towards an account: one that was made known to another account is not known to this one.
    async fn known_payer(&mut self, org: &str, code: &str, account: &str) -> Result<Option<KnownPayer>, Error>;

    /// Forgets the customer that was made for the payer of an invoice: it is no longer there. One that was given stays.
    async fn forget_known_payer(&mut self, invoice: &str) -> Result<(), Error>;

    /// Remembers the customer that was made for a payer, and the account that knows it.
    async fn set_known_payer(&mut self, id: &str, customer: &str, account: &str) -> Result<(), Error>;
}

impl Payers for Connection {
    async fn known_payer(&mut self, org: &str, code: &str, account: &str) -> Result<Option<KnownPayer>, Error> {
        let row: Option<(String, String, String, String, String)> = sqlx::query_as(
            "SELECT id, name, email,
                    CASE WHEN customer <> '' THEN customer WHEN known_at = $3 THEN known_as ELSE '' END,
                    CASE WHEN known_at = '' THEN known_as ELSE '' END
             FROM payers WHERE org_id = $1 AND code = $2",
        )
        .bind(org.to_owned())
        .bind(code.to_owned())
        .bind(account.to_owned())
        .fetch_optional(self)
        .await?;
        Ok(row.map(|(id, name, email, customer, former)| KnownPayer { id, name, email, customer, former }))
    }

    async fn forget_known_payer(&mut self, invoice: &str) -> Result<(), Error> {
        sqlx::query(
            "UPDATE payers SET known_at = '' WHERE known_as <> '' AND EXISTS
                 (SELECT 1 FROM invoices i WHERE i.id = $1 AND i.org_id = payers.org_id AND i.payer = payers.code
                      AND i.account = payers.known_at AND i.customer = payers.known_as)",
        )
        .bind(invoice.to_owned())
        .execute(self)
        .await?;
        Ok(())
    }

    async fn set_known_payer(&mut self, id: &str, customer: &str, account: &str) -> Result<(), Error> {
        let query = sqlx::query("UPDATE payers SET known_as = $2, known_at = $3 WHERE id = $1 AND customer = ''");
        query.bind(id.to_owned()).bind(customer.to_owned()).bind(account.to_owned()).execute(self).await?;
        Ok(())
    }
}
