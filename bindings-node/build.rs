//! Tells the linker how Node loads the library.

fn main() {
    napi_build::setup();
}
