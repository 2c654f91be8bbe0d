//! Several time series in one long table.

use std::collections::HashMap;

use super::fault::{Checks, ForecastError};

/// The largest absolute time, in seconds from 1970: some 4,300 years.
pub const MAX_TIME: i64 = 1 << 37;

/// Named time series with irregular times: for each series the times in ascending order (seconds since 1970, UTC) and a
/// value for each. A missing value is NaN.
///
/// All series share two arrays, which suits tens of thousands of short series.
///
/// ```
/// use milkrun::forecast::SeriesSet;
///
/// let set = SeriesSet::from_long(&["b", "a", "b"], &[7200, 0, 3600], &[30.0, 5.0, 20.0]).unwrap();
/// assert_eq!(set.len(), 2);
/// let b = set.get(0);
/// assert_eq!((b.name, b.times, b.values), ("b", &[3600, 7200][..], &[20.0, 30.0][..]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesSet {
    names: Vec<String>,
    starts: Vec<usize>,
    times: Vec<i64>,
    values: Vec<f64>,
}

/// One series of a [`SeriesSet`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Series<'a> {
    /// Its name.
    pub name: &'a str,
    /// Times in ascending order, seconds since 1970.
    pub times: &'a [i64],
    /// A value for each time; NaN if it is missing.
    pub values: &'a [f64],
}

impl SeriesSet {
    /// From three columns of equal length, in any order of rows. Series come in the order in which they first appear;
    /// rows of one series at one time keep their order.
    ///
    /// # Errors
    ///
    /// All faults at once: columns of unequal length, infinite values, times beyond [`MAX_TIME`].
    pub fn from_long<S: AsRef<str>>(ids: &[S], times: &[i64], values: &[f64]) -> Result<Self, ForecastError> {
        let mut checks = Checks::default();
        checks.length("times", times.len(), "ids", ids.len());
        checks.length("values", values.len(), "ids", ids.len());
        check_rows(&mut checks, times, values);
        checks.finish()?;
        let mut index: HashMap<&str, usize> = HashMap::new();
        let mut names: Vec<String> = Vec::new();
        let mut codes = Vec::with_capacity(ids.len());
        for id in ids {
            let id = id.as_ref();
            let code = *index.entry(id).or_insert_with(|| {
                names.push(id.to_owned());
                names.len() - 1
            });
            codes.push(code);
        }
        Ok(Self::group(names, &codes, times, values))
    }

    /// From rows that are already grouped by series: series `i` has the rows `starts[i]..starts[i + 1]`, in ascending
    /// order of time.
    ///
    /// # Errors
    ///
    /// All faults at once: unequal lengths, starts that do not ascend from 0 to the number of rows, rows out of
    /// order, a name given twice, infinite values, times beyond [`MAX_TIME`].
    pub fn from_parts(
        names: Vec<String>,
        starts: Vec<usize>,
        times: Vec<i64>,
        values: Vec<f64>,
    ) -> Result<Self, ForecastError> {
        let mut checks = Checks::default();
        checks.length("values", values.len(), "times", times.len());
        checks.length("starts", starts.len(), "names (plus one)", names.len() + 1);
        let ends = (starts.first() == Some(&0), starts.last() == Some(&times.len()));
        if ends != (true, true) || starts.windows(2).any(|pair| pair[0] > pair[1]) {
            let value = format!("{:?} ..= {:?}", starts.first(), starts.last());
            let remedy = "begin with 0, end with the number of rows, and do not decrease in between";
            checks.fault("starts", value, "does not divide the rows", remedy);
        } else {
            for pair in starts.windows(2) {
                let times = &times[pair[0]..pair[1]];
                if let Some(i) = times.windows(2).position(|t| t[0] > t[1]) {
                    let path = format!("times[{}]", pair[0] + i + 1);
                    checks.fault(
                        path,
                        times[i + 1],
                        "is before the previous row",
                        "sort the rows of each series by time",
                    );
                }
            }
        }
        let mut seen = HashMap::new();
        for (i, name) in names.iter().enumerate() {
            if seen.insert(name.as_str(), i).is_some() {
                checks.fault(format!("names[{i}]"), name, "is already taken", "give each series a name of its own");
            }
        }
        check_rows(&mut checks, &times, &values);
        checks.finish()?;
        Ok(Self { names, starts, times, values })
    }

