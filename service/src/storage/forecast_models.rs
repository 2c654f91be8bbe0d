//! Models of forecasts: trained, promoted, retired; and how they agree with what came later.

use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::Connection;
use crate::error::Error;

/// A model.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Model {
    /// Its id.
    pub(crate) id: String,
    /// Its number among the organisation's models.
    pub(crate) number: i64,
    /// `empirical` or `gamma`.
    pub(crate) method: String,
    /// Those of the method that differ from the library's defaults.
    #[schema(value_type = Object)]
    pub(crate) parameters: serde_json::Value,
    /// The feature set that it uses.
    pub(crate) feature_set: String,
    /// Its version.
    pub(crate) feature_set_version: i64,
    /// The readings that it was tested on, milliseconds since 1970: the first,
    pub(crate) trained_from: i64,
    /// and the last moment.
    pub(crate) trained_until: i64,
    /// `candidate`, `active` or `retired`.
    pub(crate) state: String,
    /// Figures of the backtest; null: it has none.
    #[schema(value_type = Option<Object>)]
    pub(crate) backtest: serde_json::Value,
    /// What the last review found; null: there was none.
    #[schema(value_type = Option<Object>)]
    pub(crate) review: serde_json::Value,
    /// Who asked for it; null: the service.
    pub(crate) trained_by: Option<String>,
    /// When it was made, milliseconds since 1970.
    pub(crate) created_at: i64,
    /// Who promoted it; null: a rule, or nobody.
    pub(crate) promoted_by: Option<String>,
    /// When.
    pub(crate) promoted_at: Option<i64>,
    /// When it was retired.
    pub(crate) retired_at: Option<i64>,
}

const COLUMNS: &str = "id, number, method, parameters, feature_set, feature_set_version, trained_from, trained_until, \
                       state, backtest, review, trained_by, created_at, promoted_by, promoted_at, retired_at";

type Row = (
    String,
    i64,
    String,
    String,
    String,
    i64,
    i64,
    i64,
    String,
    String,
    String,
    Option<String>,
    i64,
    Option<String>,
    Option<i64>,
    Option<i64>,
);

fn model(row: Row) -> Model {
    let (
        id,
        number,
        method,
        parameters,
        feature_set,
        feature_set_version,
        trained_from,
        trained_until,
        state,
        backtest,
        review,
        trained_by,
        created_at,
        promoted_by,
        promoted_at,
        retired_at,
    ) = row;
    let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
    Model {
        id,
        number,
        method,
        parameters: read(&parameters),
        feature_set,
        feature_set_version,
        trained_from,
        trained_until,
        state,
        backtest: read(&backtest),
        review: read(&review),
        trained_by,
        created_at,
        promoted_by,
        promoted_at,
        retired_at,
    }
}

/// A model to be stored, as a candidate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewModel<'a> {
    /// Its id.
    pub(crate) id: &'a str,
    /// The organisation.
    pub(crate) org: &'a str,
    /// Method and parameters.
    pub(crate) recipe: (&'a str, &'a str),
    /// Feature set and its version.
    pub(crate) features: (&'a str, i64),
    /// The readings it was tested on.
    pub(crate) trained: (i64, i64),
    /// Figures and samples, as JSON.
    pub(crate) tested: (&'a str, &'a str),
    /// Who asked for it.
    pub(crate) by: Option<&'a str>,
    /// When.
    pub(crate) now: i64,
}

/// How forecasts of a day agreed: day, model, sums and samples as JSON, when it was reviewed.
pub(crate) type ScoreRow = (String, String, String, String, i64);

