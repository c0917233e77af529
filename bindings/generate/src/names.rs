//! Spellings.

/// `time_entry` and `visit/v1/cannotComplete` parts: `TimeEntry`, `CannotComplete`.
pub fn pascal(name: &str) -> String {
    let words = name.split(['_', '-', ' ', '.']);
    words.map(|word| word[..1.min(word.len())].to_uppercase() + word.get(1..).unwrap_or_default()).collect()
}

/// `job_id`: `jobId`.
pub fn camel(name: &str) -> String {
    let pascal = pascal(name);
    pascal[..1.min(pascal.len())].to_lowercase() + pascal.get(1..).unwrap_or_default()
}

/// `on_site`: `ON_SITE`.
pub fn constant(name: &str) -> String {
    name.replace(['-', ' ', '.'], "_").to_uppercase()
}

/// Puts a word in backticks that a language keeps for itself.
pub fn escaped(name: String, kept: &[&str]) -> String {
    if kept.contains(&name.as_str()) { format!("`{name}`") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_as_the_languages_do() {
        assert_eq!(pascal("time_entry"), "TimeEntry");
        assert_eq!(camel("job_id"), "jobId");
        assert_eq!(camel("id"), "id");
        assert_eq!(constant("on_site"), "ON_SITE");
        assert_eq!(escaped("in".to_owned(), &["in"]), "`in`");
    }
}
