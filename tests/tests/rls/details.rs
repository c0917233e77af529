//! Which rows, within one organization.

use satchel_tests::tenants::{Access, attempt, begin_as, leave, service, two_tenants};
use sqlx::{AssertSqlSafe, PgConnection};

/// The names, out of `table/1` to `table/4`, of the rows seen.
async fn seen(connection: &mut PgConnection, table: &str, name: &str) -> Vec<i32> {
    sqlx::query_scalar(AssertSqlSafe(format!(
        "select n from generate_series(1, 4) n join satchel.{table} on id = public.id('a/{name}/' || n) order by n"
    )))
    .fetch_all(connection)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_technician_sees_jobs_with_an_own_assignment_and_what_they_touch() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    begin_as(&mut connection, "satchel_field", Some(("a", "a/user/technician"))).await;
    for (table, name, expected) in [
        ("job", "job", vec![1]),
        ("visit", "visit", vec![1, 2]),
        ("assignment", "assignment", vec![1, 2]),
        ("visit_status_event", "event", vec![1]),
        ("checklist", "checklist", vec![1]),
        ("checklist_answer", "answer", vec![1]),
        ("note", "note", vec![1]),
        ("note_change", "change", vec![1]),
        ("material_used", "material", vec![1]),
        ("time_entry", "time", vec![1]),
        ("customer", "customer", vec![1]),
        ("location", "location", vec![1]),
        ("equipment", "equipment", vec![1]),
        ("contact", "contact", vec![1]),
        ("job_skill", "job_skill", vec![1]),
        ("required_document", "document", vec![1]),
        ("territory", "territory", vec![1, 2]),
        ("technician_skill", "technician_skill", vec![1]),
        ("technician_territory", "technician_territory", vec![1]),
        ("working_hours", "hours", vec![1]),
        ("absence", "absence", vec![1]),
        // The fourth is the organization's own.
        ("credential", "credential", vec![1, 4]),
        ("technician", "technician", vec![1, 2, 3]),
        ("branch", "branch", vec![1, 2]),
    ] {
        assert_eq!(seen(&mut connection, table, name).await, expected, "{table}");
    }
    let scopes: i64 =
        sqlx::query_scalar("select count(*) from satchel.my_scopes()").fetch_one(&mut connection).await.unwrap();
    assert_eq!(
        scopes, 9,
        "organization, technician, job, customer, location, equipment; truck, two pages of its ledger"
    );
    leave(&mut connection).await;
}

#[tokio::test]
async fn losing_the_assignment_or_the_job_title_withholds_the_rows_at_once() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    let mut admin = database.connect().await;
    for loss in [
        "delete from satchel.assignment where id = public.id('a/assignment/1')",
        "update satchel.technician set active = false where id = public.id('a/technician/1')",
        "update satchel.technician set user_id = null where id = public.id('a/technician/1')",
        "update satchel.membership set roles = '{billing}' where user_id = public.id('a/user/technician')",
    ] {
        sqlx::raw_sql("begin").execute(&mut admin).await.unwrap();
        sqlx::raw_sql(loss).execute(&mut admin).await.unwrap();
        // Seen from inside the transaction that takes it away.
        sqlx::raw_sql(
            "select set_config('satchel.org_id', public.id('a')::text, true),
                    set_config('satchel.user_id', public.id('a/user/technician')::text, true);
             set local role satchel_field",
        )
        .execute(&mut admin)
        .await
        .unwrap();
        assert_eq!(seen(&mut admin, "job", "job").await, [0; 0], "{loss}");
        leave(&mut admin).await;
    }
    begin_as(&mut connection, "satchel_field", Some(("a", "a/user/technician"))).await;
    assert_eq!(seen(&mut connection, "job", "job").await, [1]);
}

