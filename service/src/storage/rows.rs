//! Many rows in one statement.

use sqlx::AssertSqlSafe;

use super::Connection;
use crate::error::Error;

/// Most values that one statement binds. `SQLite` takes 32,766 and `PostgreSQL` 65,535; beyond a few thousand nothing
/// becomes faster.
const MOST_VALUES: usize = 6_000;

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Real(f64),
    /// Nothing, where there could be a whole number.
    Null,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        value.map_or(Self::Null, Self::Integer)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

/// Inserts rows, hundreds by each statement: `into` is a table with its columns, `stops (plan_id, route)`, of which
/// each row has all;
/// `conflict` is what follows the values, or empty. Where that updates, no two rows may be of one key.
pub(super) async fn insert<const N: usize>(
    connection: &mut Connection,
    into: &str,
    conflict: &str,
    rows: &[[Value; N]],
) -> Result<(), Error> {
    let rows: Vec<&[Value]> = rows.iter().map(<[Value; N]>::as_slice).collect();
    insert_slices(connection, into, conflict, &rows).await
}

/// The same for rows of which the number of columns is known only as the program runs.
pub(super) async fn insert_slices(
    connection: &mut Connection,
    into: &str,
    conflict: &str,
    rows: &[&[Value]],
) -> Result<(), Error> {
    let columns = rows.first().map_or(1, |row| row.len().max(1));
    let most = (MOST_VALUES / columns).max(1);
    for chunk in rows.chunks(most) {
        let statement = format!("INSERT INTO {into} VALUES {} {conflict}", places(chunk.len(), columns));
        // A statement for an odd number of rows will hardly come again: it is not kept.
        let mut query = sqlx::query(AssertSqlSafe(statement)).persistent(chunk.len() == most);
        for value in chunk.iter().copied().flatten() {
            query = match value {
                Value::Text(text) => query.bind(text.clone()),
                Value::Integer(value) => query.bind(*value),
                Value::Real(value) => query.bind(*value),
                Value::Null => query.bind(None::<i64>),
            };
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Places for so many rows of so many columns: `($1, $2), ($3, $4)`.
fn places(rows: usize, columns: usize) -> String {
    let row = |i: usize| {
        let places: Vec<String> = (1..=columns).map(|column| format!("${}", i * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn each_value_has_its_place() {
        assert_eq!(places(1, 3), "($1, $2, $3)");
        assert_eq!(places(3, 2), "($1, $2), ($3, $4), ($5, $6)");
    }
}
