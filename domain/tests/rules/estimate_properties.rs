//! Whatever is done to an estimate, in whatever order, by phone and office.

use proptest::{prelude::*, test_runner::TestCaseError};
use satchel_domain::{
    mutations::*,
    rules::{
        estimate_state::{self, Intent},
        money::Cents,
        offering::NewLine,
    },
    tables::*,
};
use satchel_protocol::Mutation;

use super::{
    estimates::{self, BETTER, ESTIMATE, GOOD, line},
    signatures::{capture, document_hash},
};
use crate::support::*;

#[derive(Clone, Debug)]
enum Act {
    Add(bool, i64, i64),
    Change(u128, i64, i64),
    Remove(u128),
    Discount(bool, Option<i64>, Option<i64>),
    Present,
    Sign(bool),
    Approve(bool),
    Decline,
    Revise,
    Reprice(i64),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (any::<bool>(), 1_i64..9_000, 0_i64..90_000).prop_map(|(good, quantity, cents)| Act::Add(good, quantity, cents)),
        4 => (1_u128..20, 1_i64..9_000, 0_i64..60_000).prop_map(|(line, quantity, off)| Act::Change(line, quantity, off)),
        2 => (1_u128..20).prop_map(Act::Remove),
        3 => (any::<bool>(), prop::option::of(0_i64..500_000), prop::option::of(0_i64..40_000))
            .prop_map(|(good, percent, cents)| Act::Discount(good, percent, cents)),
        5 => Just(Act::Present),
        2 => any::<bool>().prop_map(Act::Sign),
        2 => any::<bool>().prop_map(Act::Approve),
        1 => Just(Act::Decline),
        1 => Just(Act::Revise),
        1 => (0_i64..50_000).prop_map(Act::Reprice),
    ]
}

fn went<M: Mutation>(world: &mut World, person: &Person, mutation: M) -> bool {
    let before = world.rows.clone();
    let accepted = world.run(person, &mutation).is_ok();
    assert!(accepted || before == world.rows, "a refused mutation leaves no trace");
    accepted
}

/// The intent, and whether it was accepted.
fn perform(world: &mut World, person: &Person, act: &Act, turn: u128) -> Option<(Intent, bool)> {
    let choose = |good: bool| if good { GOOD } else { BETTER };
    let decimal = |digits, scale| rust_decimal::Decimal::new(digits, scale);
    Some(match *act {
        Act::Add(good, quantity, cents) => {
            let unit_price_cents = (cents > 30_000).then(|| Cents::new(cents));
            let new = NewLine { quantity: decimal(quantity, 3), unit_price_cents, ..line(1_000 + turn) };
            (Intent::Edit, went(world, person, estimates::add(choose(good), new)))
        }
        Act::Change(number, quantity, off) => {
            let line_id = world.all::<EstimateLine>().get(number as usize).map_or(id(number), |line| line.id);
            let (quantity, discount_percent) = (Some(decimal(quantity, 3)), Some(decimal(off, 4)));
            let change = ChangeEstimateLine { line_id, quantity, discount_percent, ..estimates::change(number) };
            (Intent::Edit, went(world, person, change))
        }
        Act::Remove(number) => (Intent::Edit, went(world, person, estimates::remove(number))),
        Act::Discount(good, percent, amount_cents) => {
            let percent = percent.map(|digits| decimal(digits, 4));
            let amount_cents = amount_cents.map(Cents::new);
            let set = SetEstimateDiscount { percent, amount_cents, ..estimates::discount(choose(good), None, None) };
            (Intent::Edit, went(world, person, set))
        }
        Act::Present => (Intent::Present, went(world, person, estimates::present())),
        Act::Sign(good) => {
            let hash = document_hash(world, choose(good));
            went(world, person, capture(0x5160 + u128::from(good), choose(good), &hash));
            return None;
        }
        Act::Approve(good) => {
            let approve = ApproveEstimate { option_id: choose(good), ..estimates::approve(0x5160 + u128::from(good)) };
            (Intent::Approve, went(world, person, approve))
        }
        Act::Decline => (Intent::Decline, went(world, person, estimates::decline("No"))),
        Act::Revise => {
            went(world, person, estimates::revise(0x4e7 + turn));
            return None;
        }
        Act::Reprice(price_cents) => {
            let item = world.get(PIPE);
            world.put(&PricebookItem { price_cents, ..item });
            return None;
        }
    })
}

