//! The lists that everything else is generated from.

use std::collections::HashSet;

use satchel_domain::REGISTRY;
use serde_json::Value;

#[test]
fn names_are_unique_and_well_formed() {
    let mut seen = HashSet::new();
    for kind in REGISTRY.mutations {
        assert!(seen.insert(kind.name), "{} is listed twice", kind.name);
        let parts: Vec<_> = kind.name.split('/').collect();
        assert!(matches!(parts[..], [_, "v1", _]), "{}", kind.name);
        assert!(kind.summary.ends_with('.'), "{}", kind.name);
        let error = (kind.decode)("{}").map(drop).unwrap_err();
        assert!(error.what.starts_with(kind.name), "{error}");
    }
    assert!(!seen.is_empty());
}

#[test]
fn every_argument_and_output_is_described() {
    for kind in REGISTRY.mutations {
        for schema in [kind.args_schema, kind.output_schema] {
            let mut generator = schemars::SchemaGenerator::default();
            schema(&mut generator);
            for (name, definition) in generator.definitions() {
                assert_described(&format!("{}: {name}", kind.name), definition);
            }
        }
    }
}

fn assert_described(place: &str, schema: &Value) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    for (name, property) in properties {
        let described = property.get("description").is_some_and(Value::is_string);
        assert!(described, "{place}.{name} has no description: {property}");
    }
}

#[test]
fn server_only_are_those_that_need_what_phones_lack() {
    let server_only: Vec<_> = REGISTRY.mutations.iter().filter(|kind| kind.server_only).map(|kind| kind.name).collect();
    assert_eq!(
        server_only,
        [
            "job/v1/create",
            "dispatch/v1/assignTech",
            "dispatch/v1/unassignTech",
            "dispatch/v1/reschedule",
            "stock/v1/setMinimum",
            "stock/v1/replenish",
            "pricebook/v1/setCost",
            "pricebook/v1/setCustomerPrice",
            "payment/v1/settle",
            "payment/v1/fail",
            "location/v1/create",
            "location/v1/update",
            "technician/v1/approveAbsence",
            "territory/v1/setPostalCodes",
            "maintenance/v1/createContract",
            "maintenance/v1/activate",
            "maintenance/v1/pause",
            "maintenance/v1/resume",
            "maintenance/v1/cancel",
            "maintenance/v1/renew",
            "maintenance/v1/generateVisits",
            "maintenance/v1/scheduleVisit",
            "maintenance/v1/skipVisit",
            "inbox/v1/submit",
            "inbox/v1/apply",
            "inbox/v1/repair",
            "inbox/v1/dismiss",
        ]
    );
}

#[test]
fn tables_come_after_their_parents_and_indexes_name_their_columns() {
    let mut indexes = HashSet::new();
    let mut earlier = HashSet::new();
    for table in REGISTRY.tables {
        for column in table.columns.iter().filter(|column| column.name.ends_with("_id")) {
            let parent = column.name.trim_end_matches("_id");
            if REGISTRY.table(parent).is_some() {
                assert!(earlier.contains(parent), "{} stands before {parent}", table.name);
            }
        }
        for index in table.indexes {
            assert!(indexes.insert(index.name) && index.table == table.name, "{}", index.name);
            for column in index.columns.iter().chain(&index.range) {
                assert!(table.position(column).is_some(), "{}: {column}", index.name);
            }
        }
        assert!(earlier.insert(table.name), "{} is listed twice", table.name);
    }
}