    /// Sorts checked rows into series; `codes` are indices into `names`.
    fn group(names: Vec<String>, codes: &[usize], times: &[i64], values: &[f64]) -> Self {
        let mut starts = vec![0; names.len() + 1];
        for &code in codes {
            starts[code + 1] += 1;
        }
        for i in 0..names.len() {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut order = vec![0; codes.len()];
        for (row, &code) in codes.iter().enumerate() {
            order[next[code]] = row;
            next[code] += 1;
        }
        for pair in starts.windows(2) {
            order[pair[0]..pair[1]].sort_by_key(|&row| times[row]);
        }
        let times = order.iter().map(|&row| times[row]).collect();
        let values = order.iter().map(|&row| values[row]).collect();
        Self { names, starts, times, values }
    }

    /// From one list of rows for each name; the rows are known to be in order.
    pub(crate) fn of_rows(names: Vec<String>, rows: Vec<(Vec<i64>, Vec<f64>)>) -> Self {
        let mut set = Self { names, starts: vec![0], times: Vec::new(), values: Vec::new() };
        for (times, values) in rows {
            set.times.extend(times);
            set.values.extend(values);
            set.starts.push(set.times.len());
        }
        set
    }

    /// Number of series.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no series.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Number of rows of all series together.
    pub fn num_rows(&self) -> usize {
        self.times.len()
    }

    /// The names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Where the rows of each series begin, and the number of rows at the end.
    pub fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// The times of all rows, series after series.
    pub fn times(&self) -> &[i64] {
        &self.times
    }

    /// The values of all rows, series after series.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The series with the given index.
    ///
    /// # Panics
    ///
    /// If there is no such series.
    pub fn get(&self, index: usize) -> Series<'_> {
        let rows = self.starts[index]..self.starts[index + 1];
        Series { name: &self.names[index], times: &self.times[rows.clone()], values: &self.values[rows] }
    }

    /// The series in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Series<'_>> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// The index of the series with the given name. Scans all names.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n == name)
    }

    /// The rows before `time` (exclusive) of every series.
    pub fn before(&self, time: i64) -> Self {
        let rows = self.iter().map(|series| {
            let end = series.times.partition_point(|&t| t < time);
            (series.times[..end].to_vec(), series.values[..end].to_vec())
        });
        Self::of_rows(self.names.clone(), rows.collect())
    }
}

fn check_rows(checks: &mut Checks, times: &[i64], values: &[f64]) {
    for (row, &value) in values.iter().enumerate() {
        if value.is_infinite() {
            checks.fault(format!("values[{row}]"), value, "is infinite", "use NaN for missing values");
        }
    }
    for (row, &time) in times.iter().enumerate().filter(|(_, time)| !(-MAX_TIME..=MAX_TIME).contains(*time)) {
        checks.time(format!("times[{row}]"), time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_at_once() {
        let error = SeriesSet::from_long(&["a", "b"], &[0, i64::MAX, 3], &[f64::INFINITY]).unwrap_err();
        assert_eq!(error.faults.len(), 4, "{error}");
        let names = vec!["a".to_owned(), "a".to_owned()];
        let error = SeriesSet::from_parts(names, vec![0, 2, 2], vec![5, 4], vec![0.0, 0.0]).unwrap_err();
        assert_eq!(error.faults.len(), 2, "{error}");
        assert!(error.to_string().contains("times[1] = 4"), "{error}");
    }

    #[test]
    fn equal_times_keep_their_order() {
        let set = SeriesSet::from_long(&["a"; 3], &[5, 1, 5], &[2.0, 1.0, 3.0]).unwrap();
        assert_eq!(set.values(), [1.0, 2.0, 3.0]);
    }

    #[test]
    fn before_cuts_every_series() {
        let set = SeriesSet::from_long(&["a", "a", "b"], &[1, 2, 2], &[1.0, 2.0, 3.0]).unwrap().before(2);
        assert_eq!((set.len(), set.starts()), (2, &[0, 1, 1][..]));
    }
}