/// Models, their scores, and what forecasts were worth.
pub(crate) trait ForecastModels {
    /// Stores a candidate, and gives its number.
    async fn insert_model(&mut self, new: &NewModel<'_>) -> Result<i64, Error>;

    /// One model.
    async fn forecast_model(&mut self, org: &str, id: &str) -> Result<Option<Model>, Error>;

    /// The active model.
    async fn active_model(&mut self, org: &str) -> Result<Option<Model>, Error>;

    /// An organisation's newest models.
    async fn forecast_models(&mut self, org: &str, limit: i64) -> Result<Vec<Model>, Error>;

    /// Samples of a model's backtest, as JSON.
    async fn model_reference(&mut self, id: &str) -> Result<String, Error>;

    /// Makes a model the active one; the one that was is retired.
    async fn activate_model(&mut self, org: &str, id: &str, by: Option<&str>, now: i64) -> Result<(), Error>;

    /// Retires a candidate. Gives whether it was one.
    async fn retire_model(&mut self, org: &str, id: &str, now: i64) -> Result<bool, Error>;

    /// Stores what a review found of a model, as JSON.
    async fn set_review(&mut self, org: &str, id: &str, review: &str) -> Result<(), Error>;

    /// Stores how the forecast of a day agreed; it replaces what was found before.
    async fn put_score(&mut self, org: &str, run: &str, score: &ScoreRow) -> Result<(), Error>;

    /// How forecasts of days agreed, by day; of a model, or of all.
    async fn forecast_scores(&mut self, org: &str, model: &str, span: (&str, &str)) -> Result<Vec<ScoreRow>, Error>;

    /// Stores what was done on a day, as JSON; it replaces what was found before.
    async fn put_impact(&mut self, org: &str, day: &str, figures: &str, as_of: i64) -> Result<(), Error>;

    /// What was done on days: day, figures as JSON, when they were worked out.
    async fn forecast_impact(&mut self, org: &str, span: (&str, &str)) -> Result<Vec<(String, String, i64)>, Error>;

    /// The forecast that the plan of a day came from, as JSON; of the version that holds.
    async fn forecast_of_plan_of_day(&mut self, org: &str, day: &str) -> Result<Option<String>, Error>;
}

impl ForecastModels for Connection {
    async fn insert_model(&mut self, new: &NewModel<'_>) -> Result<i64, Error> {
        let query = sqlx::query_as(
            "INSERT INTO forecast_models (id, org_id, number, method, parameters, feature_set, feature_set_version,
                 trained_from, trained_until, state, backtest, reference, trained_by, created_at)
             SELECT $1, $2, COALESCE(MAX(number), 0) + 1, $3, $4, $5, $6, $7, $8, 'candidate', $9, $10, $11, $12
             FROM forecast_models WHERE org_id = $2 RETURNING number",
        );
        let query = query.bind(new.id.to_owned()).bind(new.org.to_owned()).bind(new.recipe.0.to_owned());
        let query = query.bind(new.recipe.1.to_owned()).bind(new.features.0.to_owned()).bind(new.features.1);
        let query = query.bind(new.trained.0).bind(new.trained.1).bind(new.tested.0.to_owned());
        let query = query.bind(new.tested.1.to_owned()).bind(new.by.map(str::to_owned)).bind(new.now);
        let (number,): (i64,) = query.fetch_one(self).await?;
        Ok(number)
    }

    async fn forecast_model(&mut self, org: &str, id: &str) -> Result<Option<Model>, Error> {
        let text = format!("SELECT {COLUMNS} FROM forecast_models WHERE org_id = $1 AND id = $2");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(id.to_owned());
        let row: Option<Row> = query.fetch_optional(self).await?;
        Ok(row.map(model))
    }

