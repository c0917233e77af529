//! Colours that can be read on dark and on light.
//!
//! Text has the terminal's own colours; accents are mid-tones of the 256-colour cube whose contrast to black and to
//! white is at least [`LEAST_CONTRAST`]. `NO_COLOR` in the environment turns them off; nothing is told by colour alone.

use ratatui::style::{Color, Modifier, Style};

/// Contrast, as WCAG counts it, that every accent has to black and to white.
pub const LEAST_CONTRAST: f64 = 3.0;

/// Blue: where one is.
pub const ACCENT: Color = Color::Indexed(32);
/// Green: done, connected.
pub const GOOD: Color = Color::Indexed(28);
/// Orange: waits, look here.
pub const WARN: Color = Color::Indexed(166);
/// Red: refused, broken.
pub const BAD: Color = Color::Indexed(160);
/// Grey: the rest.
pub const QUIET: Color = Color::Indexed(243);

/// Words about the words.
pub fn quiet() -> Style {
    Style::new().fg(QUIET)
}

/// Headings.
pub fn heading() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

/// Names of keys.
pub fn key() -> Style {
    Style::new().fg(ACCENT).add_modifier(Modifier::BOLD)
}

/// Well.
pub fn good() -> Style {
    Style::new().fg(GOOD)
}

/// Waiting.
pub fn warn() -> Style {
    Style::new().fg(WARN)
}

/// Not well.
pub fn bad() -> Style {
    Style::new().fg(BAD).add_modifier(Modifier::BOLD)
}

/// The line the next key acts on.
pub fn selected() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

/// A button the next Enter presses.
pub fn pressed() -> Style {
    Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The intensities of the 6×6×6 cube.
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

    fn rgb(index: u8) -> [u8; 3] {
        if index >= 232 {
            return [8 + 10 * (index - 232); 3];
        }
        let cube = usize::from(index) - 16;
        [STEPS[cube / 36], STEPS[cube / 6 % 6], STEPS[cube % 6]]
    }

    fn luminance(rgb: [u8; 3]) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.03928 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2])
    }

    #[test]
    fn accents_can_be_read_on_dark_and_on_light() {
        for color in [ACCENT, GOOD, WARN, BAD, QUIET] {
            let Color::Indexed(index) = color else { panic!("{color:?} depends on the terminal's theme") };
            let luminance = luminance(rgb(index));
            let (on_black, on_white) = ((luminance + 0.05) / 0.05, 1.05 / (luminance + 0.05));
            assert!(on_black >= LEAST_CONTRAST && on_white >= LEAST_CONTRAST, "{index}: {on_black:.1} {on_white:.1}");
        }
    }
}
