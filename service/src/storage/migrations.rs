//! The schema's steps, up and down. What both databases say alike is written once, with `PostgreSQL`'s names of types.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

/// One step: version, name, and the statements up and down.
pub(crate) type Step = (i64, &'static str, &'static str, &'static str);

macro_rules! step {
    ($version:literal, $folder:literal, $name:literal) => {
        (
            $version,
            $name,
            include_str!(concat!("../../migrations/", $folder, $name, ".up.sql")),
            include_str!(concat!("../../migrations/", $folder, $name, ".down.sql")),
        )
    };
}

/// Steps of the embedded database.
pub(crate) const SQLITE: [Step; 24] = [
    step!(1, "", "0001_identity"),
    step!(2, "", "0002_keys"),
    step!(3, "sqlite/", "0003_one_secret"),
    step!(4, "sqlite/", "0004_audit"),
    step!(5, "", "0005_fleet"),
    step!(6, "", "0006_plans"),
    step!(7, "sqlite/", "0007_readings"),
    step!(8, "sqlite/", "0008_geography"),
    step!(9, "", "0009_networks"),
    step!(10, "", "0010_days"),
    step!(11, "", "0011_outside"),
    step!(12, "", "0012_alternatives"),
    step!(13, "", "0013_analytics"),
    step!(14, "", "0014_drivers"),
    step!(15, "", "0015_forecasts"),
    step!(16, "", "0016_privacy"),
    step!(17, "", "0017_tracking"),
    step!(18, "", "0018_sign_ins"),
    step!(19, "", "0019_passkeys"),
    step!(20, "", "0020_traces"),
    step!(21, "", "0021_demands"),
    step!(22, "sqlite/", "0022_billing"),
    step!(23, "", "0023_begun"),
    step!(24, "", "0024_reports"),
];

/// Steps of `PostgreSQL`.
pub(crate) const POSTGRES: [Step; 24] = [
    step!(1, "", "0001_identity"),
    step!(2, "", "0002_keys"),
    step!(3, "postgres/", "0003_one_secret"),
    step!(4, "postgres/", "0004_audit"),
    step!(5, "", "0005_fleet"),
    step!(6, "", "0006_plans"),
    step!(7, "postgres/", "0007_readings"),
    step!(8, "postgres/", "0008_geography"),
    step!(9, "", "0009_networks"),
    step!(10, "", "0010_days"),
    step!(11, "", "0011_outside"),
    step!(12, "", "0012_alternatives"),
    step!(13, "", "0013_analytics"),
    step!(14, "", "0014_drivers"),
    step!(15, "", "0015_forecasts"),
    step!(16, "", "0016_privacy"),
    step!(17, "", "0017_tracking"),
    step!(18, "", "0018_sign_ins"),
    step!(19, "", "0019_passkeys"),
    step!(20, "", "0020_traces"),
    step!(21, "", "0021_demands"),
    step!(22, "postgres/", "0022_billing"),
    step!(23, "", "0023_begun"),
    step!(24, "", "0024_reports"),
];

/// The tables that each version brings, but for those that follow from others, and what is told of sign-ins and sessions.
pub(super) const TABLES: [(i64, &[&str]); 15] = [
    (22, &["payers", "invoices"]),
    (19, &["passkeys"]),
    (17, &["tracking", "tracked_positions"]),
    (16, &["retention", "erasures"]),
    (15, &["feature_sets", "forecast_models", "forecast_runs"]),
    (14, &["assignments", "reports", "photos", "positions"]),
    (12, &["fronts"]),
    (11, &["provider_accounts", "webhook_endpoints", "outbox", "webhook_events"]),
    (10, &["day_versions", "adaptations", "confirmations"]),
    (9, &["networks", "default_networks"]),
    (7, &["readings"]),
    (6, &["plan_jobs", "plans"]),
    (5, &["depots", "disposal_sites", "vehicles", "drivers", "bins"]),
    (4, &["audit_log"]),
    (1, &["organisations", "users", "factors"]),
];

/// The version that this release works with.
pub(crate) const NEWEST: i64 = 24;

/// The steps as the database library takes them. `types` replaces names of types.
pub(crate) fn migrator(steps: &[Step], types: &[(&str, &str)]) -> Migrator {
    let statements = |text: &str| {
        let text = types.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
        AssertSqlSafe(text).into_sql_str()
    };
    let migrations = steps.iter().flat_map(|&(version, name, up, down)| {
        [(MigrationType::ReversibleUp, up), (MigrationType::ReversibleDown, down)]
            .map(|(kind, text)| Migration::new(version, name.into(), kind, statements(text), false))
    });
    Migrator::with_migrations(migrations.collect())
}
