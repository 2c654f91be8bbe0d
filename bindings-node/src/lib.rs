//! The Node package.
