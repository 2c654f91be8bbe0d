//! What columns and other words are called, in several languages.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language of headings and words.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Italian.
    It,
    /// Dutch.
    Nl,
}

/// A set of languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Languages(u8);

impl Language {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [Self::En, Self::De, Self::Fr, Self::Es, Self::It, Self::Nl];
}

impl Languages {
    pub(crate) const ALL: Self = Self(0b11_1111);

    pub(crate) fn one(language: Language) -> Self {
        Self(1 << language as u8)
    }

    pub(crate) fn has(self, language: Language) -> bool {
        self.0 & Self::one(language).0 != 0
    }

    /// What both have, if anything; else `self`.
    pub(crate) fn narrowed(self, to: Self) -> Self {
        if self.0 & to.0 == 0 { self } else { Self(self.0 & to.0) }
    }
}

impl FromIterator<Language> for Languages {
    fn from_iter<I: IntoIterator<Item = Language>>(languages: I) -> Self {
        Self(languages.into_iter().fold(0, |set, language| set | Self::one(language).0))
    }
}

/// Lower case, without accents and without anything but letters and digits.
pub(crate) fn key(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ą' => folded.push('a'),
            'ç' | 'ć' | 'č' => folded.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' => folded.push('e'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' => folded.push('i'),
            'ñ' | 'ń' => folded.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => folded.push('o'),
            'ù' | 'ú' | 'û' | 'ü' | 'ū' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'ś' | 'š' => folded.push('s'),
            'ž' | 'ź' | 'ż' => folded.push('z'),
            'ł' => folded.push('l'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            c if c.is_alphanumeric() => folded.push(c),
            _ => {}
        }
    }
    folded
}

/// Finds a text by its key, or by that with German `ae`, `oe` and `ue` for letters with dots.
fn find<'a, T>(table: &'a HashMap<String, T>, text: &str) -> Option<&'a T> {
    let key = key(text);
    table.get(&key).or_else(|| table.get(&key.replace("ae", "a").replace("oe", "o").replace("ue", "u")))
}

/// Spellings by language.
type Spellings = BTreeMap<Language, Vec<String>>;

/// The file as it is.
#[derive(Default, Deserialize)]
struct File {
    columns: BTreeMap<String, BTreeMap<String, Spellings>>,
    roles: BTreeMap<String, Vec<String>>,
    weekdays: BTreeMap<String, Spellings>,
    words: BTreeMap<String, Vec<String>>,
}

/// The vocabulary, ready to look things up.
#[derive(Default)]
pub(crate) struct Vocabulary {
    /// By kind of table: heading to field, and the languages that call it so.
    columns: HashMap<String, HashMap<String, (String, Languages)>>,
    roles: HashMap<String, String>,
    /// A word, the days that it may mean (0: Monday), each in a language.
    weekdays: HashMap<String, Vec<(Language, u8)>>,
    words: HashMap<String, HashMap<String, bool>>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../data/vocabulary.toml")).unwrap_or_default();
    Vocabulary::of(&file)
});

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Vocabulary {
    pub(crate) fn get() -> &'static Self {
        &VOCABULARY
    }

    fn of(file: &File) -> Self {
        let mut all = Self::default();
        for (role, fields) in &file.columns {
            let columns = all.columns.entry(role.clone()).or_default();
            for (field, spellings) in fields {
                for (&language, texts) in spellings {
                    for text in texts {
                        let (_, languages) = columns.entry(key(text)).or_insert_with(|| (field.clone(), Languages(0)));
                        languages.0 |= Languages::one(language).0;
                    }
                }
            }
        }
        for (role, words) in &file.roles {
            all.roles.extend(words.iter().map(|word| (key(word), role.clone())));
        }
        for (number, day) in (0_u8..).zip(DAYS) {
            for (&language, texts) in file.weekdays.get(day).into_iter().flatten() {
                for text in texts {
                    all.weekdays.entry(key(text)).or_default().push((language, number));
                }
            }
        }
        for (class, words) in &file.words {
            all.words.insert(class.clone(), words.iter().map(|word| (key(word), true)).collect());
        }
        all
    }

    /// The field that a heading names in a kind of table, and the languages that call it so.
    pub(crate) fn field(&self, role: &str, heading: &str) -> Option<(&str, Languages)> {
        let found = self.columns.get(role).and_then(|columns| find(columns, heading));
        let found = found.or_else(|| self.columns.get("any").and_then(|columns| find(columns, heading)));
        found.map(|(field, languages)| (field.as_str(), *languages))
    }

    /// All fields of a kind of table.
    #[cfg(test)]
    pub(crate) fn fields(&self, role: &str) -> Vec<&str> {
        let kinds = [role, "any"].into_iter().filter_map(|kind| self.columns.get(kind));
        let mut fields: Vec<&str> = kinds.flat_map(HashMap::values).map(|(field, _)| field.as_str()).collect();
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    /// The kind of table that a word in a file's name stands for.
    pub(crate) fn role(&self, word: &str) -> Option<&str> {
        find(&self.roles, word).map(String::as_str)
    }

    /// The days that a word may mean.
    pub(crate) fn weekdays(&self, word: &str) -> &[(Language, u8)] {
        find(&self.weekdays, word).map_or(&[], Vec::as_slice)
    }

    /// Whether a word or phrase is of a class.
    pub(crate) fn is(&self, class: &str, text: &str) -> bool {
        self.words.get(class).is_some_and(|words| find(words, text).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_says_one_thing_once() {
        let file: File = toml::from_str(include_str!("../data/vocabulary.toml")).unwrap();
        assert_eq!(file.weekdays.len(), 7);
        for (role, fields) in &file.columns {
            let mut meanings: HashMap<String, &str> = HashMap::new();
            for (field, spellings) in fields {
                for text in spellings.values().flatten() {
                    let before = meanings.insert(key(text), field);
                    assert!(before.is_none_or(|other| other == field), "{role}: {text} is {before:?} and {field}");
                }
            }
        }
    }

    #[test]
    fn spellings_do_not_count() {
        let all = Vocabulary::get();
        for heading in ["Behältergröße", "BEHAELTERGROESSE", "behälter_größe", "Behaltergrosse", "Beha\u{308}ltergröße"]
        {
            assert_eq!(all.field("bins", heading).map(|(field, _)| field), Some("size"), "{heading}");
        }
        let of = |role, heading| all.field(role, heading).map(|(field, _)| field);
        assert_eq!(of("bins", "Adresse"), Some("address"));
        assert_eq!(of("bins", "PLZ"), None);
        assert_eq!((of("bins", "Anzahl"), of("trucks", "Anzahl")), (Some("number"), Some("number")));
        assert_eq!((of("bins", "Start"), of("trucks", "Start")), (Some("start"), Some("start_depot")));
        assert_eq!(all.role("Fahrzeuge"), Some("trucks"));
        assert!(all.is("closed", "Geschlossen") && all.is("other", "due") && !all.is("other", "de"));
    }

    #[test]
    fn a_short_day_may_be_another_one_elsewhere() {
        let days = |word| Vocabulary::get().weekdays(word).iter().map(|&(_, day)| day).collect::<Vec<_>>();
        assert!(days("Ma").contains(&0) && days("Ma").contains(&1));
        assert!(days("Do").contains(&3) && days("Do").contains(&6));
        assert_eq!(days("Mittwoch"), [2]);
        assert_eq!(days("Adresse"), [0_u8; 0]);
    }
}
