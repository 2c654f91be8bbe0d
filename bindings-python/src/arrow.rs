//! Tables in and out, through Arrow's stream of record batches in a capsule.

mod stream;
mod values;

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, RecordBatchReader, StringArray,
    TimestampMicrosecondArray,
};
use arrow_schema::ArrowError;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// Name, kind and values of a column.
type Column = (String, &'static str, Vec<Option<Py<PyAny>>>);

/// Reads the columns of anything that has `__arrow_c_stream__`. Gives, for each column, its name, what its values are
/// (`plain`, `timestamp`, `utc` or `duration`, the latter three in microseconds), and the values, null as `None`.
#[pyfunction]
pub(crate) fn columns_from_arrow(py: Python<'_>, table: &Bound<'_, PyAny>) -> PyResult<Vec<Column>> {
    let capsule = table.call_method0("__arrow_c_stream__")?;
    let mut reader = stream::open(capsule.cast::<PyCapsule>().map_err(PyErr::from)?)?;
    let schema = reader.schema();
    let column = |field: &arrow_schema::FieldRef| (field.name().clone(), values::kind(field.data_type()), Vec::new());
    let mut columns: Vec<Column> = schema.fields().iter().map(column).collect();
    for batch in &mut reader {
        let batch = batch.map_err(|error| PyValueError::new_err(format!("the table cannot be read: {error}")))?;
        for ((name, _, values), array) in columns.iter_mut().zip(batch.columns()) {
            values.extend(values::to_python(py, name, array.as_ref())?);
        }
    }
    Ok(columns)
}

/// Makes an Arrow stream of columns; each has a name, a type (`int`, `float`, `str`, `bool`, or `timestamp` in
/// microseconds) and values.
#[pyfunction]
pub(crate) fn columns_to_arrow<'py>(
    py: Python<'py>,
    columns: Vec<(String, String, Bound<'py, PyAny>)>,
) -> PyResult<Bound<'py, PyAny>> {
    let columns = columns.iter().map(|(name, kind, values)| Ok((name, of_python(kind, values)?)));
    let columns = columns.collect::<PyResult<Vec<_>>>()?;
    let wrong = |error: ArrowError| PyValueError::new_err(error.to_string());
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
            .map_err(wrong)?;
    let schema = batch.schema();
    stream::export(py, Box::new(RecordBatchIterator::new([Ok(batch)], schema))).map(Bound::into_any)
}

fn of_python(kind: &str, values: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    Ok(match kind {
        "int" => Arc::new(Int64Array::from(values.extract::<Vec<Option<i64>>>()?)),
        "float" => Arc::new(Float64Array::from(values.extract::<Vec<Option<f64>>>()?)),
        "str" => Arc::new(StringArray::from(values.extract::<Vec<Option<String>>>()?)),
        "timestamp" => Arc::new(TimestampMicrosecondArray::from(values.extract::<Vec<Option<i64>>>()?)),
        "bool" => Arc::new(BooleanArray::from(values.extract::<Vec<Option<bool>>>()?)),
        _ => return Err(PyTypeError::new_err(format!("unknown type of column `{kind}`"))),
    })
}
