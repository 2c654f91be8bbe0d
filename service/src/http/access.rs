//! Who asks, and whether they may.

use std::marker::PhantomData;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;

use super::problem::Problem;
use super::shares::Shares;
use super::streams::Streams;
use crate::auth::sessions::Identity;
use crate::config::Config;
use crate::services::Services;

/// Uploads of networks at a time: each keeps a request and a file open for long.
const UPLOADS: usize = 4;
/// Large bodies at a time: each is kept in memory while it is read, and what is made of it.
const LARGE: usize = 8;
/// Photos that are received at a time; others wait.
const PHOTOS: usize = 16;
/// Photos of one user that are received, or wait, at a time.
const PHOTOS_OF_EACH: usize = 2;
/// Adaptations at a time.
const ADAPTATIONS: usize = 16;
/// Plans that are laid out or judged at a time; others wait.
const LAYING_OUT: usize = 4;

/// What every handler can reach.
#[derive(Debug)]
pub(crate) struct AppState {
    /// What does the work.
    services: Services,
    /// Uploads of networks under way.
    pub(crate) uploads: Semaphore,
    /// Requests under way.
    pub(crate) slots: Arc<Shares<IpAddr>>,
    /// Large bodies that are kept and read.
    pub(crate) large: Arc<Semaphore>,
    /// Photos that are kept and read.
    pub(crate) photos: Arc<Semaphore>,
    /// Who sends photos.
    pub(crate) photographers: Arc<Shares<String>>,
    /// Adaptations under way: each searches on threads of its own.
    pub(crate) adapting: Semaphore,
    /// Plans that are laid out or judged at the moment: each keeps a thread busy.
    pub(crate) laying_out: Semaphore,
    /// Event streams under way.
    pub(crate) streams: Arc<Streams>,
    /// Requests by address.
    pub(crate) addresses: DefaultKeyedRateLimiter<IpAddr>,
    /// Reports of positions by user.
    pub(crate) positions: DefaultKeyedRateLimiter<String>,
    /// Requests by user.
    pub(crate) users: DefaultKeyedRateLimiter<String>,
    /// Figures.
    pub(crate) metrics: Option<PrometheusHandle>,
}

/// Clones share one state.
pub(crate) type App = Arc<AppState>;

impl AppState {
    /// Puts the limits around the services.
    pub(crate) fn new(services: Services, metrics: Option<PrometheusHandle>) -> App {
        let quota = |per_minute: u32| Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
        let limits = &services.config.limits;
        Arc::new(Self {
            uploads: Semaphore::new(UPLOADS),
            slots: Shares::new(limits.concurrency, limits.concurrency_per_address),
            large: Arc::new(Semaphore::new(LARGE)),
            photos: Arc::new(Semaphore::new(PHOTOS)),
            photographers: Shares::new(usize::MAX, PHOTOS_OF_EACH),
            adapting: Semaphore::new(ADAPTATIONS),
            laying_out: Semaphore::new(LAYING_OUT),
            streams: Arc::default(),
            positions: RateLimiter::keyed(quota(services.config.driving.positions_per_minute)),
            addresses: RateLimiter::keyed(quota(limits.address_per_minute)),
            users: RateLimiter::keyed(quota(limits.user_per_minute)),
            services,
            metrics,
        })
    }
}

impl Deref for AppState {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.services
    }
}

/// The caller's address: the peer's, unless that is a proxy of ours; then the right-most one that no proxy of ours has.
/// Entries that a client writes into the header itself are further left, and are never used.
pub(crate) fn address(config: &Config, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let peer = peer.to_canonical();
    if !config.trusted_proxies.contains(&peer) {
        return peer;
    }
    let hops = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<Option<IpAddr>> = hops.flat_map(|v| v.split(',')).map(|hop| hop.trim().parse().ok()).collect();
    for hop in hops.into_iter().rev() {
        match hop.map(|hop| hop.to_canonical()) {
            Some(hop) if config.trusted_proxies.contains(&hop) => {}
            Some(hop) => return hop,
            None => return peer,
        }
    }
    peer
}

/// The caller's address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address(pub(crate) IpAddr);

impl FromRequestParts<App> for Address {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let peer = peer.unwrap_or(IpAddr::from([0, 0, 0, 0]));
        Ok(Self(address(&app.config, peer, &parts.headers)))
    }
}

/// A permission, as a type: a handler names in its arguments what its callers must have.
pub(crate) trait Permission {
    /// Its name.
    const NAME: &'static str;
}

