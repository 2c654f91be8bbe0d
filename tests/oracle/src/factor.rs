//! What a problem may have: factors, each of which has one of several levels.

/// Declares the factors, each with its levels; the first level is the absence of the rule.
macro_rules! factors {
    ($($(#[$doc:meta])* $factor:ident: $($level:literal),+;)*) => {
        /// Something that a problem may have.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Factor {
            $($(#[$doc])* $factor,)*
        }

        impl Factor {
            /// All factors.
            pub const ALL: &[Self] = &[$(Self::$factor),*];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$factor => stringify!($factor),)* }
            }

            /// Its levels; the first one stands for a problem without it.
            pub const fn levels(self) -> &'static [&'static str] {
                match self { $(Self::$factor => &[$($level),+],)* }
            }
        }
    };
}

factors! {
    /// What clients get and give.
    Demand: "none", "pickup", "delivery", "both", "mixed";
    /// Load dimensions.
    Dimensions: "one", "two";
    /// Time windows of clients.
    Windows: "none", "tight", "several";
    /// Soft windows of clients.
    Soft: "none", "early", "late", "both";
    /// What of a service its windows hold.
    Covers: "start", "service";
    /// Release times.
    Release: "none", "some";
    /// Which clients need not be served.
    Optional: "none", "some", "all";
    /// Priority classes.
    Priority: "none", "one class", "two classes";
    /// Groups of clients.
    Group: "none", "required", "optional", "patterns", "optional patterns";
    /// Service times of clients.
    Service: "none", "some", "by type";
    /// Set-ups, and stops that share a place.
    Setup: "none", "some";
    /// Skills.
    Skills: "none", "some";
    /// Lists of permitted clients and vehicles.
    Lists: "none", "allowed vehicles", "forbidden vehicles", "allowed clients";
    /// Materials of waste.
    Material: "none", "two", "separate";
    /// Compartments of vehicles.
    Compartments: "none", "unlimited", "limited";
    /// Order of deliveries and pickups.
    Backhauls: "any order", "after linehauls";
    /// Shipments.
    Shipments: "none", "untimed", "timed", "optional", "two";
    /// Hours of depots.
    DepotHours: "none", "tight";
    /// Loading time at depots.
    Loading: "none", "some";
    /// Where routes start and end.
    Ends: "depot", "open start", "open end", "open", "two depots";
    /// Reload depots.
    Reload: "none", "yard", "other";
    /// Limit of trips.
    MaxTrips: "none", "one", "two";
    /// Vehicles.
    Fleet: "one", "two alike", "two types", "three";
    /// Capacity of vehicles.
    Capacity: "none", "tight";
    /// Cost of using a vehicle.
    FixedCost: "none", "some";
    /// Unit costs.
    UnitCost: "distance", "duration", "both";
    /// Shifts.
    Shift: "none", "tight";
    /// Limit of a route's duration.
    MaxDuration: "none", "tight";
    /// Limit of a route's distance.
    MaxDistance: "none", "tight";
    /// Limit of a route's driving.
    MaxDriving: "none", "tight";
    /// Limit of a route's work.
    MaxWork: "none", "tight";
    /// Limit of a route's stops.
    MaxStops: "none", "tight";
    /// Limit of a route's load over all trips.
    RouteLoad: "none", "tight";
    /// Overtime.
    Overtime: "none", "one step", "two steps";
    /// Cost of waiting.
    WaitingCost: "none", "some";
    /// Disposal sites.
    Disposal: "none", "one site", "two sites", "by material";
    /// Whether vehicles must end empty.
    EndEmpty: "no", "yes";
    /// Hours of disposal sites.
    SiteHours: "none", "one", "two";
    /// Time that a visit to a disposal site takes.
    SiteTime: "none", "service", "unloading";
    /// Cost of a visit to a disposal site.
    Fees: "none", "visit", "tipping";
    /// Daily capacity of disposal sites.
    DailyCapacity: "none", "tight";
    /// Breaks.
    Breaks: "none", "anywhere", "at a place", "unpaid", "two";
    /// Driver rules.
    DriverRules: "none", "driving", "work", "split", "any pause", "two";
    /// Whether rests are paid.
    UnpaidRests: "no", "yes";
    /// What a vehicle has executed.
    Executed: "none", "client", "disposal", "break";
    /// A plan to start from.
    Initial: "none", "sensible", "random";
    /// A relation.
    Relation: "none", "same vehicle", "sequence", "precedence", "all or none", "incompatible", "pin type", "pin first", "pin last";
    /// Another relation that shares a client with the first one.
    Relation2: "none", "same vehicle", "sequence", "precedence", "all or none", "incompatible", "pin type", "pin first", "pin last";
    /// Whether the first relation ties a required client to an optional one.
    Members: "any", "unlike";
    /// A goal before all cost.
    RankedGoal: "none", "vehicles", "makespan", "duration_spread", "load_spread", "stop_spread", "scatter", "emissions";
    /// A goal with a weight.
    WeightedGoal: "none", "vehicles", "makespan", "duration_spread", "load_spread", "stop_spread", "scatter", "emissions";
    /// Where distances and durations come from.
    Travel: "euclidean", "matrix", "unreachable", "great circle";
    /// Travel profiles.
    Profiles: "one", "two";
    /// Speed curves.
    Speed: "none", "slow", "varying";
    /// What serving costs in addition with vehicles of some types.
    Assignment: "none", "clients", "shipments";
    /// What zones mean for vehicles.
    Zones: "none", "serve only", "closed", "closed hours";
}

