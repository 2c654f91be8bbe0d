//! Calls of providers as figures.

use milkrun_providers::{Meter, Metered};

use crate::traces;

/// Counts calls for Prometheus.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures;

impl Meter for Figures {
    fn called(&self, call: &Metered) {
        let Metered { provider, call, outcome, latency, cost, .. } = *call;
        traces::attempted(call, outcome.word(), latency);
        metrics::counter!("milkrun_provider_calls_total", "provider" => provider, "call" => call, "outcome" => outcome.word())
            .increment(1);
        metrics::histogram!("milkrun_provider_seconds", "provider" => provider).record(latency.as_secs_f64());
        metrics::counter!("milkrun_provider_cost_millionths_total", "provider" => provider).increment(cost);
    }
}