#[tokio::test]
async fn a_technician_changes_only_what_is_his() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    begin_as(&mut connection, "satchel_field", Some(("a", "a/user/technician"))).await;
    let copy_to_job_2 = |table: &str, id: &str, extra: &str| {
        format!(
            "insert into satchel.{table} select (jsonb_populate_record(row, jsonb_build_object(
                 'id', gen_random_uuid(), 'job_id', public.id('a/job/2'), 'visit_id', public.id('a/visit/3'){extra}))).*
             from satchel.{table} row where id = public.id('a/{id}/1')"
        )
    };
    let author = ", 'user_id', public.id('a/user/technician')";
    for (statement, expected) in [
        // His own visit; a colleague's visit to the same job is readable and hidden from updates.
        ("update satchel.visit set state = 'accepted' where id = public.id('a/visit/1')".into(), Access::Rows(1)),
        ("update satchel.visit set state = 'accepted' where id = public.id('a/visit/2')".into(), Access::Rows(0)),
        ("update satchel.visit set window_end = now() where id = public.id('a/visit/1')".into(), Access::Refused),
        ("update satchel.job set state = 'in_progress' where id = public.id('a/job/1')".into(), Access::Rows(1)),
        ("update satchel.job set state = 'in_progress' where id = public.id('a/job/2')".into(), Access::Rows(0)),
        ("update satchel.job set title = 'x' where id = public.id('a/job/1')".into(), Access::Refused),
        ("update satchel.assignment set open = false where id = public.id('a/assignment/1')".into(), Access::Rows(1)),
        ("update satchel.assignment set open = false where id = public.id('a/assignment/2')".into(), Access::Rows(0)),
        (
            "update satchel.assignment set technician_id = public.id('a/technician/2')
             where id = public.id('a/assignment/1')"
                .into(),
            Access::Refused,
        ),
        // A foreign key would let a part be hung on a job he does not see.
        (copy_to_job_2("material_used", "material", ""), Access::Refused),
        (copy_to_job_2("note", "note", ""), Access::Refused),
        (copy_to_job_2("checklist", "checklist", ""), Access::Refused),
        (copy_to_job_2("time_entry", "time", ""), Access::Refused),
        (copy_to_job_2("visit_status_event", "event", author), Access::Refused),
        (
            copy_to_job_2("visit_status_event", "event", author)
                .replace("job/2", "job/1")
                .replace("visit/3", "visit/1"),
            Access::Rows(1),
        ),
        // Nobody writes in another's name, or to another's visit of the same job.
        (
            copy_to_job_2("visit_status_event", "event", "").replace("job/2", "job/1").replace("visit/3", "visit/1"),
            Access::Refused,
        ),
        (
            copy_to_job_2("visit_status_event", "event", author)
                .replace("job/2", "job/1")
                .replace("visit/3", "visit/2"),
            Access::Refused,
        ),
        // Append-only, and other people's time.
        ("update satchel.visit_status_event set reason = 'x'".into(), Access::Refused),
        ("delete from satchel.note_change".into(), Access::Refused),
        ("update satchel.time_entry set ended_at = now()".into(), Access::Rows(1)),
        ("update satchel.time_entry set technician_id = public.id('a/technician/2')".into(), Access::Refused),
        ("update satchel.time_entry set job_id = public.id('a/job/2'), visit_id = null".into(), Access::Refused),
        // A part of his own job may not be moved to a job he does not see, nor pretend to be in another branch.
        ("update satchel.material_used set job_id = public.id('a/job/2')".into(), Access::Refused),
        ("update satchel.material_used set branch_id = public.id('a/branch/2')".into(), Access::Constraint),
        // He asks for time away and takes the question back; he neither grants nor moves it.
        ("update satchel.absence set state = 'canceled'".into(), Access::Rows(1)),
        ("update satchel.absence set state = 'approved'".into(), Access::Refused),
        ("update satchel.absence set ends_at = ends_at + interval '1 day'".into(), Access::Refused),
        (
            "insert into satchel.absence (org_id, id, technician_id, branch_id, kind, state, starts_at, ends_at, requested_by)
             select org_id, gen_random_uuid(), technician_id, branch_id, kind, 'approved', starts_at, ends_at, requested_by
             from satchel.absence"
                .into(),
            Access::Refused,
        ),
        // He satisfies a document and does not waive it; bookings against a warning are not his.
        (
            "update satchel.required_document set state = 'satisfied', reference_id = id, settled_at = now()".into(),
            Access::Rows(1),
        ),
        ("update satchel.required_document set required = false".into(), Access::Refused),
        ("update satchel.required_document set state = 'waived', waive_reason = 'x'".into(), Access::Refused),
        ("select from satchel.dispatch_override".into(), Access::Rows(0)),
        ("select from satchel.territory_area".into(), Access::Rows(0)),
        // Machines and persons of his places only.
        ("update satchel.equipment set serial = 'x'".into(), Access::Rows(1)),
        ("update satchel.equipment set location_id = public.id('a/location/2')".into(), Access::Refused),
        (
            "insert into satchel.equipment (org_id, id, location_id, name)
             values (public.id('a'), gen_random_uuid(), public.id('a/location/2'), 'Boiler')"
                .into(),
            Access::Refused,
        ),
        ("update satchel.contact set phone = '1'".into(), Access::Rows(1)),
        ("update satchel.contact set customer_id = public.id('a/customer/2')".into(), Access::Refused),
        (
            "insert into satchel.contact (org_id, id, customer_id, name, preferred)
             values (public.id('a'), gen_random_uuid(), public.id('a/customer/2'), 'Eve', false)"
                .into(),
            Access::Refused,
        ),
        ("delete from satchel.contact".into(), Access::Refused),
        ("update satchel.working_hours set end_minute = 60".into(), Access::Refused),
        ("delete from satchel.working_hours".into(), Access::Rows(1)),
        ("update satchel.technician_skill set expires_on = null".into(), Access::Refused),
    ] {
        assert_eq!(attempt(&mut connection, &statement).await, expected, "{statement}");
    }
    leave(&mut connection).await;
}