macro_rules! permissions {
    ($($(#[$meta:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$meta])* #[derive(Debug)] pub(crate) struct $name;
        impl Permission for $name {
            const NAME: &'static str = $text;
        })*
    };
}

permissions! {
    /// None but to be signed in.
    SignedIn = "";
    /// See [`crate::auth::roles::PERMISSIONS`].
    UsersManage = "users:manage";
    /// See [`crate::auth::roles::PERMISSIONS`].
    RolesManage = "roles:manage";
    /// See [`crate::auth::roles::PERMISSIONS`].
    AuditRead = "audit:read";
    /// See [`crate::auth::roles::PERMISSIONS`].
    FleetRead = "fleet:read";
    /// See [`crate::auth::roles::PERMISSIONS`].
    FleetWrite = "fleet:write";
    /// See [`crate::auth::roles::PERMISSIONS`].
    NetworksManage = "networks:manage";
    /// See [`crate::auth::roles::PERMISSIONS`].
    ReadingsWrite = "readings:write";
    /// See [`crate::auth::roles::PERMISSIONS`].
    PlansRead = "plans:read";
    /// See [`crate::auth::roles::PERMISSIONS`].
    PlansWrite = "plans:write";
    /// See [`crate::auth::roles::PERMISSIONS`].
    ForecastsManage = "forecasts:manage";
    /// See [`crate::auth::roles::PERMISSIONS`].
    StopsConfirm = "stops:confirm";
    /// See [`crate::auth::roles::PERMISSIONS`].
    RoutesDrive = "routes:drive";
    /// See [`crate::auth::roles::PERMISSIONS`].
    ProvidersManage = "providers:manage";
    /// See [`crate::auth::roles::PERMISSIONS`].
    BillingManage = "billing:manage";
    /// See [`crate::auth::roles::PERMISSIONS`].
    DataManage = "data:manage";
}

/// A caller who has the permission `P`.
#[derive(Debug)]
pub(crate) struct Caller<P> {
    /// Who it is.
    pub(crate) who: Identity,
    permission: PhantomData<P>,
}

impl<P: Permission> FromRequestParts<App> for Caller<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer "));
        let token = token.ok_or_else(|| {
            Problem::new(StatusCode::UNAUTHORIZED, "token_missing", "sign in, and send the access token")
        })?;
        let who = app.desk.identify(token, app.clock.now()).await?;
        if app.users.check_key(&who.user).is_err() {
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", "too many requests; wait a while"));
        }
        if !P::NAME.is_empty() {
            must_have::<P>(&who)?;
        }
        if !P::NAME.is_empty() && who.lacks_factor {
            let text = "your organisation demands a second factor: set one up in your account, and sign in with it";
            return Err(Problem::new(StatusCode::FORBIDDEN, "second_factor_required", text));
        }
        Ok(Self { who, permission: PhantomData })
    }
}

/// Refuses who lacks a permission.
fn must_have<P: Permission>(who: &Identity) -> Result<(), Problem> {
    if who.permissions.contains(P::NAME) {
        return Ok(());
    }
    let text = format!("this needs the permission {}", P::NAME);
    Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", text))
}

impl<P> Caller<P> {
    /// Refuses a caller who lacks another permission beside.
    pub(crate) fn must_also_have<Q: Permission>(&self) -> Result<(), Problem> {
        must_have::<Q>(&self.who)
    }

    /// Refuses unless the caller was present lately.
    pub(crate) async fn must_be_present(&self, app: &App) -> Result<(), Problem> {
        if app.desk.was_present(&self.who, app.clock.now()).await? {
            return Ok(());
        }
        let text = "show your second factor, or your password, at /v1/sessions/step-up first";
        Err(Problem::new(StatusCode::FORBIDDEN, "step_up_required", text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forged_addresses_are_not_believed() {
        let proxy: IpAddr = [10, 0, 0, 1].into();
        let client: IpAddr = [203, 0, 113, 9].into();
        let config = Config { trusted_proxies: vec![proxy], ..Config::default() };
        let headers =
            |value: &str| HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), value.parse().unwrap())]);
        assert_eq!(address(&config, client, &headers("1.2.3.4")), client);
        assert_eq!(address(&config, proxy, &headers("1.2.3.4, 203.0.113.9")), client);
        assert_eq!(address(&config, proxy, &headers("1.2.3.4, 203.0.113.9, 10.0.0.1")), client);
        assert_eq!(address(&config, proxy, &headers("203.0.113.9, nonsense")), proxy);
        let mapped: IpAddr = "::ffff:10.0.0.1".parse().unwrap();
        assert_eq!(address(&config, mapped, &headers("203.0.113.9")), client);
        assert_eq!(address(&config, proxy, &HeaderMap::new()), proxy);
    }
}
