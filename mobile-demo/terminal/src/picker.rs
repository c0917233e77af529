//! A list with one line chosen.
//!
//! Invariant: when lines come and go under a person's fingers, the choice stays with the same thing, never with the
//! same place.

use uuid::Uuid;

/// Something that stands in a list.
pub trait Item {
    /// What it is, whatever its place.
    fn key(&self) -> Uuid;
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Picker<T> {
    items: Vec<T>,
    at: usize,
}

impl<T> Default for Picker<T> {
    fn default() -> Self {
        Self { items: Vec::new(), at: 0 }
    }
}

impl<T: Item> Picker<T> {
    /// A list with the first line chosen.
    pub fn new(items: Vec<T>) -> Self {
        Self { items, at: 0 }
    }

    /// The lines.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Place of the chosen line; 0 in an empty list.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The chosen line.
    pub fn chosen(&self) -> Option<&T> {
        self.items.get(self.at)
    }

    /// Chooses the line `by` places further down, up when negative; stops at the ends.
    pub fn step(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(self.items.len().saturating_sub(1));
    }

    /// Takes new lines. If the chosen thing is gone, the one that took its place is chosen.
    pub fn replace(&mut self, items: Vec<T>) {
        let chosen = self.chosen().map(Item::key);
        self.items = items;
        let found = chosen.and_then(|key| self.items.iter().position(|item| item.key() == key));
        self.at = found.unwrap_or(self.at);
        self.step(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Line(u128);

    impl Item for Line {
        fn key(&self) -> Uuid {
            Uuid::from_u128(self.0)
        }
    }

    #[test]
    fn the_choice_stays_with_the_thing() {
        let mut picker = Picker::new(vec![Line(1), Line(2), Line(3)]);
        picker.step(1);
        picker.replace(vec![Line(9), Line(1), Line(2)]);
        assert_eq!(picker.chosen(), Some(&Line(2)));
        picker.replace(vec![Line(9), Line(1)]);
        assert_eq!(picker.chosen(), Some(&Line(1)), "the last line, when the chosen one was last and is gone");
        picker.replace(Vec::new());
        assert_eq!(picker.chosen(), None);
        picker.step(-1);
        picker.step(5);
        assert_eq!(picker.at(), 0);
    }
}
