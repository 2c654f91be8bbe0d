//! What a route is made of: stops, and the halts between them.

/// One element of a route. Small, so that a sequence of them is cheap to copy and compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Element(u32);

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A stop, by its node.
    Stop(usize),
    /// A visit to a disposal site.
    Site(usize),
    /// A reload at a depot: one trip ends and the next begins.
    Reload(usize),
    /// A break of the vehicle type, at a place or en route.
    Break(usize),
    /// A rest; the index into the table of lengths.
    Rest(usize),
    Start,
    End,
}

const SHIFT: u32 = 29;

const INDEX: u32 = (1 << SHIFT) - 1;

const SITE: u32 = 1;

const RELOAD: u32 = 2;

const BREAK: u32 = 3;

const REST: u32 = 4;

const START: u32 = 5;

const END: u32 = 6;

impl Element {
    pub(crate) const START: Self = Self(START << SHIFT);

    pub(crate) const END: Self = Self(END << SHIFT);

    #[inline]
    pub(crate) const fn stop(node: u32) -> Self {
        Self(node)
    }

    pub(crate) const fn site(index: usize) -> Self {
        Self(SITE << SHIFT | index as u32)
    }

    pub(crate) const fn reload(depot: usize) -> Self {
        Self(RELOAD << SHIFT | depot as u32)
    }

    pub(crate) const fn pause(index: usize) -> Self {
        Self(BREAK << SHIFT | index as u32)
    }

    pub(crate) const fn rest(index: usize) -> Self {
        Self(REST << SHIFT | index as u32)
    }

    /// The node of a stop.
    #[inline]
    pub(crate) const fn node(self) -> Option<usize> {
        if self.is_stop() { Some(self.0 as usize) } else { None }
    }

    #[inline]
    pub(crate) const fn is_stop(self) -> bool {
        self.0 >> SHIFT == 0
    }

    /// Whether the vehicle empties here: a disposal site or a reload.
    #[inline]
    pub(crate) const fn is_emptying(self) -> bool {
        matches!(self.0 >> SHIFT, SITE | RELOAD)
    }

    #[inline]
    pub(crate) const fn role(self) -> Role {
        let index = (self.0 & INDEX) as usize;
        match self.0 >> SHIFT {
            0 => Role::Stop(index),
            SITE => Role::Site(index),
            RELOAD => Role::Reload(index),
            BREAK => Role::Break(index),
            REST => Role::Rest(index),
            START => Role::Start,
            _ => Role::End,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_what_it_was_made_of() {
        assert_eq!(Element::stop(7).role(), Role::Stop(7));
        assert_eq!(Element::site(3).role(), Role::Site(3));
        assert_eq!(Element::reload(2).role(), Role::Reload(2));
        assert_eq!(Element::pause(0).role(), Role::Break(0));
        assert_eq!(Element::rest(5).role(), Role::Rest(5));
        assert_eq!((Element::START.role(), Element::END.role()), (Role::Start, Role::End));
        assert!(Element::site(0).is_emptying() && Element::reload(0).is_emptying() && !Element::pause(0).is_emptying());
    }
}
