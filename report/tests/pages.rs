//! Names of all kinds, days of all lengths, fleets of all sizes.

mod common;

use common::{Html, dated, example, hold, stops};
use milkrun::explain::{ExplainParams, explain_with};
use milkrun::io::json::read_problem;
use milkrun::period::{PeriodParams, Visits, plan_period};
use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::{
    Break, CancelToken, Client, ClientId, Coord, Depot, DepotId, DisposalSite, Plan, Problem, SolveParams, Stop,
    Travel, VehicleType, VehicleTypeId, solve,
};
use milkrun_report::{PeriodReport, Report, ReportError, ReportOptions};

/// A day of `trucks` trucks with `stops` clients each, on a grid of degrees.
fn grid(trucks: usize, stops: usize, name: &str) -> (Problem, Plan) {
    let mut builder = Problem::builder();
    builder.travel(Travel::haversine(10.0));
    let yard = builder.add_depot(Depot::at((5.0, 52.0)).name(name));
    for i in 0..trucks * stops {
        let at = Coord::new(5.0 + (i % 90) as f64 * 1e-3, 52.0 + (i / 90) as f64 * 1e-3);
        builder.add_client(Client::at(at).pickup([3]).service(30).name(name).remarks(name).tag(name, name));
    }
    builder
        .add_vehicle_type(VehicleType::new(trucks).capacity([1_000_000]).depot(yard).name(name).shift(21_600, 200_000));
    let problem = builder.build().unwrap();
    let route = |t: usize| {
        let activities = (t * stops..(t + 1) * stops).map(|c| Activity::Client(ClientId::new(c))).collect();
        let trip = TripStops { start: Some(DepotId::new(0)), activities, end: Some(DepotId::new(0)) };
        RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips: vec![trip] }
    };
    let plan = Plan::new(&problem, (0..trucks).map(route).collect()).unwrap();
    (problem, plan)
}

#[test]
fn names_are_text_and_nothing_else() {
    let hostile = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</title></style></script><b>",
        "{{ 7 * 7 }} {% raw %} &amp; &lt;",
        "=HYPERLINK(\"http://example.org\")",
        "שלום עולם, رصيف 12",
        "one\nline, \"and\" another; \\",
        &"very long ".repeat(2_000),
    ];
    for name in hostile {
        let (problem, plan) = grid(2, 3, name);
        hold(&problem, &plan, &dated());
        let report = Report::new(&problem, &plan, &dated()).unwrap();
        let page = Html::read(&report.day_page());
        assert_eq!((page.elements("script"), page.elements("img"), page.elements("style")), (1, 0, 1), "{name}");
        assert!(page.text().contains(name.trim()), "{name}");
        let handlers = ["onerror", "onmouseover", "onload", "onclick"];
        assert!(handlers.iter().all(|handler| page.attributes(handler).is_empty()), "{name}");
        let drawn = Html::read(&format!("<!doctype html><title>x</title><body>{}</body>", report.drawing()));
        assert_eq!((drawn.elements("script"), drawn.elements("img"), drawn.elements("style")), (0, 0, 0), "{name}");
        assert!(handlers.iter().all(|handler| drawn.attributes(handler).is_empty()), "{name}");
        let sheets = Html::read(&report.driver_sheets());
        assert_eq!((sheets.elements("script"), sheets.elements("img")), (0, 0), "{name}");
    }
}

#[test]
#[should_panic(expected = "Unexpected")]
fn a_page_with_faults_is_noticed() {
    Html::read("<!doctype html><title>x</title><p><b>one</p></i>");
}

