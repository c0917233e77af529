//! What the contractor is called for, and what has to be checked then.

use satchel_domain::tables::{AnswerKind, JobPriority};

/// A kind of work.
pub(super) struct Work {
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) priority: JobPriority,
    pub(super) equipment: &'static str,
    /// Position in [`TEMPLATES`].
    pub(super) template: usize,
}

const fn work(
    template: usize,
    title: &'static str,
    description: &'static str,
    priority: JobPriority,
    equipment: &'static str,
) -> Work {
    Work { title, description, priority, equipment, template }
}

const HVAC: usize = 0;
const PLUMBING: usize = 1;
const ELECTRICAL: usize = 2;

pub(super) const WORKS: &[Work] = &[
    work(HVAC, "No heat", "Furnace starts, then shuts off after two minutes.", JobPriority::High, "Gas furnace"),
    work(HVAC, "Furnace tune-up", "Yearly maintenance before the season.", JobPriority::Normal, "Gas furnace"),
    work(HVAC, "AC not cooling", "Outdoor unit hums, fan does not turn.", JobPriority::High, "Air conditioner"),
    work(HVAC, "Heat pump maintenance", "Half-yearly check by contract.", JobPriority::Normal, "Heat pump"),
    work(HVAC, "Thermostat replacement", "Customer wants a programmable one.", JobPriority::Low, "Thermostat"),
    work(
        PLUMBING,
        "Water heater leaking",
        "Water on the floor under the tank.",
        JobPriority::Emergency,
        "Water heater",
    ),
    work(
        PLUMBING,
        "Kitchen drain blocked",
        "Slow for weeks, stopped since yesterday.",
        JobPriority::High,
        "Kitchen drain",
    ),
    work(PLUMBING, "Water heater flush", "Yearly maintenance by contract.", JobPriority::Normal, "Water heater"),
    work(PLUMBING, "Toilet running", "Fills all night.", JobPriority::Normal, "Toilet"),
    work(PLUMBING, "Low water pressure", "Upper floor only.", JobPriority::Normal, "Pressure regulator"),
    work(ELECTRICAL, "Breaker trips", "Kitchen circuit, when oven and kettle run.", JobPriority::High, "Main panel"),
    work(ELECTRICAL, "Panel inspection", "Asked for by the insurer.", JobPriority::Normal, "Main panel"),
    work(ELECTRICAL, "Outdoor outlet dead", "Since the last rain.", JobPriority::Low, "GFCI outlet"),
];

/// A checklist.
pub(super) struct Template {
    pub(super) name: &'static str,
    pub(super) trade: &'static str,
    pub(super) items: &'static [Item],
}

/// A question. `shown_when` names the item it follows, by position from 0, and the answer that shows it.
pub(super) struct Item {
    pub(super) prompt: &'static str,
    pub(super) kind: AnswerKind,
    pub(super) required: bool,
    pub(super) shown_when: Option<(usize, &'static str)>,
}

const fn item(kind: AnswerKind, required: bool, prompt: &'static str) -> Item {
    Item { prompt, kind, required, shown_when: None }
}

const fn follow_up(after: usize, answer: &'static str, kind: AnswerKind, prompt: &'static str) -> Item {
    Item { prompt, kind, required: true, shown_when: Some((after, answer)) }
}

const YES_NO: AnswerKind = AnswerKind::YesNo;
const NUMBER: AnswerKind = AnswerKind::Number;
const TEXT: AnswerKind = AnswerKind::Text;
const PHOTO: AnswerKind = AnswerKind::Photo;

pub(super) const TEMPLATES: &[Template] = &[
    Template {
        name: "Heating and cooling service",
        trade: "hvac",
        items: &[
            item(YES_NO, true, "Work area safe and accessible?"),
            item(PHOTO, true, "Photo of the unit before work"),
            item(YES_NO, true, "Filter clean?"),
            follow_up(2, "no", YES_NO, "Filter replaced?"),
            item(NUMBER, true, "Supply air temperature (°F)"),
            item(NUMBER, true, "Return air temperature (°F)"),
            item(NUMBER, false, "Gas pressure (inches water column)"),
            item(YES_NO, true, "Carbon monoxide below 9 ppm?"),
            follow_up(7, "no", TEXT, "Unit shut down and tagged: how was the customer warned?"),
            item(YES_NO, true, "Condensate drain clear?"),
            item(YES_NO, false, "Wiring and connections tight?"),
            item(TEXT, false, "Advice to the customer"),
            item(PHOTO, false, "Photo of the unit after work"),
        ],
    },
    Template {
        name: "Plumbing service",
        trade: "plumbing",
        items: &[
            item(YES_NO, true, "Shut-off valve found and working?"),
            item(PHOTO, true, "Photo before work"),
            item(NUMBER, true, "Static water pressure (psi)"),
            item(YES_NO, true, "Signs of a leak?"),
            follow_up(3, "yes", TEXT, "Where is the leak?"),
            follow_up(3, "yes", PHOTO, "Photo of the leak"),
            item(YES_NO, false, "Shut-off valves exercised?"),
            item(NUMBER, false, "Hot water temperature (°F)"),
            item(YES_NO, true, "Tested for ten minutes without a drip?"),
            item(YES_NO, true, "Work area left clean?"),
            item(TEXT, false, "Advice to the customer"),
            item(PHOTO, false, "Photo after work"),
        ],
    },
    Template {
        name: "Electrical safety",
        trade: "electrical",
        items: &[
            item(YES_NO, true, "Circuit de-energised and locked out?"),
            item(PHOTO, true, "Photo of the panel, cover off"),
            item(NUMBER, true, "Voltage line to neutral (V)"),
            item(YES_NO, true, "Signs of heat or arcing?"),
            follow_up(3, "yes", PHOTO, "Photo of the damage"),
            follow_up(3, "yes", TEXT, "What was done about it?"),
            item(YES_NO, true, "Ground-fault protection trips when tested?"),
            item(YES_NO, false, "Panel directory legible?"),
            item(NUMBER, false, "Highest load measured (A)"),
            item(YES_NO, true, "Cover back on, power restored?"),
            item(TEXT, false, "Advice to the customer"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follow_ups_point_back_at_a_yes_or_no() {
        for template in TEMPLATES {
            for (position, item) in template.items.iter().enumerate() {
                if let Some((after, answer)) = item.shown_when {
                    assert!(after < position, "{}", item.prompt);
                    assert_eq!(template.items[after].kind, YES_NO, "{}", item.prompt);
                    assert!(["yes", "no"].contains(&answer), "{}", item.prompt);
                }
            }
        }
        assert!(WORKS.iter().all(|work| work.template < TEMPLATES.len()));
    }
}
