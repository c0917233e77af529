//! What may be answered, declared once for each status and named by the operations.

use std::collections::BTreeMap;

use satchel_protocol::ErrorCode;
use serde_json::{Map, Value, json};

/// Every status above 399 that has a code, its component's name, and what it means to a caller.
const STATUSES: &[(u16, &str, &str)] = &[
    (400, "BadRequest", "The arguments make no sense; `message` says which, `details.reason` names the rule."),
    (401, "Unauthorized", "No valid access token: refresh it, or sign in."),
    (403, "Forbidden", "Not a member of this organization, or not allowed."),
    (404, "NotFound", "There is no such thing, or not for this user."),
    (409, "Conflict", "A rule says no in the present state, or the key was used for something else."),
    (413, "PayloadTooLarge", "A limit was exceeded; `details` names it."),
    (415, "UnsupportedMediaType", "The body was not sent as application/json."),
    (426, "UpgradeRequired", "The client speaks a version of the wire that the server does not."),
    (429, "TooManyRequests", "Too many attempts; again after the header Retry-After says so."),
    (500, "InternalServerError", "A fault of the server; `trace_id` finds it in the logs. Trying again may help."),
    (503, "ServiceUnavailable", "The server cannot answer now; again after the header Retry-After says so."),
];

/// The shared responses.
pub(super) fn components(envelope: &Value) -> Value {
    let mut responses = Map::new();
    for (status, name, description) in STATUSES {
        let mut response = json!({
            "description": description,
            "headers": { "X-Trace-Id": {
                "description": "Finds this request in the server's logs.",
                "schema": { "type": "string", "format": "uuid" },
            } },
            "content": { "application/json": { "schema": envelope } },
        });
        if [429, 503].contains(status) {
            response["headers"]["Retry-After"] = json!({
                "description": "Seconds to wait.",
                "schema": { "type": "integer", "minimum": 0 },
            });
        }
        responses.insert((*name).to_owned(), response);
    }
    Value::Object(responses)
}

/// A reference to the shared response of a status.
pub(super) fn reference(status: u16) -> Value {
    let name = STATUSES.iter().find(|(known, ..)| *known == status).map_or("InternalServerError", |(_, name, _)| name);
    json!({ "$ref": format!("#/components/responses/{name}") })
}

/// Success, and the errors with these codes. Where there is a body, there is a wrong content type.
pub(super) fn of<'a>(errors: impl IntoIterator<Item = &'a ErrorCode>, description: &str, schema: &Value) -> Value {
    let mut responses = BTreeMap::from([("415".to_owned(), reference(415))]);
    for code in errors {
        responses.insert(code.http_status().to_string(), reference(code.http_status()));
    }
    responses.insert(
        "200".to_owned(),
        json!({ "description": description, "content": { "application/json": { "schema": schema } } }),
    );
    json!(responses)
}
