//! Load along a piece of a trip.

/// What a piece of a trip brings, takes and carries at most, in one load dimension.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LoadSegment {
    /// What must be on board at its beginning, to be delivered on the way.
    pub(crate) delivery: i64,
    /// What is on board at its end.
    pub(crate) pickup: i64,
    /// The most that is ever on board.
    pub(crate) peak: i64,
}

impl LoadSegment {
    /// A client that gets `delivery` and gives `pickup`.
    pub(crate) const fn client(delivery: i64, pickup: i64) -> Self {
        let peak = if delivery > pickup { delivery } else { pickup };
        Self { delivery, pickup, peak }
    }

    /// Where `amount` of a shipment is loaded; negative where it is unloaded.
    pub(crate) const fn shipment(amount: i64) -> Self {
        Self { delivery: 0, pickup: amount, peak: if amount > 0 { amount } else { 0 } }
    }

    /// This piece, then `next`.
    #[inline]
    pub(crate) fn then(self, next: Self) -> Self {
        Self {
            delivery: self.delivery + next.delivery,
            pickup: self.pickup + next.pickup,
            peak: (self.peak + next.delivery).max(self.pickup + next.peak),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn segment() -> impl Strategy<Value = LoadSegment> {
        prop_oneof![
            (0i64..20, 0i64..20).prop_map(|(d, p)| LoadSegment::client(d, p)),
            (-20i64..20).prop_map(LoadSegment::shipment),
        ]
    }

    proptest! {
        #[test]
        fn joining_is_associative(a in segment(), b in segment(), c in segment()) {
            prop_assert_eq!(a.then(b).then(c), a.then(b.then(c)));
        }

        #[test]
        fn peak_is_the_most_on_board(stops in prop::collection::vec((0i64..20, 0i64..20), 1..8)) {
            let joined = stops.iter().fold(LoadSegment::default(), |all, &(d, p)| all.then(LoadSegment::client(d, p)));
            let mut on_board: i64 = stops.iter().map(|s| s.0).sum();
            let mut most = on_board;
            for (d, p) in stops {
                on_board += p - d;
                most = most.max(on_board);
            }
            prop_assert_eq!(joined.peak, most);
        }
    }
}
