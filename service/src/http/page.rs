//! The page at `/`: four files, part of the program.

use axum::Router;
use axum::http::header;
use axum::routing::get;

use super::access::App;

const FILES: [(&str, &str, &str); 4] = [
    ("/", "text/html; charset=utf-8", include_str!("../../page/index.html")),
    ("/session.js", "text/javascript; charset=utf-8", include_str!("../../page/session.js")),
    ("/page.js", "text/javascript; charset=utf-8", include_str!("../../page/page.js")),
    ("/page.css", "text/css; charset=utf-8", include_str!("../../page/page.css")),
];

/// The page's files.
pub(crate) fn router() -> Router<App> {
    FILES.into_iter().fold(Router::new(), |router, (path, media_type, text)| {
        router.route(path, get(move || async move { ([(header::CONTENT_TYPE, media_type)], text) }))
    })
}