/// A factor at a level other than the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level {
    /// The factor.
    pub factor: Factor,
    /// The index of the level, at least 1.
    pub index: usize,
}

impl Level {
    /// All of them.
    pub fn all() -> Vec<Self> {
        let of = |&factor: &Factor| (1..factor.levels().len()).map(move |index| Self { factor, index });
        Factor::ALL.iter().flat_map(of).collect()
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.factor.levels()[self.index]
    }
}

/// The level of each factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice(Vec<usize>);

impl Default for Choice {
    fn default() -> Self {
        Self(vec![0; Factor::ALL.len()])
    }
}

impl Choice {
    /// The name of the factor's level.
    pub fn of(&self, factor: Factor) -> &'static str {
        factor.levels()[self.0[factor as usize]]
    }

    /// Whether the factor is at another level than the first.
    pub fn has(&self, factor: Factor) -> bool {
        self.0[factor as usize] != 0
    }

    /// Whether the factor is at this level.
    pub fn is(&self, level: Level) -> bool {
        self.0[level.factor as usize] == level.index
    }

    pub(crate) fn set(&mut self, level: Level) {
        self.0[level.factor as usize] = level.index;
    }

    /// All factors that are at another level than the first.
    pub fn levels(&self) -> Vec<Level> {
        let level = |(&factor, &index): (&Factor, &usize)| (index > 0).then_some(Level { factor, index });
        Factor::ALL.iter().zip(&self.0).filter_map(level).collect()
    }
}

/// Whether two levels cannot be in one problem: what is served of a group with patterns is tied by nothing else.
pub(crate) fn at_odds(a: Level, b: Level) -> bool {
    let has_patterns = |level: Level| level.factor == Factor::Group && level.name().ends_with("patterns");
    let ties = |level: Level| {
        matches!(level.factor, Factor::Relation | Factor::Relation2)
            && matches!(level.name(), "sequence" | "all or none")
    };
    (has_patterns(a) && ties(b)) || (has_patterns(b) && ties(a))
}

