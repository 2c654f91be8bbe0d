//! Tests of the service as a whole, each over both databases.

mod accounts;
mod administrators;
mod alternatives;
mod analytics;
mod audit;
mod backups;
mod begun;
mod billing;
mod boards;
mod collisions;
mod days;
mod deliveries;
mod description;
mod driving;
mod features;
mod forecasts;
mod fuzz;
mod guessing;
mod interface;
mod keys;
mod late_routes;
mod many_invoices;
mod migration;
mod networks;
mod outside;
mod passkeys;
mod payments;
mod plans;
mod pragmatic;
mod privacy;
mod progress;
mod readings;
mod rows;
mod schema;
mod second_factor;
mod sign_ins;
#[expect(dead_code, reason = "the stub of the sources, which use more of it")]
#[path = "../../../sources/src/tests/stub.rs"]
mod stub;
mod tokens;
mod tracking;
mod vroom;
mod world;

/// Runs each test over both databases. Those over `PostgreSQL` need a server: `cargo xtask test` starts one.
macro_rules! over_both_stores {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::testing::world::World::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs PostgreSQL, which `cargo xtask test` starts"]
            async fn $name() {
                super::$name(crate::testing::world::World::postgres().await).await;
            })*
        }
    };
}
pub(crate) use over_both_stores;
