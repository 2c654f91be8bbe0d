//! Photos of what was found at a stop.

use serde_json::json;

use super::picture::{self, Unusable};
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::crypto::fingerprint;
use crate::error::Error;
use crate::ids::new_id;
use crate::storage::Reports as _;
use crate::storage::reports::{NewPhoto, Photo};

/// What became of a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is stored, or was before.
    Stored,
    /// The user has made no such report.
    Missing,
    /// The report has another photo.
    Another,
    /// The organisation has no room for further photos.
    Full,
    /// It is no picture that can be kept.
    Unusable(Unusable),
}

/// Stores the photo of a report, without what the file says besides the picture.
pub(crate) async fn keep_photo(
    ledger: &Ledger,
    who: &Identity,
    report: &str,
    sent: &[u8],
    most: i64,
) -> Result<Taken, Error> {
    let picture = match picture::bare(sent) {
        Ok(picture) => picture,
        Err(why) => return Ok(Taken::Unusable(why)),
    };
    let (sha256, sent_sha256, id) = (fingerprint(&picture.content), fingerprint(sent), new_id());
    let mut change = ledger.begin().await?;
    let now = change.now();
    let Some((day, _)) = change.report(&who.user, report).await? else { return Ok(Taken::Missing) };
    if let Some(known) = change.photo_sent(&who.user, report).await? {
        return Ok(if known == sent_sha256 { Taken::Stored } else { Taken::Another });
    }
    if change.photo_bytes(&who.org).await?.saturating_add(picture.content.len() as i64) > most {
        return Ok(Taken::Full);
    }
    let new = NewPhoto {
        id: &id,
        by: (&who.org, &who.user),
        report,
        media_type: picture.media_type,
        sha256: [&sha256, &sent_sha256],
        content: &picture.content,
    };
    if !change.insert_photo(&new, now).await? {
        // The same request twice at the same moment.
        let known = change.photo_sent(&who.user, report).await?;
        return Ok(if known.as_deref() == Some(sent_sha256.as_str()) { Taken::Stored } else { Taken::Another });
    }
    let detail = json!({"day": day, "report": report, "sha256": sha256});
    change.commit_with(Event::new("photo.stored").by(&who.org, &who.user).on(&id).with(detail)).await?;
    Ok(Taken::Stored)
}

/// A photo of an organisation.
pub(crate) async fn photo(ledger: &Ledger, org: &str, id: &str) -> Result<Option<Photo>, Error> {
    ledger.connection().await?.photo(org, id).await?.map(whole).transpose()
}

/// The photo of a user's own report.
pub(crate) async fn own_photo(ledger: &Ledger, who: &Identity, report: &str) -> Result<Option<Photo>, Error> {
    ledger.connection().await?.own_photo(&who.user, report).await?.map(whole).transpose()
}

/// A photo whose content is what was stored.
fn whole(photo: Photo) -> Result<Photo, Error> {
    if fingerprint(&photo.content) == photo.sha256 {
        return Ok(photo);
    }
    Err(Error::Stored("a photo is not what was stored".to_owned()))
}
