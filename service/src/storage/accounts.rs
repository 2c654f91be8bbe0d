//! Organisations, users, roles, and the links by which accounts are made.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::Connection;
use super::rows::{self, Value};
use crate::error::Error;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct User {
    /// Its id.
    pub(crate) id: String,
    /// E-mail address.
    pub(crate) email: String,
    /// Name.
    pub(crate) name: String,
    /// `active` or `disabled`.
    pub(crate) status: String,
    /// Names of the roles.
    pub(crate) roles: BTreeSet<String>,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Role {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// What it allows.
    pub(crate) permissions: BTreeSet<String>,
}

/// An account as signing in needs it.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// The user.
    pub(crate) user: String,
    /// The organisation.
    pub(crate) org: String,
    /// The hash of the password.
    pub(crate) password_hash: String,
    /// `active` or `disabled`.
    pub(crate) status: String,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewAccount<'a> {
    /// Its id.
    pub(crate) id: &'a str,
    /// The organisation.
    pub(crate) org: &'a str,
    /// E-mail address, in lower case.
    pub(crate) email: &'a str,
    /// Name.
    pub(crate) name: &'a str,
    /// The hash of the password.
    pub(crate) password_hash: &'a str,
}

type Row = (String, String, String, String);

/// Users with the roles that they have.
fn with_roles(rows: Vec<Row>, given: Vec<(String, String)>) -> Vec<User> {
    let mut roles: HashMap<String, BTreeSet<String>> = HashMap::new();
    for (user, role) in given {
        roles.entry(user).or_default().insert(role);
    }
    let user = |(id, email, name, status): Row| {
        let roles = roles.remove(&id).unwrap_or_default();
        User { id, email, name, status, roles }
    };
    rows.into_iter().map(user).collect()
}

/// Organisations and their users.
pub(crate) trait Accounts {
    /// Makes an organisation.
    async fn insert_organisation(&mut self, id: &str, name: &str, now: i64) -> Result<(), Error>;

    /// Whoever else holds the organisation waits until this transaction has ended.
    async fn hold_organisation(&mut self, org: &str) -> Result<(), Error>;

    /// All users of all organisations.
    async fn count_users(&mut self) -> Result<i64, Error>;

    /// Users of an organisation after the id `after`, by id.
    async fn users(&mut self, org: &str, after: &str, limit: i64) -> Result<Vec<User>, Error>;

    /// One user of an organisation.
    async fn user(&mut self, org: &str, id: &str) -> Result<Option<User>, Error>;

    /// The account of an e-mail address.
    async fn account(&mut self, email: &str) -> Result<Option<Account>, Error>;