#[test]
fn spreadsheets_do_not_take_names_for_formulas() {
    let (problem, plan) = grid(1, 1, "=1+1");
    let text = Report::new(&problem, &plan, &dated()).unwrap().csv();
    assert!(text.contains(",'=1+1,") && !text.contains(",=1+1"), "{text}");
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let (problem, plan) = example("city_day.json", 5);
    let report = Report::new(&problem, &plan, &dated()).unwrap();
    let page = Html::read(&report.day_page());
    for name in ["src", "srcset", "action", "data", "poster", "background"] {
        assert_eq!(page.attributes(name), Vec::<String>::new(), "{name}");
    }
    assert!(page.attributes("href").iter().all(|link| link.starts_with('#')));
    assert_eq!((page.elements("link"), page.elements("iframe"), page.elements("object")), (0, 0, 0));
    assert!(!report.day_page().contains("@import") && !report.day_page().contains("https://"));
    let sheets = Html::read(&report.driver_sheets());
    let navigation = |link: &String| link.starts_with("https://www.google.com/maps/dir/?api=1&destination=52.");
    let links = sheets.attributes("href");
    assert_eq!(
        links.iter().filter(|link| navigation(link)).count(),
        links.iter().filter(|l| l.starts_with("geo:52.")).count()
    );
    assert!(links.len() > 2 * stops(&plan) && links.iter().all(|link| navigation(link) || link.starts_with("geo:")));
}

#[test]
fn three_hundred_trucks_and_five_thousand_stops() {
    let (problem, plan) = grid(300, 17, "Canal Street 7");
    assert_eq!((plan.routes().len(), stops(&plan)), (300, 5_100));
    hold(&problem, &plan, &ReportOptions::default());
    let text = Report::new(&problem, &plan, &dated()).unwrap().day_page();
    assert!(text.len() < 12_000_000, "{}", text.len());
    let page = Html::read(&text);
    assert_eq!((page.of_class("mr-stop"), page.of_class("mr-badge")), (5_100, 300));
    let mut looks: Vec<String> = page.attributes("style");
    looks.sort();
    looks.dedup();
    assert_eq!(looks.len(), 300, "each truck has its colour");
}

#[test]
fn a_day_over_midnight() {
    let mut builder = Problem::builder();
    builder.travel(Travel::haversine(10.0));
    let yard = builder.add_depot(Depot::at((5.0, 52.0)).name("yard"));
    builder.add_client(Client::at((5.1, 52.0)).time_window(90_000, 100_000).name("late bar").service(600));
    let pause = Break::new(86_400, 87_000, 1_800).name("night meal");
    builder.add_vehicle_type(VehicleType::new(1).depot(yard).shift(80_000, 200_000).add_break(pause));
    let problem = builder.build().unwrap();
    let activities = vec![Activity::Client(ClientId::new(0))];
    let trip = TripStops { start: Some(yard), activities, end: Some(yard) };
    let stops = vec![RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips: vec![trip] }];
    let plan = Plan::new(&problem, stops).unwrap();
    hold(&problem, &plan, &dated());
    let report = Report::new(&problem, &plan, &dated()).unwrap();
    assert!(report.day_page().contains("1:00+1") && report.driver_sheets().contains("1:00+1"));
    assert!(report.csv().contains(",late bar,0,2026-12-04T01:00:00,2026-12-04T01:00:00,2026-12-04T01:10:00,0,"));
    assert!(report.ical().unwrap().contains("DTEND:20261204T0"));
    let undated = Report::new(&problem, &plan, &ReportOptions::default()).unwrap();
    assert!(undated.csv().contains(",late bar,0,25:00:00,25:00:00,25:10:00,0,"), "{}", undated.csv());
}

#[test]
fn times_that_count_from_another_moment() {
    let (problem, plan) = grid(1, 1, "Mill");
    let options = ReportOptions { date: Some("2026-12-03T04:30".into()), ..ReportOptions::default() };
    let report = Report::new(&problem, &plan, &options).unwrap();
    // The shift begins six hours after the moment from which times count.
    assert!(report.csv().contains("leave,0,Mill,0,2026-12-03T10:30:00"), "{}", report.csv());
    assert!(report.driver_sheets().contains("10:30, Mill"));
}

