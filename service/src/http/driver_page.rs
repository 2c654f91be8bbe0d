//! The drivers' page at `/driver/`, part of the program.

use axum::Router;
use axum::http::header;
use axum::response::Redirect;
use axum::routing::get;

use super::access::App;

const SCRIPT: &str = "text/javascript; charset=utf-8";
const FILES: [(&str, &str, &str); 11] = [
    ("/driver/", "text/html; charset=utf-8", include_str!("../../page/driver/index.html")),
    ("/driver/driver.css", "text/css; charset=utf-8", include_str!("../../page/driver/driver.css")),
    ("/driver/driver.js", SCRIPT, include_str!("../../page/driver/driver.js")),
    ("/driver/places.js", SCRIPT, include_str!("../../page/driver/places.js")),
    ("/driver/session.js", SCRIPT, include_str!("../../page/driver/session.js")),
    ("/driver/store.js", SCRIPT, include_str!("../../page/driver/store.js")),
    ("/driver/sync.js", SCRIPT, include_str!("../../page/driver/sync.js")),
    ("/driver/view.js", SCRIPT, include_str!("../../page/driver/view.js")),
    ("/driver/worker.js", SCRIPT, include_str!("../../page/driver/worker.js")),
    (
        "/driver/manifest.webmanifest",
        "application/manifest+json",
        include_str!("../../page/driver/manifest.webmanifest"),
    ),
    ("/driver/icon.svg", "image/svg+xml", include_str!("../../page/driver/icon.svg")),
];

/// The page's files. They are asked for anew each time: whoever has them without a network has them from the worker.
pub(crate) fn router() -> Router<App> {
    let router = Router::new().route("/driver", get(|| async { Redirect::permanent("/driver/") }));
    FILES.into_iter().fold(router, |router, (path, media_type, text)| {
        let headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache")];
        router.route(path, get(move || async move { (headers, text) }))
    })
}
