//! The dispatchers' page at `/`: files that are part of the program, and the style and script of drawings, which are those of the crate of
//! reports.

use axum::Router;
use axum::http::header;
use axum::routing::get;

use super::access::App;

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A module of the page, with its address.
macro_rules! modules {
    ($($name:literal),* $(,)?) => {
        [$((concat!("/", $name), SCRIPT, include_str!(concat!("../../page/", $name)))),*]
    };
}

/// The screens and what they share.
const MODULES: [(&str, &str, &str); 25] = modules![
    "app.js",
    "session.js",
    "dom.js",
    "words.js",
    "device.js",
    "passkey.js",
    "passkeys.js",
    "dialog.js",
    "signin.js",
    "days.js",
    "day.js",
    "planning.js",
    "board.js",
    "moves.js",
    "alternatives.js",
    "adapting.js",
    "analytics.js",
    "plans.js",
    "fleet.js",
    "networks.js",
    "users.js",
    "audit.js",
    "billing.js",
    "providers.js",
    "account.js",
];

const FILES: [(&str, &str, &str); 4] = [
    ("/", HTML, include_str!("../../page/index.html")),
    ("/page.css", STYLE, include_str!("../../page/page.css")),
    ("/drawing.css", STYLE, milkrun_report::page_style()),
    ("/drawing.js", SCRIPT, milkrun_report::page_script()),
];

/// The page's files.
pub(crate) fn router() -> Router<App> {
    FILES.into_iter().chain(MODULES).fold(Router::new(), |router, (path, media_type, text)| {
        router.route(path, get(move || async move { ([(header::CONTENT_TYPE, media_type)], text) }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_is_served() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/page");
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut modules: Vec<String> = names
            .filter(|name| std::path::Path::new(name).extension().is_some_and(|kind| kind == "js"))
            .map(|name| format!("/{name}"))
            .collect();
        modules.sort();
        let mut served = MODULES.map(|(path, ..)| path.to_owned()).to_vec();
        served.sort();
        assert_eq!(modules, served);
    }
}
