//! Headings and cells as strangers write them: nothing is lost in silence.

use milkrun_tables::{Input, TableOptions, Tables, read};

const TRUCKS: &str = "name,capacity (t)\nRed,7.5\n";
const DEPOTS: &str = "name,position\nyard,\"52.42, 5.46\"\n";

fn day(bins: &str) -> Tables {
    let files = [Input::new("bins.csv", bins), Input::new("trucks.csv", TRUCKS), Input::new("depots.csv", DEPOTS)];
    let options = TableOptions { day: Some("2026-12-03".into()), ..TableOptions::default() };
    read(&files, &options).unwrap_or_else(|error| panic!("{error}"))
}

fn windows(tables: &Tables) -> Vec<(i64, i64)> {
    tables.problem.clients().iter().map(|client| (client.time_window.early, client.time_window.late)).collect()
}

#[test]
fn open_and_close_are_a_pair() {
    let tables =
        day("name\tlat/lng\tkg\topen\tclose\nA\t52.37,4.89\t100\t7:30am\t3pm\nB\t52.36,4.90\t80\t0730\t1500\n");
    assert_eq!(windows(&tables), [(27_000, 54_000); 2]);
    let text = tables.report.to_string();
    assert!(text.contains("`open` read as opens") && text.contains("`close` read as closes"), "{text}");
    assert_eq!(tables.problem.clients()[0].pickup, [100]);
    // Alone, it is the hours.
    let tables = day("name,position,open\nA,\"52.37, 4.89\",06:00-10:00\n");
    assert_eq!(windows(&tables), [(21_600, 36_000)]);
}

#[test]
fn closed_may_stand_where_it_opens() {
    let tables = day("name,lat,lon,from,to\nA,52.37,4.89,closed,\nB,52.36,4.90,6:00,10:00\n");
    let names: Vec<&str> = tables.problem.clients().iter().map(|client| client.name.as_str()).collect();
    assert_eq!((names, windows(&tables)), (vec!["B"], vec![(21_600, 36_000)]));
}

#[test]
fn a_rule_under_an_unknown_heading_is_pointed_out() {
    let tables = day(
        "name,lat,lon,Abholung,Tor,color,code\nA,52.37,4.89,\"Mo, Do\",06:00-14:30,red,3\nB,52.36,4.90,Mo-Fr,,blue,4\n",
    );
    let text = tables.report.to_string();
    assert!(
        text.contains(r#"`Abholung` kept as a tag; its cells look like days: --map "Abholung=days" reads them so"#),
        "{text}"
    );
    assert!(
        text.contains(r#"`Tor` kept as a tag; its cells look like window: --map "Tor=window" reads them so"#),
        "{text}"
    );
    assert!(text.contains("`color` kept as a tag\n") && text.contains("`code` kept as a tag\n"), "{text}");
    // Where days are read, other columns are no rules of days.
    let tables = day("name,lat,lon,Leerung,Ruhetag\nA,52.37,4.89,\"Mo, Do\",So\n");
    let text = tables.report.to_string();
    assert!(text.contains("`Leerung` read as days") && text.contains("`Ruhetag` kept as a tag\n"), "{text}");
}
