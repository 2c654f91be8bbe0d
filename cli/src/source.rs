//! Travel times that come from elsewhere: which source, with which key, budget and cache.

use std::path::Path;

use milkrun::travel::{Estimate, TravelSource};

use crate::road_args::SourceArgs;

/// A source that was set up.
pub(crate) type Opened = Box<dyn TravelSource>;

/// The straight lines that are asked for, in metres per second.
pub(crate) fn straight(args: &SourceArgs) -> Result<Opened, String> {
    let estimate = Estimate::new(args.speed / 3.6, args.detour);
    Ok(Box::new(estimate.map_err(|error| format!("{error} (--speed is in km/h)"))?))
}

/// Without the feature, all but straight lines are refused.
#[cfg(not(feature = "sources"))]
pub(crate) fn remote(_: &SourceArgs, _: &[Option<&str>], _: &Path) -> Result<Vec<Opened>, String> {
    Err("this milkrun was built without connections to travel services; build it with `--features sources`".to_owned())
}

#[cfg(feature = "sources")]
pub(crate) use remote::remote;

#[cfg(feature = "sources")]
mod remote {
    use milkrun::travel::road::RoadProfile;
    use milkrun_sources::{
        Cache, CacheOptions, Costing, ElementBudget, Google, GoogleMode, GoogleOptions, Mapbox, MapboxOptions,
        MapboxProfile, Osrm, OsrmOptions, SetupError, Truck, Valhalla, ValhallaOptions,
    };

    use super::{Opened, Path, SourceArgs, TravelSource};
    use crate::road_args::Source;
    use crate::streets::road_profile;

    /// The source that is asked for, for each profile, within one budget; profiles in files are relative to a folder.
    pub(crate) fn remote(args: &SourceArgs, profiles: &[Option<&str>], folder: &Path) -> Result<Vec<Opened>, String> {
        check(args)?;
        let budget = ElementBudget::new(args.budget.unwrap_or_default());
        profiles.iter().map(|profile| open(args, *profile, &budget, folder)).collect()
    }

    fn open(args: &SourceArgs, profile: Option<&str>, budget: &ElementBudget, folder: &Path) -> Result<Opened, String> {
        let told = |error: SetupError| error.to_string();
        let url = args.url.as_deref().unwrap_or_default();
        let data_date = args.data_date.clone().unwrap_or_default();
        match args.source {
            Some(Source::Mapbox) => {
                let options = MapboxOptions { profile: word(profile, &MAPBOX)?, data_date, ..MapboxOptions::default() };
                let key = key(args, "MILKRUN_MAPBOX_KEY")?;
                kept(Mapbox::new(key, budget.clone(), options).map_err(told)?, args)
            }
            Some(Source::Google) => {
                let options = GoogleOptions { mode: word(profile, &GOOGLE)?, data_date, ..GoogleOptions::default() };
                let key = key(args, "MILKRUN_GOOGLE_KEY")?;
                kept(Google::new(key, budget.clone(), options).map_err(told)?, args)
            }
            Some(Source::Valhalla) => {
                let profile = profile.map(|name| road_profile(name, folder)).transpose()?;
                let costing = profile.as_ref().map_or(Costing::Auto, costing);
                let options = ValhallaOptions { costing, data_date, ..ValhallaOptions::default() };
                kept(Valhalla::new(url, options).map_err(told)?, args)
            }
            _ => {
                let profile = profile.unwrap_or("driving").to_owned();
                let options = OsrmOptions { profile, data_date, ..OsrmOptions::default() };
                kept(Osrm::new(url, options).map_err(told)?, args)
            }
        }
    }

