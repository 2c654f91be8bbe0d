//! Ctrl-C: the first asks the search for its incumbent, the second ends the program at once.

use milkrun::CancelToken;

use crate::output::log;

/// A token that is cancelled by Ctrl-C (or the system's request to terminate).
pub(crate) fn token() -> CancelToken {
    let token = CancelToken::new();
    let on_signal = token.clone();
    let installed = ctrlc::set_handler(move || {
        if on_signal.is_cancelled() {
            // 128 + SIGINT, as shells report it.
            std::process::exit(130);
        }
        on_signal.cancel();
    });
    if let Err(error) = installed {
        log(&format!("warning: Ctrl-C will end the program without a plan: {error}"));
    }
    token
}
