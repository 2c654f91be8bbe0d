//! The one place with unsafe code: taking a C stream out of a Python capsule.

use arrow_array::RecordBatchReader;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};

/// The name that Arrow's `PyCapsule` interface gives to capsules with a stream.
const NAME: &std::ffi::CStr = c"arrow_array_stream";

/// Takes the stream out of a capsule.
pub(super) fn open(capsule: &Bound<'_, PyCapsule>) -> PyResult<RecordBatchStreamReader> {
    let pointer = capsule.pointer_checked(Some(NAME))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: a capsule of this name holds a valid `ArrowArrayStream` by the PyCapsule interface; the thread is
    // attached to the interpreter, so no other thread uses it; what is left behind is an empty stream, which the capsule's
    // destructor knows how to release.
    #[expect(unsafe_code, reason = "the C stream interface passes pointers")]
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
    RecordBatchStreamReader::try_new(stream)
        .map_err(|error| PyValueError::new_err(format!("the table cannot be read: {error}")))
}

/// Puts a stream into a capsule, whose end releases it.
pub(super) fn export(py: Python<'_>, reader: Box<dyn RecordBatchReader + Send>) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), NAME)
}