    /// Makes an active account; the error is a conflict if the address is taken.
    async fn insert_user(&mut self, new: &NewAccount<'_>, now: i64) -> Result<(), Error>;

    /// Makes a user of an organisation `active` or `disabled`; says whether there is such a user.
    async fn set_status(&mut self, org: &str, id: &str, status: &'static str) -> Result<bool, Error>;

    /// How many active users of an organisation have the role of this name.
    async fn count_with_role(&mut self, org: &str, role: &str) -> Result<i64, Error>;

    /// The hash of a user's password.
    async fn password_hash(&mut self, user: &str) -> Result<Option<String>, Error>;

    /// Replaces it.
    async fn set_password_hash(&mut self, user: &str, hash: &str) -> Result<(), Error>;

    /// From when on an organisation demands a second factor, milliseconds since 1970; none: it does not.
    async fn second_factor_from(&mut self, org: &str) -> Result<Option<i64>, Error>;

    /// Sets that.
    async fn set_second_factor_from(&mut self, org: &str, from: Option<i64>) -> Result<(), Error>;
}

impl Accounts for Connection {
    async fn second_factor_from(&mut self, org: &str) -> Result<Option<i64>, Error> {
        let query = sqlx::query_as("SELECT second_factor_from FROM organisations WHERE id = $1");
        let (from,) = query.bind(org.to_owned()).fetch_one(self).await?;
        Ok(from)
    }

    async fn set_second_factor_from(&mut self, org: &str, from: Option<i64>) -> Result<(), Error> {
        let query = sqlx::query("UPDATE organisations SET second_factor_from = $2 WHERE id = $1");
        query.bind(org.to_owned()).bind(from).execute(self).await?;
        Ok(())
    }

    async fn insert_organisation(&mut self, id: &str, name: &str, now: i64) -> Result<(), Error> {
        let query = sqlx::query("INSERT INTO organisations (id, name, created_at) VALUES ($1, $2, $3)");
        query.bind(id.to_owned()).bind(name.to_owned()).bind(now).execute(self).await?;
        Ok(())
    }

    async fn hold_organisation(&mut self, org: &str) -> Result<(), Error> {
        sqlx::query("UPDATE organisations SET name = name WHERE id = $1").bind(org.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn count_users(&mut self) -> Result<i64, Error> {
        let (users,) = sqlx::query_as("SELECT COUNT(*) FROM users").fetch_one(self).await?;
        Ok(users)
    }

    async fn users(&mut self, org: &str, after: &str, limit: i64) -> Result<Vec<User>, Error> {
        let query = sqlx::query_as(
            "SELECT id, email, name, status FROM users WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        );
        let rows: Vec<Row> =
            query.bind(org.to_owned()).bind(after.to_owned()).bind(limit).fetch_all(&mut *self).await?;
        let last = rows.last().map(|(id, ..)| id.clone()).unwrap_or_default();
        let query = sqlx::query_as(
            "SELECT g.user_id, r.name FROM user_roles g JOIN roles r ON r.id = g.role_id
             WHERE r.org_id = $1 AND g.user_id > $2 AND g.user_id <= $3",
        );
        let given = query.bind(org.to_owned()).bind(after.to_owned()).bind(last).fetch_all(self).await?;
        Ok(with_roles(rows, given))
    }

    async fn user(&mut self, org: &str, id: &str) -> Result<Option<User>, Error> {
        let query = sqlx::query_as("SELECT id, email, name, status FROM users WHERE org_id = $1 AND id = $2");
        let row: Option<Row> = query.bind(org.to_owned()).bind(id.to_owned()).fetch_optional(&mut *self).await?;
        let query = sqlx::query_as(
            "SELECT g.user_id, r.name FROM user_roles g JOIN roles r ON r.id = g.role_id WHERE r.org_id = $1 AND g.user_id = $2",
        );
        let given = query.bind(org.to_owned()).bind(id.to_owned()).fetch_all(self).await?;
        Ok(with_roles(row.into_iter().collect(), given).pop())
    }

    async fn account(&mut self, email: &str) -> Result<Option<Account>, Error> {
        let query = sqlx::query_as("SELECT id, org_id, password_hash, status FROM users WHERE email = $1");
        let row: Option<Row> = query.bind(email.to_owned()).fetch_optional(self).await?;
        Ok(row.map(|(user, org, password_hash, status)| Account { user, org, password_hash, status }))
    }

    async fn insert_user(&mut self, new: &NewAccount<'_>, now: i64) -> Result<(), Error> {
        let mut query = sqlx::query(
            "INSERT INTO users (id, org_id, email, name, password_hash, status, created_at)
             VALUES ($1, $2, $3, $4, $5, 'active', $6)",
        );
        for text in [new.id, new.org, new.email, new.name, new.password_hash] {
            query = query.bind(text.to_owned());
        }
        query.bind(now).execute(self).await?;
        Ok(())
    }

    async fn set_status(&mut self, org: &str, id: &str, status: &'static str) -> Result<bool, Error> {
        let query = sqlx::query("UPDATE users SET status = $1 WHERE id = $2 AND org_id = $3").bind(status);
        Ok(query.bind(id.to_owned()).bind(org.to_owned()).execute(self).await?.rows_affected() > 0)
    }

    async fn count_with_role(&mut self, org: &str, role: &str) -> Result<i64, Error> {
        let query = sqlx::query_as(
            "SELECT COUNT(DISTINCT u.id) FROM users u JOIN user_roles g ON g.user_id = u.id JOIN roles r ON r.id = g.role_id
             WHERE u.org_id = $1 AND u.status = 'active' AND r.name = $2",
        );
        let (users,) = query.bind(org.to_owned()).bind(role.to_owned()).fetch_one(self).await?;
        Ok(users)
    }

    async fn password_hash(&mut self, user: &str) -> Result<Option<String>, Error> {
        let query = sqlx::query_as("SELECT password_hash FROM users WHERE id = $1").bind(user.to_owned());
        let row: Option<(String,)> = query.fetch_optional(self).await?;
        Ok(row.map(|(hash,)| hash))
    }

    async fn set_password_hash(&mut self, user: &str, hash: &str) -> Result<(), Error> {
        let query = sqlx::query("UPDATE users SET password_hash = $1 WHERE id = $2");
        query.bind(hash.to_owned()).bind(user.to_owned()).execute(self).await?;
        Ok(())
    }
}

/// Roles, what they allow, and who has them.
pub(crate) trait Roles {
    /// All roles of an organisation, by name.
    async fn roles(&mut self, org: &str) -> Result<Vec<Role>, Error>;

    /// The role of an organisation of this name.
    async fn role_of_name(&mut self, org: &str, name: &str) -> Result<Option<String>, Error>;

    /// Whether an organisation has a role.
    async fn has_role(&mut self, org: &str, id: &str) -> Result<bool, Error>;

    /// Makes a role that allows nothing; the error is a conflict if there is one of this name.
    async fn insert_role(&mut self, org: &str, id: &str, name: &str) -> Result<(), Error>;

    /// Lets a role allow exactly this.
    async fn set_permissions(&mut self, role: &str, permissions: &[&str]) -> Result<(), Error>;

    /// What a user may do.
    async fn permissions(&mut self, user: &str) -> Result<BTreeSet<String>, Error>;

    /// Gives a user a role of an organisation; says whether there is such a role, and the user did not have it.
    async fn give_role(&mut self, org: &str, user: &str, role: &str) -> Result<bool, Error>;

    /// Takes all roles from a user.
    async fn take_roles(&mut self, user: &str) -> Result<(), Error>;
}

impl Roles for Connection {
    async fn roles(&mut self, org: &str) -> Result<Vec<Role>, Error> {
        let rows: Vec<(String, String, Option<String>)> = sqlx::query_as(
            "SELECT r.id, r.name, p.permission FROM roles r LEFT JOIN role_permissions p ON p.role_id = r.id
             WHERE r.org_id = $1 ORDER BY r.name, p.permission",
        )
        .bind(org.to_owned())
        .fetch_all(self)
        .await?;
        let mut roles: Vec<Role> = Vec::new();
        for (id, name, permission) in rows {
            if roles.last().is_none_or(|role| role.id != id) {
                roles.push(Role { id, name, permissions: BTreeSet::new() });
            }
            if let (Some(role), Some(permission)) = (roles.last_mut(), permission) {
                role.permissions.insert(permission);
            }
        }
        Ok(roles)
    }

    async fn role_of_name(&mut self, org: &str, name: &str) -> Result<Option<String>, Error> {
        let query = sqlx::query_as("SELECT id FROM roles WHERE org_id = $1 AND name = $2");
        let row: Option<(String,)> = query.bind(org.to_owned()).bind(name.to_owned()).fetch_optional(self).await?;
        Ok(row.map(|(id,)| id))
    }

    async fn has_role(&mut self, org: &str, id: &str) -> Result<bool, Error> {
        let query = sqlx::query_as("SELECT id FROM roles WHERE id = $1 AND org_id = $2");
        let row: Option<(String,)> = query.bind(id.to_owned()).bind(org.to_owned()).fetch_optional(self).await?;
        Ok(row.is_some())
    }

    async fn insert_role(&mut self, org: &str, id: &str, name: &str) -> Result<(), Error> {
        let query = sqlx::query("INSERT INTO roles (id, org_id, name) VALUES ($1, $2, $3)");
        query.bind(id.to_owned()).bind(org.to_owned()).bind(name.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn set_permissions(&mut self, role: &str, permissions: &[&str]) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM role_permissions WHERE role_id = $1").bind(role.to_owned());
        query.execute(&mut *self).await?;
        let rows: Vec<[Value; 2]> = permissions.iter().map(|permission| [role.into(), (*permission).into()]).collect();
        rows::insert(self, "role_permissions (role_id, permission)", "ON CONFLICT DO NOTHING", &rows).await
    }

    async fn permissions(&mut self, user: &str) -> Result<BTreeSet<String>, Error> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT DISTINCT p.permission FROM user_roles u JOIN role_permissions p ON p.role_id = u.role_id
             WHERE u.user_id = $1",
        )
        .bind(user.to_owned())
        .fetch_all(self)
        .await?;
        Ok(rows.into_iter().map(|(permission,)| permission).collect())
    }

    async fn give_role(&mut self, org: &str, user: &str, role: &str) -> Result<bool, Error> {
        let query = sqlx::query(
            "INSERT INTO user_roles (user_id, role_id)
             SELECT CAST($1 AS TEXT), id FROM roles WHERE id = $2 AND org_id = $3 ON CONFLICT DO NOTHING",
        );
        let query = query.bind(user.to_owned()).bind(role.to_owned()).bind(org.to_owned());
        Ok(query.execute(self).await?.rows_affected() > 0)
    }

    async fn take_roles(&mut self, user: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM user_roles WHERE user_id = $1").bind(user.to_owned()).execute(self).await?;
        Ok(())
    }
}

/// One-time links by which accounts are made. They are named by the hash of their secret.
pub(crate) trait Invitations {
    /// Makes a link: into a role of an organisation, or to found one.
    async fn insert_link(&mut self, hash: &[u8], into: Option<(&str, &str)>, expires_at: i64) -> Result<(), Error>;

    /// Deletes the links by which organisations are founded.
    async fn drop_founder_links(&mut self) -> Result<(), Error>;

    /// Whether a link can be used.
    async fn is_link_valid(&mut self, hash: &[u8], now: i64) -> Result<bool, Error>;

    /// Uses a link up; gives the organisation and the role that it leads into, if it could be used.
    async fn use_link(&mut self, hash: &[u8], now: i64) -> Result<Option<(Option<String>, Option<String>)>, Error>;
}

impl Invitations for Connection {
    async fn insert_link(&mut self, hash: &[u8], into: Option<(&str, &str)>, expires_at: i64) -> Result<(), Error> {
        sqlx::query("INSERT INTO invitations (hash, org_id, role_id, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(hash.to_vec())
            .bind(into.map(|(org, _)| org.to_owned()))
            .bind(into.map(|(_, role)| role.to_owned()))
            .bind(expires_at)
            .execute(self)
            .await?;
        Ok(())
    }

    async fn drop_founder_links(&mut self) -> Result<(), Error> {
        sqlx::query("DELETE FROM invitations WHERE org_id IS NULL").execute(self).await?;
        Ok(())
    }

    async fn is_link_valid(&mut self, hash: &[u8], now: i64) -> Result<bool, Error> {
        let query = sqlx::query_as(
            "SELECT expires_at FROM invitations WHERE hash = $1 AND used_at IS NULL AND expires_at > $2",
        );
        let row: Option<(i64,)> = query.bind(hash.to_vec()).bind(now).fetch_optional(self).await?;
        Ok(row.is_some())
    }

    async fn use_link(&mut self, hash: &[u8], now: i64) -> Result<Option<(Option<String>, Option<String>)>, Error> {
        let query = sqlx::query_as(
            "UPDATE invitations SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND expires_at > $1
             RETURNING org_id, role_id",
        );
        Ok(query.bind(now).bind(hash.to_vec()).fetch_optional(self).await?)
    }
}
