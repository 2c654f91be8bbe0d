//! A transaction, and what becomes of its connection: one whose transaction did not end cleanly never goes back to the pool.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{Any, Executor as _};
use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;

use super::Connection;
use crate::error::Error;

/// A transaction that writes. It is rolled back unless it is committed.
pub(crate) struct Tx {
    /// Taken out when this is dropped, and only then.
    connection: Option<PoolConnection<Any>>,
    /// Ends after the transaction.
    turn: Option<OwnedMutexGuard<()>>,
    state: State,
}

/// How far a transaction is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It has begun.
    Open,
    /// Its begin or its end was sent, and the answer has not come, or was an error.
    Unsure,
    /// It has ended as it should.
    Over,
}

impl Tx {
    /// Begins with the statement `begin`. Whose turn it is to write stays so until the end.
    pub(super) async fn begin(
        connection: PoolConnection<Any>,
        turn: Option<OwnedMutexGuard<()>>,
        begin: &'static str,
    ) -> Result<Self, sqlx::Error> {
        let mut tx = Self { connection: Some(connection), turn, state: State::Unsure };
        tx.execute(sqlx::raw_sql(begin)).await?;
        tx.state = State::Open;
        Ok(tx)
    }

    /// Makes it last.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.state = State::Unsure;
        self.execute(sqlx::raw_sql("COMMIT")).await?;
        self.state = State::Over;
        Ok(())
    }
}

impl Deref for Tx {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match &self.connection {
            Some(connection) => connection,
            None => unreachable!("it is taken out when this is dropped"),
        }
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Connection {
        match &mut self.connection {
            Some(connection) => connection,
            None => unreachable!("it is taken out when this is dropped"),
        }
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let turn = self.turn.take();
        match (self.state, Handle::try_current()) {
            (State::Over, _) => {}
            (State::Open, Ok(runtime)) => {
                runtime.spawn(async move {
                    // Some errors end a transaction by themselves: then there is none to be rolled back, and the connection
                    // is closed as well.
                    if let Err(error) = connection.execute(sqlx::raw_sql("ROLLBACK")).await {
                        tracing::debug!(%error, "a transaction ended by itself");
                        let _ = connection.close().await;
                    }
                    drop(turn);
                });
            }
            (State::Unsure, Ok(runtime)) => {
                runtime.spawn(async move {
                    // Whatever was begun ends with the connection.
                    let _ = connection.close().await;
                    drop(turn);
                });
            }
            (_, Err(_)) => connection.close_on_drop(),
        }
    }
}
