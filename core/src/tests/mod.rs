//! Every message of the library, to be proofread.

mod messages;
mod validation;
