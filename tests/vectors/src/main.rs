//! Writes the generated problems and what is expected of every case: `cargo xtask vectors`.

use std::io;

use milkrun_vectors::{files, make, outcome};

fn main() -> io::Result<()> {
    for (name, case) in make::cases() {
        files::save(&name, &case)?;
    }
    for (name, mut case) in files::load()? {
        case.expected = Some(outcome(&case));
        files::save(&name, &case)?;
    }
    Ok(())
}
