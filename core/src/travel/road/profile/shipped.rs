//! The profiles that come with the library.

use crate::travel::road::profile::RoadProfile;

/// Names and texts of the shipped profiles.
const SHIPPED: [(&str, &str); 4] = [
    ("car", include_str!("car.toml")),
    ("truck", include_str!("truck.toml")),
    ("waste-truck", include_str!("waste-truck.toml")),
    ("foot", include_str!("foot.toml")),
];

impl RoadProfile {
    /// The names of the shipped profiles.
    pub const SHIPPED: [&str; 4] = [SHIPPED[0].0, SHIPPED[1].0, SHIPPED[2].0, SHIPPED[3].0];

    /// The shipped profile of a name; `None` if there is none.
    ///
    /// ```
    /// use milkrun::travel::road::RoadProfile;
    /// for name in RoadProfile::SHIPPED {
    ///     assert_eq!(RoadProfile::shipped(name).unwrap().name, name);
    /// }
    /// ```
    pub fn shipped(name: &str) -> Option<Self> {
        Self::shipped_toml(name).and_then(|text| Self::from_toml(text).ok())
    }

    /// The text of a shipped profile, to start another from.
    pub fn shipped_toml(name: &str) -> Option<&'static str> {
        SHIPPED.iter().find(|shipped| shipped.0 == name).map(|shipped| shipped.1)
    }

    /// A car.
    ///
    /// # Panics
    ///
    /// Never: a test reads the shipped profiles.
    pub fn car() -> Self {
        Self::shipped("car").expect("it is shipped")
    }

    /// A truck of 26 t, 4 m high.
    ///
    /// # Panics
    ///
    /// Never: a test reads the shipped profiles.
    pub fn truck() -> Self {
        Self::shipped("truck").expect("it is shipped")
    }

    /// A refuse truck: slow on residential streets, U-turns at dead ends only, streets that are wide enough only.
    ///
    /// # Panics
    ///
    /// Never: a test reads the shipped profiles.
    pub fn waste_truck() -> Self {
        Self::shipped("waste-truck").expect("it is shipped")
    }

    /// A crew on foot.
    ///
    /// # Panics
    ///
    /// Never: a test reads the shipped profiles.
    pub fn foot() -> Self {
        Self::shipped("foot").expect("it is shipped")
    }
}
