//! Signals. The first Ctrl-C stops the search and keeps its incumbent, the second ends the program at once.

use milkrun::CancelToken;

use crate::output::log;

/// A token that is cancelled by Ctrl-C (or the system's request to terminate), which is told unless `quiet`.
pub(crate) fn token(quiet: bool) -> CancelToken {
    let token = CancelToken::new();
    let on_signal = token.clone();
    let installed = ctrlc::set_handler(move || {
        if on_signal.is_cancelled() {
            // 128 + SIGINT, as shells report it.
            std::process::exit(130);
        }
        on_signal.cancel();
        if !quiet {
            log("stopping with what there is; once more ends the program at once");
        }
    });
    if let Err(error) = installed {
        log(&format!("warning: Ctrl-C will end the program without a plan: {error}"));
    }
    token
}

/// Turns exceeding the system's file size limit into a write error; by default it would kill the program and leave half
/// a file.
pub(crate) fn outlive_file_size_limit() {
    #[cfg(unix)]
    {
        let noted = std::sync::Arc::default();
        if let Err(error) = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, noted) {
            log(&format!("warning: exceeding a file size limit will end the program: {error}"));
        }
    }
}