    async fn active_model(&mut self, org: &str) -> Result<Option<Model>, Error> {
        let text = format!("SELECT {COLUMNS} FROM forecast_models WHERE org_id = $1 AND state = 'active'");
        let row: Option<Row> = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).fetch_optional(self).await?;
        Ok(row.map(model))
    }

    async fn forecast_models(&mut self, org: &str, limit: i64) -> Result<Vec<Model>, Error> {
        let text = format!("SELECT {COLUMNS} FROM forecast_models WHERE org_id = $1 ORDER BY number DESC LIMIT $2");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(limit);
        let rows: Vec<Row> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(model).collect())
    }

    async fn model_reference(&mut self, id: &str) -> Result<String, Error> {
        let query = sqlx::query_as("SELECT reference FROM forecast_models WHERE id = $1").bind(id.to_owned());
        let (reference,) = query.fetch_one(self).await?;
        Ok(reference)
    }

    async fn activate_model(&mut self, org: &str, id: &str, by: Option<&str>, now: i64) -> Result<(), Error> {
        sqlx::query(
            "UPDATE forecast_models SET state = 'retired', retired_at = $2 WHERE org_id = $1 AND state = 'active'",
        )
        .bind(org.to_owned())
        .bind(now)
        .execute(&mut *self)
        .await?;
        sqlx::query(
            "UPDATE forecast_models SET state = 'active', promoted_by = $3, promoted_at = $4, retired_at = NULL
             WHERE org_id = $1 AND id = $2",
        )
        .bind(org.to_owned())
        .bind(id.to_owned())
        .bind(by.map(str::to_owned))
        .bind(now)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn retire_model(&mut self, org: &str, id: &str, now: i64) -> Result<bool, Error> {
        let query = sqlx::query(
            "UPDATE forecast_models SET state = 'retired', retired_at = $3
             WHERE org_id = $1 AND id = $2 AND state = 'candidate'",
        );
        let done = query.bind(org.to_owned()).bind(id.to_owned()).bind(now).execute(self).await?;
        Ok(done.rows_affected() == 1)
    }

    async fn set_review(&mut self, org: &str, id: &str, review: &str) -> Result<(), Error> {
        let query = sqlx::query("UPDATE forecast_models SET review = $3 WHERE org_id = $1 AND id = $2");
        query.bind(org.to_owned()).bind(id.to_owned()).bind(review.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn put_score(&mut self, org: &str, run: &str, score: &ScoreRow) -> Result<(), Error> {
        let (day, model, tally, samples, reviewed_at) = score;
        sqlx::query(
            "INSERT INTO forecast_scores (org_id, day, model_id, run_id, tally, samples, reviewed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (org_id, day, model_id) DO UPDATE SET run_id = excluded.run_id, tally = excluded.tally,
                 samples = excluded.samples, reviewed_at = excluded.reviewed_at",
        )
        .bind(org.to_owned())
        .bind(day.clone())
        .bind(model.clone())
        .bind(run.to_owned())
        .bind(tally.clone())
        .bind(samples.clone())
        .bind(*reviewed_at)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn forecast_scores(&mut self, org: &str, model: &str, span: (&str, &str)) -> Result<Vec<ScoreRow>, Error> {
        let query = sqlx::query_as(
            "SELECT day, model_id, tally, samples, reviewed_at FROM forecast_scores
             WHERE org_id = $1 AND day >= $2 AND day <= $3 AND ($4 = '' OR model_id = $4)
             ORDER BY day, model_id LIMIT 1000",
        );
        let query = query.bind(org.to_owned()).bind(span.0.to_owned()).bind(span.1.to_owned());
        Ok(query.bind(model.to_owned()).fetch_all(self).await?)
    }

    async fn put_impact(&mut self, org: &str, day: &str, figures: &str, as_of: i64) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO forecast_impact (org_id, day, figures, as_of) VALUES ($1, $2, $3, $4)
             ON CONFLICT (org_id, day) DO UPDATE SET figures = excluded.figures, as_of = excluded.as_of",
        )
        .bind(org.to_owned())
        .bind(day.to_owned())
        .bind(figures.to_owned())
        .bind(as_of)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn forecast_impact(&mut self, org: &str, span: (&str, &str)) -> Result<Vec<(String, String, i64)>, Error> {
        let query = sqlx::query_as(
            "SELECT day, figures, as_of FROM forecast_impact WHERE org_id = $1 AND day >= $2 AND day <= $3
             ORDER BY day LIMIT 1000",
        );
        let query = query.bind(org.to_owned()).bind(span.0.to_owned()).bind(span.1.to_owned());
        Ok(query.fetch_all(self).await?)
    }

    async fn forecast_of_plan_of_day(&mut self, org: &str, day: &str) -> Result<Option<String>, Error> {
        let query = sqlx::query_as(
            "SELECT p.forecast FROM day_versions v JOIN plans p ON p.id = v.plan_id
             WHERE v.org_id = $1 AND v.day = $2 ORDER BY v.version DESC LIMIT 1",
        );
        let row: Option<(String,)> = query.bind(org.to_owned()).bind(day.to_owned()).fetch_optional(self).await?;
        Ok(row.map(|(forecast,)| forecast).filter(|forecast| forecast != "null"))
    }
}
