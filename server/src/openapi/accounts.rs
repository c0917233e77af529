//! The routes of accounts: signing in, and what is given and taken back.

use satchel_protocol::{ErrorCode, wire::auth};
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{declare, json_content, reference, usual_errors, with_success};

/// A route behind the door: its path below `/api/v1/auth/`, its verb, what it does, its body and its answer.
type Route = (&'static str, &'static str, &'static str, Option<Value>, Option<Value>);

/// Writes them all.
pub(super) fn write(paths: &mut Map<String, Value>, schemas: &mut SchemaGenerator) {
    before_the_door(paths, schemas);
    behind_the_door(paths, schemas);
}

fn before_the_door(paths: &mut Map<String, Value>, schemas: &mut SchemaGenerator) {
    let session = reference::<auth::Session>(schemas);
    let refresh = reference::<auth::Refresh>(schemas);
    let routes = [
        (
            "sign-in",
            "Exchanges e-mail address and password for a session.",
            reference::<auth::SignIn>(schemas),
            Some(&session),
        ),
        (
            "exchange",
            "Exchanges the ID token of an external issuer for a session.",
            reference::<auth::Exchange>(schemas),
            Some(&session),
        ),
        (
            "refresh",
            "Exchanges a refresh token for a new session. The token before the newest works until the newest is used; \
             an older one ends the session.",
            refresh.clone(),
            Some(&session),
        ),
        ("sign-out", "Ends the session that the refresh token belongs to.", refresh, None),
    ];
    for (name, summary, body, answer) in routes {
        let operation = json!({
            "operationId": format!("auth.{name}"),
            "tags": ["auth"],
            "summary": summary,
            "security": [],
            "requestBody": { "required": true, "content": json_content(&body) },
            "responses": answered(usual_errors(), answer),
        });
        paths.insert(format!("/api/v1/auth/{name}"), json!({ "post": operation }));
    }
}

fn behind_the_door(paths: &mut Map<String, Value>, schemas: &mut SchemaGenerator) {
    let routes: Vec<Route> = vec![
        (
            "password",
            "post",
            "Takes a new password and ends the user's other sessions.",
            Some(reference::<auth::ChangePassword>(schemas)),
            None,
        ),
        (
            "devices",
            "get",
            "Lists the caller's devices; for managers those of the organization.",
            None,
            Some(reference::<auth::Devices>(schemas)),
        ),
        ("devices/{id}/revoke", "post", "Ends every session that used the device.", None, None),
        (
            "devices/{id}/wipe",
            "post",
            "Asks the device to send what it has and to clear itself, as the organization's wipe policy says.",
            None,
            None,
        ),
        ("devices/{id}/wiped", "post", "The caller's device has cleared itself; its sessions end.", None, None),
        (
            "wipe-policy",
            "post",
            "Says whether devices that are asked to clear themselves wait until their work is sent. For owners.",
            Some(reference::<auth::WipePolicy>(schemas)),
            None,
        ),
        (
            "sessions",
            "get",
            "Lists the caller's sessions that have not ended.",
            None,
            Some(reference::<auth::Sessions>(schemas)),
        ),
        ("sessions/{id}/revoke", "post", "Ends a session of the caller.", None, None),
        ("users/{id}/revoke", "post", "Ends a user's membership in the organization.", None, None),
        ("users/{id}/reinstate", "post", "Takes a user's membership up again.", None, None),
        (
            "api-keys",
            "get",
            "Lists the organization's API keys, for those who manage it.",
            None,
            Some(reference::<auth::ApiKeys>(schemas)),
        ),
        (
            "api-keys",
            "post",
            "Makes an API key for a machine, and shows its secret this once.",
            Some(reference::<auth::CreateApiKey>(schemas)),
            Some(reference::<auth::CreatedApiKey>(schemas)),
        ),
        ("api-keys/{id}/revoke", "post", "Makes an API key worth nothing.", None, None),
    ];
    for (route, verb, summary, body, answer) in routes {
        let mut errors = usual_errors();
        for code in [ErrorCode::NotFound, ErrorCode::Conflict] {
            declare(&mut errors, code);
        }
        let mut parameters = Vec::new();
        if route != "password" {
            parameters.push(json!({ "$ref": "#/components/parameters/Organization" }));
        }
        if route.contains("{id}") {
            let schema = json!({ "type": "string", "format": "uuid" });
            parameters.push(json!({ "name": "id", "in": "path", "required": true, "schema": schema }));
        }
        if verb == "get" && route != "sessions" {
            let after = json!({ "type": "string", "format": "uuid" });
            parameters.push(json!({
                "name": "after", "in": "query", "schema": after, "description": "The `next` of the page before.",
            }));
            let limit = json!({ "type": "integer", "minimum": 1, "maximum": crate::auth::PAGE_ROWS });
            parameters.push(json!({ "name": "limit", "in": "query", "schema": limit }));
        }
        let mut operation = json!({
            "operationId": format!("auth.{}.{verb}", route.replace("/{id}/", ".").replace('/', ".")),
            "tags": ["auth"],
            "summary": summary,
            "parameters": parameters,
            "responses": answered(errors, answer.as_ref()),
        });
        if let Some(body) = body {
            operation["requestBody"] = json!({ "required": true, "content": json_content(&body) });
        }
        let path = paths.entry(format!("/api/v1/auth/{route}")).or_insert_with(|| json!({}));
        path[verb] = operation;
    }
}

fn answered(mut responses: Map<String, Value>, answer: Option<&Value>) -> Map<String, Value> {
    match answer {
        Some(schema) => with_success(responses, "Done.", schema),
        None => {
            responses.insert("204".to_owned(), json!({ "description": "Done." }));
            responses
        }
    }
}