    /// What each source needs, and what it does not take.
    fn check(args: &SourceArgs) -> Result<(), String> {
        let is_paid = matches!(args.source, Some(Source::Mapbox | Source::Google));
        let faults = [
            (!is_paid && args.url.is_none(), "url: give the server's address, such as http://127.0.0.1:5000"),
            (is_paid && args.url.is_some(), "url: Mapbox and Google have addresses of their own; leave it out"),
            (!is_paid && args.key_env.is_some(), "key-env: OSRM and Valhalla take no key; leave it out"),
            (is_paid && args.budget.is_none(), "budget: cells are billed; give the most that may be asked for"),
            (!is_paid && args.budget.is_some(), "budget: OSRM and Valhalla bill nothing; leave it out"),
        ];
        let found: Vec<&str> = faults.into_iter().filter(|(is_fault, _)| *is_fault).map(|(_, fault)| fault).collect();
        if found.is_empty() { Ok(()) } else { Err(found.join("\nerror: ")) }
    }

    /// The key, from the environment: on the command line, others could see it.
    fn key(args: &SourceArgs, usual: &str) -> Result<String, String> {
        let name = args.key_env.as_deref().unwrap_or(usual);
        std::env::var(name).map_err(|_| format!("the environment has no variable {name} with the key in it; set it"))
    }

    /// With the cache that is asked for.
    fn kept<S: TravelSource + 'static>(source: S, args: &SourceArgs) -> Result<Opened, String> {
        let Some(folder) = &args.cache else { return Ok(Box::new(source)) };
        let cache = Cache::open(source, CacheOptions::new(folder)).map_err(|error| error.to_string())?;
        Ok(Box::new(cache))
    }

    const MAPBOX: [(&str, MapboxProfile); 4] = [
        ("driving", MapboxProfile::Driving),
        ("driving-traffic", MapboxProfile::DrivingTraffic),
        ("cycling", MapboxProfile::Cycling),
        ("walking", MapboxProfile::Walking),
    ];

    const GOOGLE: [(&str, GoogleMode); 5] = [
        ("drive", GoogleMode::Drive),
        ("drive-traffic", GoogleMode::DriveTraffic),
        ("drive-traffic-optimal", GoogleMode::DriveTrafficOptimal),
        ("walk", GoogleMode::Walk),
        ("bicycle", GoogleMode::Bicycle),
    ];

    /// What a word stands for; the first, if there is none.
    fn word<T: Copy>(asked: Option<&str>, words: &[(&str, T)]) -> Result<T, String> {
        let Some(asked) = asked else { return Ok(words[0].1) };
        let found = words.iter().find(|(word, _)| *word == asked).map(|(_, of)| *of);
        let known = || words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        found.ok_or_else(|| format!("profile: {asked:?} is unknown to this source; use one of {}", known()))
    }

    /// Who drives, as Valhalla has it: a truck by its measures, if there are any.
    fn costing(profile: &RoadProfile) -> Costing {
        let size = &profile.vehicle;
        if profile.on_foot {
            return Costing::Pedestrian;
        }
        let truck = Truck {
            height: size.height,
            width: size.width,
            length: size.length,
            weight: size.weight,
            axle_load: size.axle_load,
            ..Truck::default()
        };
        if truck == Truck::default() { Costing::Auto } else { Costing::Truck(truck) }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn valhalla_gets_the_measures_of_a_profile() {
            assert_eq!(costing(&RoadProfile::car()), Costing::Auto);
            assert_eq!(costing(&RoadProfile::foot()), Costing::Pedestrian);
            let truck = RoadProfile::truck();
            let Costing::Truck(measures) = costing(&truck) else { panic!("a truck has measures") };
            assert_eq!((measures.height, measures.weight), (truck.vehicle.height, truck.vehicle.weight));
            assert!(measures.weight.is_some());
        }

        #[test]
        fn words_are_those_of_the_service() {
            assert_eq!(word(None, &GOOGLE), Ok(GoogleMode::Drive));
            assert_eq!(word(Some("walking"), &MAPBOX), Ok(MapboxProfile::Walking));
            assert!(word(Some("walk"), &MAPBOX).unwrap_err().contains("driving-traffic"));
        }
    }
}