/// What a level needs to mean anything: of each list, at least one level.
pub(crate) fn needs(level: Level) -> Vec<Vec<Level>> {
    let any = |factor: Factor| (1..factor.levels().len()).map(move |index| Level { factor, index }).collect::<Vec<_>>();
    let some = |factor: Factor, names: &[&str]| -> Vec<Level> {
        any(factor).into_iter().filter(|level| names.contains(&level.name())).collect()
    };
    let pickups = || some(Factor::Demand, &["pickup", "both", "mixed"]);
    let types = || some(Factor::Fleet, &["two types", "three"]);
    let loads = || any(Factor::Demand).into_iter().chain(any(Factor::Shipments)).collect::<Vec<_>>();
    let sites = || any(Factor::Disposal);
    // What makes a vehicle go to a site, or reload.
    let full = || any(Factor::Capacity);
    let emptied = || any(Factor::EndEmpty).into_iter().chain(full()).collect::<Vec<_>>();
    // What makes time cost something.
    let timed = || {
        let costs = some(Factor::UnitCost, &["duration", "both"]).into_iter().chain(any(Factor::Overtime));
        costs.chain(any(Factor::MaxDuration)).collect::<Vec<_>>()
    };
    match (level.factor, level.name()) {
        (Factor::Dimensions, _) => vec![any(Factor::Demand)],
        (Factor::Priority, _) => vec![some(Factor::Optional, &["some", "all"])],
        (Factor::Service, "by type") => vec![types(), timed()],
        (Factor::Skills | Factor::Lists, _)
        | (Factor::Assignment, "clients")
        | (Factor::Zones, "serve only" | "closed") => vec![types()],
        (Factor::Assignment, _) => vec![types(), any(Factor::Shipments)],
        (Factor::Covers, _) => {
            vec![any(Factor::Windows).into_iter().chain(any(Factor::Soft)).collect(), any(Factor::Service)]
        }
        (Factor::WaitingCost, _) => vec![any(Factor::Windows)],
        (Factor::Reload, _) => vec![full()],
        (Factor::Backhauls, _) => vec![some(Factor::Demand, &["mixed"])],
        (Factor::MaxTrips, _) => vec![any(Factor::Reload).into_iter().chain(sites()).collect(), full()],
        (Factor::Capacity | Factor::RouteLoad, _) => vec![loads()],
        // A material needs pickups itself.
        (Factor::Disposal, "by material") | (Factor::Compartments, _) => vec![any(Factor::Material)],
        (Factor::Disposal | Factor::Material, _) => vec![pickups()],
        (Factor::EndEmpty, _) => vec![sites()],
        (Factor::SiteTime, _) => vec![sites(), emptied(), timed()],
        (Factor::SiteHours | Factor::Fees | Factor::DailyCapacity, _) => vec![sites(), emptied()],
        (Factor::DriverRules, "any pause") => vec![some(Factor::Service, &["some"])],
        (Factor::UnpaidRests, _) => vec![any(Factor::DriverRules), timed()],
        (Factor::Executed, name) => {
            let mut needs = vec![some(Factor::Fleet, &["two types", "three"])];
            match name {
                "disposal" => needs.push(sites()),
                "break" => needs.push(any(Factor::Breaks)),
                _ => {}
            }
            needs
        }
        (Factor::Relation | Factor::Relation2, name) => {
            let mut needs = Vec::new();
            if level.factor == Factor::Relation2 {
                needs.push(any(Factor::Relation));
            }
            match name {
                "same vehicle" | "incompatible" => needs.push(any(Factor::Fleet)),
                "pin type" => needs.push(types()),
                _ => {}
            }
            needs
        }
        (Factor::Members, _) => {
            let ties = ["same vehicle", "sequence", "precedence", "all or none", "incompatible"];
            vec![some(Factor::Relation, &ties), some(Factor::Optional, &["some"])]
        }
        (Factor::RankedGoal | Factor::WeightedGoal, "load_spread") => vec![any(Factor::Fleet), loads()],
        (Factor::RankedGoal | Factor::WeightedGoal, _) => vec![any(Factor::Fleet)],
        (Factor::Profiles, _) => vec![some(Factor::Travel, &["matrix", "unreachable"]), types()],
        _ => Vec::new(),
    }
}
