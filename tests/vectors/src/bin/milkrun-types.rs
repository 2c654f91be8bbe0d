//! Writes the types of documents for Python and Node: `cargo xtask types`.

fn main() -> std::io::Result<()> {
    milkrun_vectors::types::write()
}
