//! Rows of quantities beside the elements of a route, and the column in which each quantity stands.

use crate::search::general::layout::Layout;

impl Layout<'_> {
    // Where quantities stand in a row of resources.
    /// What the trip has delivered so far, by dimension.
    pub(crate) const DELIVERED: usize = 0;

    /// What the trip has loaded more than delivered so far.
    #[inline]
    pub(crate) fn resource_net(&self) -> usize {
        self.dims
    }

    /// The most of that so far, from the trip's start on.
    #[inline]
    pub(crate) fn resource_peak(&self) -> usize {
        2 * self.dims
    }

    /// What the whole route has handled so far.
    #[inline]
    pub(crate) fn resource_total(&self) -> usize {
        3 * self.dims
    }

    /// Waste on board by waste class and dimension.
    #[inline]
    pub(crate) fn resource_waste(&self) -> usize {
        4 * self.dims
    }

    /// Effort without a rest by driver rule.
    #[inline]
    pub(crate) fn resource_effort(&self) -> usize {
        (4 + self.waste_classes) * self.dims
    }

    /// The length of a row.
    #[inline]
    pub(crate) fn resources(&self) -> usize {
        (4 + self.waste_classes) * self.dims + self.max_rules
    }
}

impl Layout<'_> {
    // Where quantities stand in a row of residuals.
    /// How much more may be loaded of each waste class until it is emptied, by waste class and dimension.
    #[inline]
    pub(crate) fn residual_rows(&self) -> usize {
        self.waste_classes.max(1) * self.dims
    }

    /// What the trip still delivers after the element.
    #[inline]
    pub(crate) fn residual_delivered(&self) -> usize {
        self.residual_rows()
    }

    /// The most effort without a rest with which the element may be reached.
    #[inline]
    pub(crate) fn residual_effort(&self) -> usize {
        self.residual_rows() + self.dims
    }

    /// The disposal site that is next to take what is of a waste class; negative: none on this trip.
    #[inline]
    pub(crate) fn residual_site(&self) -> usize {
        self.residual_effort() + self.max_rules
    }

    #[inline]
    pub(crate) fn residuals(&self) -> usize {
        self.residual_site() + self.waste_classes
    }
}
