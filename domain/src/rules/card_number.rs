//! No card number is ever stored: what looks like one is refused wherever text comes with a payment.

use satchel_protocol::Rejection;

/// Digits of a card number, at least and at most (ISO/IEC 7812).
const DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// Refuses with `payment.card_number` a text in which a card number seems to stand. `label` completes "in".
pub fn refuse(label: &str, text: &str) -> Result<(), Rejection> {
    if !looks_like_one(text) {
        return Ok(());
    }
    let message = format!("There seems to be a card number in {label}. Card numbers must not be written down here.");
    Err(Rejection::bad_request("payment.card_number", message))
}

/// Whether 13 to 19 digits that meet the check digit's rule stand in a row, written in one piece or in groups.
pub fn looks_like_one(text: &str) -> bool {
    let mut groups: Vec<Vec<u32>> = vec![Vec::new()];
    for character in text.chars() {
        match digit(character) {
            Some(digit) => groups.last_mut().into_iter().for_each(|group| group.push(digit)),
            None if is_separator(character) => groups.push(Vec::new()),
            // Anything else ends the number.
            None => {
                if any_number(&groups) {
                    return true;
                }
                groups = vec![Vec::new()];
            }
        }
    }
    any_number(&groups)
}

fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '-' | '.' | '_' | '\u{2010}'..='\u{2015}' | '\u{200b}'..='\u{200f}')
}

/// The value of a digit, as keyboards of several scripts write it.
fn digit(character: char) -> Option<u32> {
    let zeros = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}'];
    zeros.iter().find_map(|zero| u32::from(character).checked_sub(u32::from(*zero)).filter(|value| *value < 10))
}

/// Whether some groups in a row make a card number.
fn any_number(groups: &[Vec<u32>]) -> bool {
    (0..groups.len()).filter(|start| !groups[*start].is_empty()).any(|start| {
        let mut digits: Vec<u32> = Vec::new();
        groups[start..].iter().any(|group| {
            digits.extend(group);
            DIGITS.contains(&digits.len()) && meets_luhn(&digits)
        })
    })
}

/// The check digit's rule (ISO/IEC 7812, annex B).
fn meets_luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_found_however_they_are_written() {
        for text in [
            "4111111111111111",
            "card 4111 1111 1111 1111, exp 12/27",
            "4111-1111-1111-1111 12 27",
            "378282246310005",
            "a4222222222222b",
            "٤١١١١١١١١١١١١١١١",
            "４１１１ １１１１ １１１１ １１１１",
            "4111\u{200b}1111\u{200b}1111\u{200b}1111",
            "12 4111.1111.1111.1111",
        ] {
            assert!(looks_like_one(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_pass() {
        for text in [
            "",
            "check 1042",
            "4111111111111112",
            "411111111111",
            "+49 30 1234567",
            "pi_3MtwBwLkdIwHu7ix28a3tqPa",
            "2026-11-26 18:53",
            "00000000-0000",
        ] {
            assert!(!looks_like_one(text), "{text}");
        }
        assert_eq!(refuse("the remark", "4111111111111111").unwrap_err().reason, "payment.card_number");
    }
}
