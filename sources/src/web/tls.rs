//! The cryptography of https, and whom it trusts.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use ureq::tls::{Certificate, RootCerts};

/// The system's root certificates, among which an organisation may have its own; on a system without any, those that
/// browsers trust.
pub(super) fn roots() -> RootCerts {
    let found = rustls_native_certs::load_native_certs().certs;
    if found.is_empty() {
        return RootCerts::WebPki;
    }
    RootCerts::new_with_certs(&found.iter().map(|der| Certificate::from_der(der).to_owned()).collect::<Vec<_>>())
}

/// The cryptography that the package was compiled with, if this processor can run it.
#[cfg(feature = "aws-lc-rs")]
#[expect(clippy::unnecessary_wraps, reason = "the others may fail")]
pub(super) fn provider() -> Result<Arc<CryptoProvider>, &'static str> {
    Ok(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
}

/// The cryptography that the package was compiled with, if this processor can run it.
#[cfg(all(feature = "graviola", not(feature = "aws-lc-rs")))]
pub(super) fn provider() -> Result<Arc<CryptoProvider>, &'static str> {
    if is_supported() {
        Ok(Arc::new(rustls_graviola::default_provider()))
    } else {
        Err("the processor is too old for the cryptography that was compiled in; compile with the feature `aws-lc-rs`")
    }
}

/// The cryptography that the package was compiled with, if this processor can run it.
#[cfg(not(any(feature = "graviola", feature = "aws-lc-rs")))]
pub(super) fn provider() -> Result<Arc<CryptoProvider>, &'static str> {
    Err("no cryptography was compiled in; compile with the feature `graviola` or `aws-lc-rs`")
}

/// What Graviola demands of a processor, which it would otherwise demand by a panic.
#[cfg(all(feature = "graviola", not(feature = "aws-lc-rs"), target_arch = "x86_64"))]
fn is_supported() -> bool {
    macro_rules! all {
        ($($name:tt),*) => { $(std::arch::is_x86_feature_detected!($name))&&* };
    }
    all!("aes", "pclmulqdq", "ssse3", "bmi1", "bmi2", "adx", "avx", "avx2")
}

/// What Graviola demands of a processor, which it would otherwise demand by a panic.
#[cfg(all(feature = "graviola", not(feature = "aws-lc-rs"), target_arch = "aarch64"))]
fn is_supported() -> bool {
    macro_rules! all {
        ($($name:tt),*) => { $(std::arch::is_aarch64_feature_detected!($name))&&* };
    }
    all!("aes", "sha2", "pmull", "neon")
}
