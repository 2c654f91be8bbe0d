//! Work that takes long has a thread of its own: neither the event loop nor Node's pool for files waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use milkrun::CancelToken;
use milkrun::document::FailureDocument;
use napi::bindgen_prelude::{Env, Function, Object, Result, ToNapiValue};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use serde::Serialize;

use crate::document::given;
use crate::failure::{coded, panicked, thrown};
use crate::solve::NativeCancelToken;

/// Starts work, and gives the promise of what comes of it. `look` makes the document of what is told meanwhile.
pub(crate) fn promise<'env, P, D: Serialize, T: ToNapiValue + Send + 'static, E: Into<FailureDocument>>(
    env: &'env Env,
    cancel: &NativeCancelToken,
    on_progress: Function<'_, String, ()>,
    look: impl Fn(&P) -> D + Send + 'static,
    work: impl FnOnce(&CancelToken, &mut dyn FnMut(&P)) -> std::result::Result<T, E> + Send + 'static,
) -> Result<Object<'env>> {
    let report = on_progress.build_threadsafe_function::<String>().build_callback(|call| Ok(call.value))?;
    let (deferred, promise) = env.create_deferred()?;
    let token = cancel.inner.clone();
    let whole = move || {
        let done = catch_unwind(AssertUnwindSafe(|| {
            work(&token, &mut |progress| {
                // What is not read in time is not worth waiting for.
                if let Ok(looked) = given(&look(progress)) {
                    let _ = report.call(looked, ThreadsafeFunctionCallMode::NonBlocking);
                }
            })
        }));
        drop(report);
        match done {
            Ok(Ok(found)) => deferred.resolve(move |_| Ok(found)),
            Ok(Err(error)) => deferred.reject(thrown(error)),
            Err(payload) => deferred.reject(panicked(payload.as_ref())),
        }
    };
    let started = thread::Builder::new().name("milkrun".to_owned()).spawn(whole);
    started.map_err(|error| coded("internal", format!("no thread could be started: {error}")))?;
    Ok(promise)
}
