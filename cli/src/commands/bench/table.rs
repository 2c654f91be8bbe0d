//! Rows as CSV and as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::run::Row;
use crate::gap;

/// Names the columns of [`csv`].
const COLUMNS: &str = "instance,type,rounding,clients,seed,feasible,cost,bks,gap_percent,routes,iterations,\
                       iterations_per_second,runtime_seconds,peak_memory_kib";

fn gap_of(row: &Row) -> Option<f64> {
    row.bks.filter(|_| row.feasible).and_then(|bks| gap::percent(row.cost, bks))
}

fn rate(row: &Row) -> f64 {
    row.iterations as f64 / row.seconds.max(1e-3)
}

/// All runs, one per line.
pub(super) fn csv(rows: &[Row]) -> String {
    let mut text = format!("{COLUMNS}\n");
    for row in rows {
        let cells = [
            quoted(&row.instance),
            quoted(&row.kind),
            row.rounding.clone(),
            row.clients.to_string(),
            row.seed.to_string(),
            row.feasible.to_string(),
            row.cost.to_string(),
            row.bks.map_or(String::new(), |bks| bks.to_string()),
            gap_of(row).map_or(String::new(), |gap| format!("{gap:.4}")),
            row.routes.to_string(),
            row.iterations.to_string(),
            format!("{:.0}", rate(row)),
            format!("{:.3}", row.seconds),
            row.peak_kib.map_or(String::new(), |kib| kib.to_string()),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// A cell quoted according to RFC 4180.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// All runs, and then a line for each type.
pub(super) fn markdown(rows: &[Row]) -> String {
    let mut text = String::from(
        "| instance | type | clients | seed | cost | best known | gap | routes | iterations/s | memory |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    // Writing to a string cannot fail.
    for row in rows {
        let cost = if row.feasible { row.cost.to_string() } else { "infeasible".to_owned() };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {cost} | {} | {} | {} | {:.0} | {} |",
            cell(&row.instance),
            cell(&row.kind),
            row.clients,
            row.seed,
            row.bks.map_or("-".to_owned(), |bks| bks.to_string()),
            gap_of(row).map_or("-".to_owned(), |gap| format!("{gap:.2}%")),
            row.routes,
            rate(row),
            row.peak_kib.map_or("-".to_owned(), |kib| format!("{:.0} MiB", kib as f64 / 1024.0)),
        );
    }
    text.push_str("\n| type | runs | feasible | mean gap |\n| --- | ---: | ---: | ---: |\n");
    let mut types: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        types.entry(&row.kind).or_default().push(row);
    }
    for (kind, rows) in types {
        let gaps: Vec<f64> = rows.iter().filter_map(|row| gap_of(row)).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let mean = match gaps.len() {
            0 => "-".to_owned(),
            n if n == rows.len() => format!("{mean:.2}%"),
            n => format!("{mean:.2}% (of {n})"),
        };
        let feasible = rows.iter().filter(|row| row.feasible).count();
        let _ = writeln!(text, "| {} | {} | {feasible} | {mean} |", cell(kind), rows.len());
    }
    text
}

/// A cell with column separators escaped.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(instance: &str, cost: i64, bks: Option<i64>) -> Row {
        Row {
            instance: instance.to_owned(),
            kind: "CVRP".to_owned(),
            rounding: "round".to_owned(),
            clients: 9,
            seed: 1,
            feasible: true,
            cost,
            bks,
            routes: 2,
            iterations: 500,
            seconds: 0.5,
            peak_kib: Some(2048),
            remark: None,
        }
    }

    #[test]
    fn csv_cells() {
        let text = csv(&[row("a,b", 110, Some(100)), Row { feasible: false, ..row("c", 90, Some(100)) }]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "\"a,b\",CVRP,round,9,1,true,110,100,10.0000,2,500,1000,0.500,2048");
        assert_eq!(lines[2], "c,CVRP,round,9,1,false,90,100,,2,500,1000,0.500,2048", "an infeasible plan has no gap");
        assert_eq!(lines[0].split(',').count(), lines[2].split(',').count());
    }

    #[test]
    fn mean_gap_of_a_type() {
        let text = markdown(&[row("a", 110, Some(100)), row("b", 100, Some(100)), row("c", 7, None)]);
        assert!(text.contains("| a | CVRP | 9 | 1 | 110 | 100 | 10.00% | 2 | 1000 | 2 MiB |"), "{text}");
        assert!(text.ends_with("| CVRP | 3 | 3 | 5.00% (of 2) |\n"), "{text}");
    }
}