/// What holds between any two acts.
fn check(world: &World) -> Result<(), TestCaseError> {
    let lines = world.all::<EstimateLine>();
    for option in world.all::<EstimateOption>() {
        let own: Vec<_> = lines.iter().filter(|line| line.option_id == option.id).collect();
        let sum = |amount: fn(&EstimateLine) -> Cents| Cents::sum(own.iter().map(|line| amount(line))).unwrap();
        prop_assert_eq!(sum(|line| line.gross_cents), option.subtotal_cents);
        prop_assert_eq!(sum(|line| line.discount_cents), option.discount_cents);
        prop_assert_eq!(sum(|line| line.tax_cents), option.tax_cents);
        prop_assert_eq!(sum(|line| line.total_cents), option.total_cents);
        prop_assert!(!option.total_cents.is_negative() && option.discount_cents <= option.subtotal_cents);
        for line in own {
            prop_assert!(!line.total_cents.is_negative() && !line.tax_cents.is_negative());
        }
    }
    for estimate in world.all::<Estimate>() {
        let signed =
            |option: uuid::Uuid| world.all::<Signature>().iter().any(|signature| signature.subject_id == option);
        prop_assert!(estimate.signed_option_id.is_none_or(|option| signed(option.uuid())));
        let approved = estimate.state == EstimateState::Approved;
        prop_assert!(!approved || estimate.approved_option_id.is_some());
        prop_assert!(estimate.approved_option_id.is_none() || estimate.approved_option_id == estimate.signed_option_id);
    }
    Ok(())
}

#[test]
fn every_intent_in_every_state_does_what_the_table_says() {
    for state in EstimateState::ALL {
        for intent in Intent::ALL {
            let mut world = estimates::offered();
            world.run(&dispatcher(), &estimates::present()).unwrap();
            if *intent == Intent::Approve {
                let hash = document_hash(&world, GOOD);
                world.run(&dispatcher(), &capture(0x516, GOOD, &hash)).unwrap();
            }
            let decline_reason = Some("No".to_owned());
            let valid_until = (*intent == Intent::Expire).then(|| at(1));
            world.minutes = 2;
            world.put(&Estimate { state: state.clone(), decline_reason, valid_until, ..world.get(ESTIMATE) });
            let office = &dispatcher();
            let accepted = match intent {
                Intent::Edit => went(&mut world, office, estimates::discount(GOOD, Some("1"), None)),
                Intent::Present => went(&mut world, office, estimates::present()),
                Intent::Approve => went(&mut world, office, estimates::approve(0x516)),
                Intent::Decline => went(&mut world, office, estimates::decline("No")),
                Intent::Expire => went(&mut world, office, ExpireEstimate { job_id: JOB, estimate_id: ESTIMATE }),
                Intent::Supersede => went(&mut world, office, estimates::revise(2)),
            };
            let leads_to = estimate_state::next(state, *intent).ok();
            assert_eq!(accepted, leads_to.is_some(), "{intent:?} of {state}");
            assert_eq!(world.get(ESTIMATE).state, leads_to.unwrap_or(state.clone()), "{intent:?} of {state}");
        }
    }
}

proptest! {
    #![proptest_config(crate::properties::config())]

    #[test]
    fn no_order_of_acts_changes_what_was_signed(acts in prop::collection::vec((any::<bool>(), act()), 1..40)) {
        let mut world = estimates::offered();
        let mut document = None;
        for (turn, (office, act)) in acts.into_iter().enumerate() {
            world.minutes += 1;
            let person = if office { dispatcher() } else { technician(ALICE) };
            let before = world.get(ESTIMATE).state;
            let moved = perform(&mut world, &person, &act, turn as u128);
            if let Some((intent, true)) = moved {
                prop_assert!(document.is_none() || intent == Intent::Approve, "{:?} of what is signed", act);
                prop_assert_eq!(&world.get(ESTIMATE).state, &estimate_state::next(&before, intent).unwrap());
            }
            check(&world)?;
            let now = [GOOD, BETTER].map(|option| document_hash(&world, option));
            if world.get(ESTIMATE).signed_option_id.is_some() {
                prop_assert_eq!(document.get_or_insert(now.clone()), &now);
            }
        }
    }
}