#[test]
fn places_without_coordinates_have_no_map() {
    let problem = |second: &str| {
        let text = format!(
            r#"{{"milkrun": "problem", "version": 1, "travel": {{"type": "matrices", "profiles": [{{"distance": [[0, 9], [9, 0]]}}]}},
                "locations": [{{}}, {second}], "depots": [{{"location": 0}}], "clients": [{{"location": 1}}],
                "vehicle_types": [{{"start": 0, "end": 0}}]}}"#
        );
        read_problem(&text).unwrap()
    };
    let told = |problem: &Problem| {
        let trip = TripStops {
            start: Some(DepotId::new(0)),
            activities: vec![Activity::Client(ClientId::new(0))],
            end: Some(DepotId::new(0)),
        };
        let stops = vec![RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips: vec![trip] }];
        let plan = Plan::new(problem, stops).unwrap();
        hold(problem, &plan, &dated());
        let report = Report::new(problem, &plan, &dated()).unwrap();
        assert!(matches!(report.gpx(), Err(ReportError::NotGeographic(_))));
        report.day_page()
    };
    assert!(told(&problem("{}")).contains("the locations of this problem have no coordinates"));
    assert!(told(&problem(r#"{"lon": 5, "lat": 52}"#)).contains("1 locations have no coordinates"));
}

#[test]
fn what_is_unserved_has_its_reasons() {
    let mut builder = Problem::builder();
    builder.travel(Travel::haversine(10.0));
    let yard = builder.add_depot(Depot::at((5.0, 52.0)));
    builder.add_client(Client::at((5.1, 52.0)).pickup([7]).optional(50).name("too heavy").remarks("behind the shed"));
    builder.add_client(Client::at((5.1, 52.1)).time_window(0, 60).name("too early"));
    builder.add_vehicle_type(VehicleType::new(1).capacity([5]).depot(yard).name("van").shift(21_600, 60_000));
    let problem = builder.build().unwrap();
    let plan = Plan::empty(&problem);
    let found = explain_with(&problem, &plan, &ExplainParams { max_runtime: None }, &CancelToken::new());
    let report = Report::new(&problem, &plan, &ReportOptions::default()).unwrap();
    let plain = report.day_page();
    assert!(plain.contains("Reasons were not looked for") && plain.contains("behind the shed"));
    let page = Html::read(&report.explained(&found.explanations).day_page());
    let text = page.text();
    assert!(text.contains("exceeds the vehicle's limit of 5") && !text.contains("Reasons were not"), "{text}");
    assert!(text.contains("after its latest start at 0:01"), "times are times of day: {text}");
    assert!(text.contains("required client \"too early\" is unserved"), "{text}");
}

#[test]
fn sheets_name_the_driver_the_bins_and_the_disposal() {
    let mut builder = Problem::builder();
    builder.travel(Travel::haversine(10.0));
    let yard = builder.add_depot(Depot::at((5.0, 52.0)).name("yard"));
    let paper = builder.add_material(milkrun::Material::new("paper"));
    let site = builder.add_disposal_site(DisposalSite::at((5.2, 52.0)).name("mill").service(600));
    let bins =
        |x: f64, bins: &str| Client::at((x, 52.0)).pickup([40]).material(paper).tag("bins", bins).tag("key", "14");
    builder.add_client(bins(5.1, "1 × 1100 l, 2 × 240 l").remarks("ring twice"));
    builder.add_client(bins(5.11, "3 × 240 l"));
    let truck = VehicleType::new(1)
        .capacity([100])
        .depot(yard)
        .name("Red")
        .tag("Fahrer", "Ada")
        .tag("plate", "AB-12")
        .end_empty();
    builder.add_vehicle_type(truck.disposal_sites([site]));
    let problem = builder.build().unwrap();
    let clients = [0, 1].map(|c| Activity::Client(ClientId::new(c)));
    let activities = [&clients[..], &[Activity::Dispose(site)]].concat();
    let trip = TripStops { start: Some(yard), activities, end: Some(yard) };
    let stops = vec![RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips: vec![trip] }];
    let plan = Plan::new(&problem, stops).unwrap();
    assert!(plan.is_feasible());
    let options = ReportOptions { loads: vec!["kg".into()], ..dated() };
    hold(&problem, &plan, &options);
    let text = Html::read(&Report::new(&problem, &plan, &options).unwrap().driver_sheets()).text();
    for expected in [
        "Ada",
        "plate: AB-12",
        "5 × 240 l, 1 × 1100 l",
        "80\u{a0}kg",
        "ring twice",
        "key: 14",
        "collect 40\u{a0}kg (paper)",
        "unload 80\u{a0}kg",
        "52.00000, 5.10000",
        "Thursday, 3 December 2026",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(!text.contains("bins: "), "bins are what is done, not a remark");
}

#[test]
fn what_cannot_be_is_refused() {
    let (problem, plan) = grid(2, 1, "Mill");
    let told = |options: ReportOptions| Report::new(&problem, &plan, &options).map(|_| ()).unwrap_err().to_string();
    let date = |text: &str| told(ReportOptions { date: Some(text.into()), ..ReportOptions::default() });
    for text in ["", "yesterday", "2026-13-01", "2026-02-30", "03.12.2026", "2026-12-03T25:00"] {
        assert!(date(text).starts_with(&format!("date = {text:?}: ")), "{}", date(text));
    }
    assert!(told(ReportOptions { route: Some(2), ..dated() }).starts_with("route = 2: the plan has 2 routes"));
    let scales = milkrun::document::Scales { time: 0.0, ..Default::default() };
    assert!(told(ReportOptions { scales: Some(scales), ..dated() }).starts_with("scales.time = 0"));
    let (other, _) = grid(2, 2, "Mill");
    assert!(matches!(Report::new(&other, &plan, &dated()), Err(ReportError::OtherProblem(_))));
    let undated = Report::new(&problem, &plan, &ReportOptions::default()).unwrap();
    assert_eq!(undated.ical(), Err(ReportError::NoDate));
    let plain = Report::new(&problem, &plan, &ReportOptions { clock: Some(false), ..dated() }).unwrap();
    assert_eq!(plain.ical(), Err(ReportError::NoClock));
    let planar = Report::new(&problem, &plan, &ReportOptions { geographic: Some(false), ..dated() }).unwrap();
    assert!(matches!(planar.gpx(), Err(ReportError::NotGeographic(_))));
}

#[test]
fn files_of_one_route() {
    let (problem, plan) = grid(3, 2, "Mill");
    let report = Report::new(&problem, &plan, &ReportOptions { route: Some(1), ..dated() }).unwrap();
    let read = gpx::read(report.gpx().unwrap().as_bytes()).unwrap();
    assert_eq!((read.routes.len(), read.routes[0].name.as_deref()), (1, Some("Mill 2")));
    assert_eq!(report.csv().lines().count(), 1 + 4);
    assert_eq!(report.ical().unwrap().matches("BEGIN:VEVENT").count(), 1);
}

#[test]
fn lines_and_tracks_follow_the_streets() {
    let (problem, plan) = grid(1, 2, "Mill");
    let bend = Coord::new(5.05, 52.05);
    let along = |_, from, to| Some(vec![problem.coord(from), bend, problem.coord(to)]);
    let report = Report::new(&problem, &plan, &dated()).unwrap().along(&along);
    assert!(report.day_page().contains("Lines follow the streets."));
    let read = gpx::read(report.gpx().unwrap().as_bytes()).unwrap();
    let points = &read.tracks[0].segments[0].points;
    assert_eq!(
        points.iter().filter(|point| point.point().x_y() == (5.05, 52.05)).count(),
        3,
        "one bend for each drive"
    );
}

/// A mill and a farm behind one gate, and an inn.
fn three(origin: &str) -> Problem {
    let text = format!(
        r#"{{"milkrun": "problem", "version": 1, {origin} "travel": {{"type": "haversine", "speed": 10}},
        "depots": [{{"name": "yard", "location": {{"lon": 5.0, "lat": 52.0}}}}],
        "clients": [
            {{"name": "mill", "location": {{"lon": 5.01, "lat": 52.0}}, "service": "PT10M", "setup": "PT5M", "time_window": ["08:00", "09:00"]}},
            {{"name": "farm", "location": {{"lon": 5.01, "lat": 52.0}}, "service": "PT10M", "setup": "PT5M"}},
            {{"name": "inn", "location": {{"lon": 5.02, "lat": 52.0}}, "required": false}}],
        "vehicle_types": [{{"name": "Red", "start": "yard", "end": "yard", "shift": ["06:00", "16:00"]}}]}}"#
    );
    read_problem(&text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_place_is_set_up_on_pages_and_sheets() {
    let problem = three("");
    let stop = Stop { max_iterations: Some(50), ..Stop::default() };
    let plan = solve(&problem, &SolveParams { stop, ..SolveParams::default() }).plan;
    let report = Report::new(&problem, &plan, &dated()).unwrap();
    let page = Html::read(&report.day_page());
    assert!(page.text().contains("after 5 min of set-up") && page.text().contains("set-up at a place"));
    assert_eq!(Html::read(&report.driver_sheets()).text().matches("(set-up before: 5 min)").count(), 1);
    assert!(report.csv().lines().any(|line| line.contains(",300,2026-")), "{}", report.csv());
}

#[test]
fn several_days_on_one_page() {
    let problem = three(r#""origin": "2026-10-24T00:00[Europe/Amsterdam]","#);
    let mut params = PeriodParams::of_days(3).visit(ClientId::new(0), Visits::times(2));
    params.stop = Stop { max_iterations: Some(200), ..Stop::default() };
    let period = plan_period(&problem, &params).unwrap();
    let report = PeriodReport::new(&problem, &period, &ReportOptions::default()).unwrap();
    let page = Html::read(&report.page());
    assert!(page.text().contains("Saturday, 24 October 2026 to Monday, 26 October 2026"), "{}", page.text());
    assert_eq!((page.elements("script"), page.of_class("mr-oneday"), page.of_class("mr-visits")), (1, 3, 1));
    let mut ids: Vec<String> = page.attributes("id");
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "every name is used once: {ids:?}");
    let links: Vec<String> = page.attributes("href");
    assert!(!links.is_empty() && links.iter().all(|link| ids.iter().any(|id| link[1..] == **id)), "{links:?}");
    let served: usize = period.visited.iter().map(Vec::len).sum();
    let shown = page.text().matches("8:0").count();
    assert!(served >= 3 && shown >= 2, "{served} {shown}");
    let driven = period.days.iter().filter(|day| !day.plan.routes().is_empty()).count();
    assert_eq!(Html::read(&report.driver_sheets()).of_class("sheet"), driven);
    let beyond = ReportOptions { date: Some("9999-12-30".into()), ..ReportOptions::default() };
    assert!(matches!(PeriodReport::new(&problem, &period, &beyond), Err(ReportError::Beyond(_))));
}

#[test]
fn a_calendar_says_the_zone_of_the_problem() {
    let problem = three(r#""origin": "2026-10-25T00:00[Europe/Amsterdam]","#);
    let stop = Stop { max_iterations: Some(50), ..Stop::default() };
    let plan = solve(&problem, &SolveParams { stop, ..SolveParams::default() }).plan;
    let each = ReportOptions { each_stop: true, ..ReportOptions::default() };
    let report = Report::new(&problem, &plan, &each).unwrap();
    let calendar = report.ical().unwrap();
    assert!(calendar.contains("DTSTART;TZID=Europe/Amsterdam:20261025T080000\r\n"), "{calendar}");
    assert_eq!(calendar.matches("BEGIN:VTIMEZONE").count(), 1);
    assert!(
        calendar.contains("BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n")
    );
    let page = report.day_page();
    assert!(page.contains("Sunday, 25 October 2026") && page.contains(">8:00<"), "{page}");
    // The same day, said once more, is in the same zone; another one is not.
    for (date, is_zoned) in [("2026-10-25", true), ("2026-10-26", false), ("2026-12-01T00:00[Asia/Tokyo]", true)] {
        let options = ReportOptions { date: Some(date.into()), ..ReportOptions::default() };
        let calendar = Report::new(&problem, &plan, &options).unwrap().ical().unwrap();
        assert_eq!(calendar.contains("TZID="), is_zoned, "{date}");
    }
    let wrong = ReportOptions { date: Some("2026-10-25T02:30[Europe/Amsterdam]".into()), ..ReportOptions::default() };
    let error = Report::new(&problem, &plan, &wrong).unwrap_err().to_string();
    assert!(error.contains("occurs twice") && error.contains("offset"), "{error}");
}
