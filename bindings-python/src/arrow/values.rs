//! From Arrow's values to Python's.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_schema::{DataType, TimeUnit};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

/// A value, or null.
type Value = Option<Py<PyAny>>;

/// What the numbers of a column stand for.
pub(super) fn kind(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Timestamp(_, None) | DataType::Date32 => "timestamp",
        DataType::Timestamp(_, Some(_)) => "utc",
        DataType::Duration(_) => "duration",
        _ => "plain",
    }
}

/// The values of an array.
pub(super) fn to_python(py: Python<'_>, name: &str, array: &dyn Array) -> PyResult<Vec<Value>> {
    match array.data_type() {
        DataType::Null => Ok((0..array.len()).map(|_| None).collect()),
        DataType::Boolean => objects(py, array.as_boolean().iter()),
        DataType::Utf8 => objects(py, array.as_string::<i32>().iter()),
        DataType::LargeUtf8 => objects(py, array.as_string::<i64>().iter()),
        DataType::Utf8View => objects(py, array.as_string_view().iter()),
        DataType::List(_) => lists(py, name, array.as_list::<i32>().iter()),
        DataType::LargeList(_) => lists(py, name, array.as_list::<i64>().iter()),
        DataType::FixedSizeList(_, _) => lists(py, name, array.as_fixed_size_list().iter()),
        DataType::Dictionary(_, _) => dictionary(py, name, array),
        DataType::Timestamp(_, _) | DataType::Duration(_) | DataType::Date32 => moments(py, array),
        data_type => match numbers(py, array) {
            Some(values) => values,
            None => Err(PyTypeError::new_err(format!(
                "column {name:?} is of type {data_type}; give numbers, texts, booleans, times, or lists of numbers"
            ))),
        },
    }
}

fn objects<'py, T: IntoPyObject<'py>>(
    py: Python<'py>,
    values: impl Iterator<Item = Option<T>>,
) -> PyResult<Vec<Value>> {
    let object = |value: T| value.into_py_any(py);
    values.map(|value| value.map(object).transpose()).collect()
}

fn numbers(py: Python<'_>, array: &dyn Array) -> Option<PyResult<Vec<Value>>> {
    Some(match array.data_type() {
        DataType::Int8 => primitives::<Int8Type>(py, array),
        DataType::Int16 => primitives::<Int16Type>(py, array),
        DataType::Int32 => primitives::<Int32Type>(py, array),
        DataType::Int64 => primitives::<Int64Type>(py, array),
        DataType::UInt8 => primitives::<UInt8Type>(py, array),
        DataType::UInt16 => primitives::<UInt16Type>(py, array),
        DataType::UInt32 => primitives::<UInt32Type>(py, array),
        DataType::UInt64 => primitives::<UInt64Type>(py, array),
        DataType::Float32 => primitives::<Float32Type>(py, array),
        DataType::Float64 => primitives::<Float64Type>(py, array),
        _ => return None,
    })
}

fn primitives<'py, T>(py: Python<'py>, array: &dyn Array) -> PyResult<Vec<Value>>
where
    T: ArrowPrimitiveType,
    T::Native: IntoPyObject<'py>,
{
    objects(py, array.as_primitive::<T>().iter())
}

/// Points in time and durations, in microseconds.
fn moments(py: Python<'_>, array: &dyn Array) -> PyResult<Vec<Value>> {
    const DAY: i64 = 86_400_000_000;
    match array.data_type() {
        DataType::Date32 => {
            objects(py, array.as_primitive::<Date32Type>().iter().map(|day| day.map(|day| i64::from(day) * DAY)))
        }
        DataType::Timestamp(TimeUnit::Second, _) => scaled::<TimestampSecondType>(py, array, 1_000_000, 1),
        DataType::Timestamp(TimeUnit::Millisecond, _) => scaled::<TimestampMillisecondType>(py, array, 1_000, 1),
        DataType::Timestamp(TimeUnit::Microsecond, _) => scaled::<TimestampMicrosecondType>(py, array, 1, 1),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => scaled::<TimestampNanosecondType>(py, array, 1, 1_000),
        DataType::Duration(TimeUnit::Second) => scaled::<DurationSecondType>(py, array, 1_000_000, 1),
        DataType::Duration(TimeUnit::Millisecond) => scaled::<DurationMillisecondType>(py, array, 1_000, 1),
        DataType::Duration(TimeUnit::Microsecond) => scaled::<DurationMicrosecondType>(py, array, 1, 1),
        _ => scaled::<DurationNanosecondType>(py, array, 1, 1_000),
    }
}

fn scaled<T: ArrowPrimitiveType<Native = i64>>(
    py: Python<'_>,
    array: &dyn Array,
    times: i64,
    over: i64,
) -> PyResult<Vec<Value>> {
    let micros = array.as_primitive::<T>().iter().map(|value| value.map(|v| v.saturating_mul(times).div_euclid(over)));
    objects(py, micros)
}

fn lists(
    py: Python<'_>,
    name: &str,
    rows: impl Iterator<Item = Option<arrow_array::ArrayRef>>,
) -> PyResult<Vec<Value>> {
    let row = |row: arrow_array::ArrayRef| -> PyResult<Py<PyAny>> {
        Ok(to_python(py, name, row.as_ref())?.into_pyobject(py)?.into_any().unbind())
    };
    rows.map(|values| values.map(row).transpose()).collect()
}

/// Values that are stored once and referred to: what pandas and polars call categories.
fn dictionary(py: Python<'_>, name: &str, array: &dyn Array) -> PyResult<Vec<Value>> {
    let dictionary = array.as_any_dictionary();
    let values = to_python(py, name, dictionary.values().as_ref())?;
    // Keys of nulls are arbitrary, and there may be no value at all.
    let keys = if values.is_empty() { vec![0; array.len()] } else { dictionary.normalized_keys() };
    let value = |(i, key): (usize, usize)| {
        let found = if array.is_null(i) { None } else { values.get(key).and_then(Option::as_ref) };
        found.map(|object| object.clone_ref(py))
    };
    Ok(keys.into_iter().enumerate().map(value).collect())
}