#[tokio::test]
async fn a_dispatcher_of_one_branch_sees_and_schedules_that_branch() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    begin_as(&mut connection, "satchel_office", Some(("a", "a/user/dispatcher_north"))).await;
    assert_eq!(seen(&mut connection, "job", "job").await, [1, 2]);
    assert_eq!(seen(&mut connection, "visit", "visit").await, [1, 2, 3]);
    assert_eq!(seen(&mut connection, "technician", "technician").await, [1, 2]);
    assert_eq!(seen(&mut connection, "customer", "customer").await, [1, 2, 3]);
    assert_eq!(seen(&mut connection, "absence", "absence").await, [1, 2]);
    assert_eq!(seen(&mut connection, "working_hours", "hours").await, [1, 2]);
    assert_eq!(seen(&mut connection, "credential", "credential").await, [1, 2, 4]);
    assert_eq!(seen(&mut connection, "territory", "territory").await, [1]);
    assert_eq!(seen(&mut connection, "dispatch_override", "override").await, [1, 2]);
    let assign = |visit: u32, technician: u32| {
        format!(
            "insert into satchel.assignment (org_id, id, job_id, branch_id, visit_id, technician_id, window_start, window_end, open, overlap_confirmed)
             select org_id, gen_random_uuid(), job_id, branch_id, id, public.id('a/technician/{technician}'), window_start, window_end, true, false
             from satchel.visit where id = public.id('a/visit/{visit}')"
        )
    };
    for (statement, expected) in [
        (assign(1, 2), Access::Rows(1)),
        (assign(1, 3), Access::Refused),
        (assign(4, 1), Access::Rows(0)),
        ("update satchel.job set branch_id = public.id('a/branch/2')".into(), Access::Refused),
        ("update satchel.job set title = 'x' where id = public.id('a/job/3')".into(), Access::Rows(0)),
        ("update satchel.job set title = 'x'".into(), Access::Rows(2)),
    ] {
        assert_eq!(attempt(&mut connection, &statement).await, expected, "{statement}");
    }
    leave(&mut connection).await;
}

#[tokio::test]
async fn the_wrong_lane_withholds_and_never_shows() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    for (lane, user) in [
        ("satchel_office", "a/user/technician"),
        ("satchel_field", "a/user/owner"),
        ("satchel_field", "a/user/dispatcher"),
        ("satchel_office", "a/user/dismissed"),
        ("satchel_office", "a/user/stranger"),
    ] {
        begin_as(&mut connection, lane, Some(("a", user))).await;
        for table in ["organization", "branch", "technician", "customer", "job", "visit", "time_entry", "audit_log"] {
            let access = attempt(&mut connection, &format!("select from satchel.{table}")).await;
            assert!(!access.is_allowed(), "{user} in {lane}: {table}: {access:?}");
        }
        leave(&mut connection).await;
    }
}
