//! Stock under everybody who moves it: phones, the office, programs that know no rules.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use rust_decimal::Decimal;
use satchel_domain::{
    mutations::{AddMaterial, CorrectMaterial, CountStock, ReceiveStock, SetStockMinimum, TransferStock},
    rules::stock,
    tables::{
        MaterialUsed, PricebookItem, StockLevel, StockLocation, StockLocationKind, StockMovement, StockStanding,
        VisitState,
    },
};
use satchel_protocol::{ErrorCode, Id, record::UNSAVED, wire::Outcome};
use satchel_server::database::Caller;
use satchel_tests::{
    contractor::{Contractor, Phone, Work, id},
    phone::Field,
    tenants::{Access, attempt, begin_as, leave, service, two_tenants},
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// Batches that each of the three pushes.
const BATCHES: usize = 25;
/// Mutations in one of them.
const BATCH: usize = 6;

/// A warehouse, a truck for each technician, and an inventory manager.
struct Stock {
    warehouse: Id<StockLocation>,
    trucks: [Id<StockLocation>; 2],
    keeper: Caller,
}

async fn stocked(contractor: &Contractor) -> Stock {
    let stock =
        Stock { warehouse: id(), trucks: [id(), id()], keeper: Caller::trusted(contractor.org_id, Uuid::now_v7()) };
    sqlx::query("insert into satchel.app_user (id, email, name) values ($1, $1::text || '@example.com', 'Keeper')")
        .bind(stock.keeper.user_id)
        .execute(&contractor.admin)
        .await
        .unwrap();
    sqlx::query("insert into satchel.membership (org_id, user_id, roles) values ($1, $2, '{inventory_manager}')")
        .bind(contractor.org_id)
        .bind(stock.keeper.user_id)
        .execute(&contractor.admin)
        .await
        .unwrap();
    contractor
        .insert(|batch| {
            let drivers = contractor.technicians.map(|technician| technician.id);
            let places =
                [(stock.warehouse, None), (stock.trucks[0], Some(drivers[0])), (stock.trucks[1], Some(drivers[1]))];
            for (id, technician_id) in places {
                let kind =
                    if technician_id.is_some() { StockLocationKind::Truck } else { StockLocationKind::Warehouse };
                let (branch_id, name) = (contractor.branch_id, "A place".to_owned());
                let place = StockLocation { id, rev: UNSAVED, branch_id, kind, technician_id, name, active: true };
                batch.push(contractor.org_id, &place);
            }
        })
        .await;
    stock
}

/// What the ledger says and what the level says, of every place and item; and how many entries there are.
async fn books(contractor: &Contractor) -> Vec<(Uuid, String, String)> {
    sqlx::query_as(
        "select l.stock_location_id, l.quantity::text, coalesce(sum(m.quantity), 0)::numeric(12, 3)::text
         from satchel.stock_level l
         full join satchel.stock_movement m using (org_id, stock_location_id, item_id)
         group by l.stock_location_id, l.item_id, l.quantity order by 1",
    )
    .fetch_all(&contractor.admin)
    .await
    .unwrap()
}

async fn assert_books_agree(contractor: &Contractor, context: &str) {
    for (place, level, sum) in books(contractor).await {
        assert_eq!(level, sum, "{place}, {context}");
    }
    let lonely = "select count(*) from satchel.stock_movement m where m.cause = 'transfer' and m.mirror_of is null
         and not exists (select from satchel.stock_movement o where o.mirror_of = m.id and o.quantity = -m.quantity
                         and o.stock_location_id = m.counter_location_id)";
    assert_eq!(contractor.count(lonely).await, 0, "transfers without their other side, {context}");
}

fn material(work: Work, item_id: Id<PricebookItem>, quantity: Decimal) -> AddMaterial {
    AddMaterial { job_id: work.job_id, visit_id: work.visit_id, material_id: id(), item_id, quantity }
}

fn transfer(
    from: Id<StockLocation>,
    to: Id<StockLocation>,
    item_id: Id<PricebookItem>,
    quantity: Decimal,
) -> TransferStock {
    TransferStock { movement_id: id(), from_location_id: from, to_location_id: to, item_id, quantity, note: None }
}

fn receive(at: Id<StockLocation>, item_id: Id<PricebookItem>, quantity: Decimal) -> ReceiveStock {
    ReceiveStock { movement_id: id(), stock_location_id: at, item_id, quantity, note: None }
}

/// Pushes batches one after the other until each has its verdicts; all must be accepted.
async fn push_all(
    contractor: &Contractor,
    mut phone: Phone,
    mut next: impl FnMut(&mut Phone, usize) -> satchel_protocol::wire::PushedMutation,
) {
    for round in 0..BATCHES {
        let batch: Vec<_> = (0..BATCH).map(|place| next(&mut phone, round * BATCH + place)).collect();
        let response = loop {
            match contractor.push(&phone, Clone::clone(&batch)).await {
                Ok(response) => break response,
                Err(error) => assert_eq!(error.code(), ErrorCode::ServiceUnavailable, "{error}"),
            }
        };
        for verdict in response.verdicts {
            assert!(matches!(verdict.outcome, Outcome::Accepted { .. }), "{verdict:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_move_one_trucks_stock_at_once_and_nothing_is_lost() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let contractor = Contractor::new(&satchel_domain::REGISTRY).await;
    let stock = stocked(&contractor).await;
    let [alice, bob] = contractor.technicians;
    let work = contractor.work(VisitState::OnSite, &[alice]).await;
    let (item, [truck, other]) = (contractor.item_id, stock.trucks);
    let mut lines = Vec::new();
    let mut random = StdRng::seed_from_u64(seed);
    // Alice uses material, and corrects every third line.
    let uses = push_all(&contractor, contractor.phone(alice.caller), |phone, number| {
        if number % 3 == 2 {
            let (job_id, visit_id, quantity) = (work.job_id, work.visit_id, Decimal::ONE);
            return phone.next(&CorrectMaterial { job_id, visit_id, material_id: lines[number / 3], quantity });
        }
        let line = material(work, item, Decimal::new(random.random_range(1..4_000), 3));
        lines.push(line.material_id);
        phone.next(&line)
    });
    // Bob takes from her truck; the inventory manager fills it, and sometimes counts.
    let takes = push_all(&contractor, contractor.phone(bob.caller), |phone, _| {
        phone.next(&transfer(truck, other, item, Decimal::TWO))
    });
    let keeps = push_all(&contractor, contractor.phone(stock.keeper), |phone, number| match number % 4 {
        0 => phone.next(&transfer(stock.warehouse, truck, item, Decimal::TEN)),
        1 => phone.next(&receive(truck, item, Decimal::ONE)),
        2 => phone.next(&SetStockMinimum {
            stock_location_id: truck,
            item_id: item,
            minimum: Decimal::TWO,
            target: Decimal::TEN,
        }),
        _ => phone.next(&CountStock {
            movement_id: id(),
            stock_location_id: truck,
            item_id: item,
            counted: Decimal::new(i64::try_from(number).unwrap(), 0),
            reason: "Counted".to_owned(),
        }),
    });
    tokio::join!(uses, takes, keeps);

    assert_books_agree(&contractor, &format!("seed {seed}")).await;
    let taken = "select (-sum(quantity))::bigint from satchel.stock_movement m join satchel.stock_location l
         on l.id = m.stock_location_id where m.mirror_of is not null and m.quantity < 0 and m.user_id <> l.technician_id";
    let moves = i64::try_from(BATCHES * BATCH).unwrap();
    assert!(contractor.count(taken).await >= 2 * moves, "every piece Bob took left her truck");
    let bobs =
        "select count(*) from satchel.stock_movement where mirror_of is null and cause = 'transfer' and quantity = 2";
    assert_eq!(contractor.count(bobs).await, moves);
    let unlike = "select count(*) from satchel.material_used u where u.quantity <> (select -sum(m.quantity)
         from satchel.stock_movement m where m.material_id = u.id)";
    assert_eq!(contractor.count(unlike).await, 0, "a line and its entries agree");
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_hold_their_truck_and_agree_with_the_office_after_an_offline_day() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let stock = stocked(contractor).await;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let (item, [truck, other]) = (contractor.item_id, stock.trucks);
    let mut desk = contractor.phone(stock.keeper);
    let filled = contractor.outcome(&mut desk, &receive(truck, item, Decimal::TEN)).await;
    assert!(matches!(filled, Outcome::Accepted { .. }), "{filled:?}");
    let (alice, bob) = (field.synced_phone(0).await, field.synced_phone(1).await);
    let level = stock::level_id(truck, item);
    alice.sees_row::<StockLevel>(level.uuid()).await;
    assert!(bob.client.read(move |reader| reader.get::<StockLevel>(level)).await.unwrap().is_none());

    // Offline, Alice uses seven and gives two to Bob, who takes three more; meanwhile the office brings one.
    for phone in [&alice, &bob] {
        phone.client.set_network(false).await.unwrap();
    }
    let line = material(work, item, Decimal::from(8));
    alice.client.mutate(&line).await.unwrap();
    let (job_id, visit_id, material_id) = (work.job_id, work.visit_id, line.material_id);
    alice.client.mutate(&CorrectMaterial { job_id, visit_id, material_id, quantity: Decimal::from(7) }).await.unwrap();
    alice.client.mutate(&transfer(truck, other, item, Decimal::TWO)).await.unwrap();
    let shown = alice.client.read(move |reader| reader.get::<StockLevel>(level)).await.unwrap().unwrap();
    assert_eq!(shown.quantity.to_string(), "1.000");
    bob.client.mutate(&transfer(truck, other, item, Decimal::from(3))).await.unwrap();
    let bobs = stock::level_id(other, item);
    let shown = bob.client.read(move |reader| reader.get::<StockLevel>(bobs)).await.unwrap().unwrap();
    assert_eq!(shown.quantity.to_string(), "3.000", "what he took is in his truck at once");
    let brought = contractor.outcome(&mut desk, &transfer(stock.warehouse, truck, item, Decimal::ONE)).await;
    assert!(matches!(brought, Outcome::Accepted { .. }), "{brought:?}");
    for phone in [&alice, &bob] {
        phone.client.set_network(true).await.unwrap();
    }
    let negative =
        |level: StockLevel| level.quantity.to_string() == "-1.000" && level.standing == StockStanding::Negative;
    alice
        .sees("10 - 7 - 2 - 3 + 1", move |reader| {
            Ok(reader.get::<StockLevel>(level)?.filter(|level| negative(level.clone())))
        })
        .await;
    bob.sees("3 + 2", move |reader| {
        Ok(reader.get::<StockLevel>(bobs)?.filter(|level| level.quantity == Decimal::from(5)))
    })
    .await;
    for phone in [&alice, &bob] {
        phone.settled().await;
        phone.assert_converged(&contractor.database).await;
    }
    assert_books_agree(contractor, "after the day").await;
    let line = alice.client.read(move |reader| reader.get::<MaterialUsed>(material_id)).await.unwrap().unwrap();
    assert_eq!(line.stock_location_id, Some(truck));
    // Her account, the sides that others wrote included.
    let entries = alice.client.read(|reader| reader.all::<StockMovement>()).await.unwrap();
    let mut quantities: Vec<_> = entries.iter().map(|entry| entry.quantity.normalize().to_string()).collect();
    quantities.sort();
    assert_eq!(quantities, ["-2", "-3", "-8", "1", "1", "10"]);
    assert!(entries.iter().all(|entry| entry.stock_location_id == truck));

    // Another drives the truck now: what lies in it goes from one phone to the other.
    sqlx::query("update satchel.stock_location set technician_id = null where id = $1")
        .bind(other.uuid())
        .execute(&contractor.admin)
        .await
        .unwrap();
    bob.loses_row::<StockLevel>(bobs.uuid()).await;
    bob.settled().await;
    bob.assert_converged(&contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_programs_move_stock_by_the_ledger_alone() {
    let contractor = Contractor::new(&satchel_domain::REGISTRY).await;
    let stock = stocked(&contractor).await;
    let item = contractor.item_id.uuid();
    let insert = |number: u8, place: Id<StockLocation>, quantity: i32, counter: Option<Id<StockLocation>>| {
        sqlx::query(
            "insert into satchel.stock_movement (org_id, id, stock_location_id, branch_id, page_id, item_id, quantity,
                 cause, counter_location_id, occurred_at, user_id)
             values ($1, $2, $3, $4, satchel.stock_page_id($3, now()), $5, $6,
                 case when $7::uuid is null then 'receive' else 'transfer' end, $7, now(), $1)",
        )
        .bind(contractor.org_id)
        .bind(Uuid::from_u128(u128::from(number)))
        .bind(place.uuid())
        .bind(contractor.branch_id.uuid())
        .bind(item)
        .bind(quantity)
        .bind(counter.map(Id::uuid))
    };
    insert(1, stock.warehouse, 5, None).execute(&contractor.admin).await.unwrap();
    insert(2, stock.warehouse, -7, Some(stock.trucks[0])).execute(&contractor.admin).await.unwrap();
    assert_books_agree(&contractor, "after psql").await;
    let standings: Vec<(String, String)> =
        sqlx::query_as("select quantity::text, standing from satchel.stock_level order by quantity")
            .fetch_all(&contractor.admin)
            .await
            .unwrap();
    assert_eq!(standings, [("-2.000".to_owned(), "negative".to_owned()), ("7.000".to_owned(), "enough".to_owned())]);
    // A minimum is theirs to set; how the level stands follows.
    sqlx::query("update satchel.stock_level set minimum = 8, target = 9 where quantity = 7")
        .execute(&contractor.admin)
        .await
        .unwrap();
    assert_eq!(contractor.count("select count(*) from satchel.stock_level where standing = 'low'").await, 1);
    for refused in [
        "update satchel.stock_level set quantity = 100",
        "delete from satchel.stock_level",
        "update satchel.stock_movement set quantity = 100",
        "update satchel.stock_movement set occurred_at = now()",
        "delete from satchel.stock_movement",
        "truncate satchel.stock_movement cascade",
        "insert into satchel.stock_level select (jsonb_populate_record(l, jsonb_build_object('quantity', 1,
             'stock_location_id', s.id, 'id', satchel.stock_level_id(s.id, l.item_id)))).*
         from satchel.stock_level l, satchel.stock_location s
         where s.id not in (select stock_location_id from satchel.stock_level) limit 1",
    ] {
        let error = sqlx::query(refused).execute(&contractor.admin).await.unwrap_err();
        let code = error.as_database_error().and_then(|error| error.code().map(|code| code.to_string()));
        assert!(matches!(code.as_deref(), Some("42501" | "0A000")), "{refused}: {error}");
    }
    // A branch that moves takes its ledger along.
    let branch = Uuid::now_v7();
    sqlx::query("insert into satchel.branch (org_id, id, name, zone) values ($1, $2, 'South', 'UTC')")
        .bind(contractor.org_id)
        .bind(branch)
        .execute(&contractor.admin)
        .await
        .unwrap();
    sqlx::query("update satchel.stock_location set branch_id = $1")
        .bind(branch)
        .execute(&contractor.admin)
        .await
        .unwrap();
    let moved = "select count(*) from satchel.stock_movement m join satchel.branch b on b.id = m.branch_id where b.name = 'South'";
    assert_eq!(contractor.count(moved).await, 3);
    assert_books_agree(&contractor, "after the move").await;
}

#[tokio::test]
async fn postgres_and_rust_compute_the_same_ids() {
    let contractor = Contractor::new(&satchel_domain::REGISTRY).await;
    for _ in 0..50 {
        let (place, item) = (id::<StockLocation>(), id::<PricebookItem>());
        let moment = jiff::Timestamp::from_second(rand::rng().random_range(946_684_800..4_102_444_800)).unwrap();
        let (level, page): (Uuid, Uuid) =
            sqlx::query_as("select satchel.stock_level_id($1, $2), satchel.stock_page_id($1, $3::text::timestamptz)")
                .bind(place.uuid())
                .bind(item.uuid())
                .bind(moment.to_string())
                .fetch_one(&contractor.admin)
                .await
                .unwrap();
        assert_eq!(level, stock::level_id(place, item).uuid(), "{place} {item}");
        assert_eq!(page, stock::page_id(place, moment), "{place} {moment}");
    }
}

#[tokio::test]
async fn a_technician_sees_and_moves_what_is_in_his_truck_alone() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    begin_as(&mut connection, "satchel_field", Some(("a", "a/user/technician"))).await;
    for (table, column) in [("stock_level", "stock_location_id"), ("stock_movement", "stock_location_id")] {
        let places: Vec<Uuid> =
            sqlx::query_scalar(AssertSqlSafe(format!("select distinct {column} from satchel.{table}")))
                .fetch_all(&mut connection)
                .await
                .unwrap();
        let own: Uuid = sqlx::query_scalar("select public.id('a/stock/1')").fetch_one(&mut connection).await.unwrap();
        assert_eq!(places, [own], "{table}");
    }
    // An entry in the own account, and what differs from one that is allowed.
    let entry = |changes: &str| {
        format!(
            "insert into satchel.stock_movement select (jsonb_populate_record(m, jsonb_build_object(
                 'id', gen_random_uuid(), 'user_id', public.id('a/user/technician')) || jsonb_build_object({changes}))).*
             from satchel.stock_movement m where id = public.id('a/movement/1')"
        )
    };
    let elsewhere = "'stock_location_id', public.id('a/stock/2'), 'page_id', satchel.stock_page_id(public.id('a/stock/2'), occurred_at)";
    let level = "update satchel.stock_level set";
    for (statement, expected) in [
        (entry(""), Access::Rows(1)),
        (entry("'cause', 'transfer', 'counter_location_id', public.id('a/stock/3')"), Access::Rows(1)),
        (entry(elsewhere), Access::Refused),
        (entry("'user_id', public.id('a/user/owner')"), Access::Refused),
        (entry("'cause', 'transfer', 'counter_location_id', public.id('a/stock/3'), 'mirror_of', id"), Access::Refused),
        (
            entry("'cause', 'use', 'material_id', public.id('a/material/3'), 'job_id', public.id('a/job/3')"),
            Access::Refused,
        ),
        (format!("{level} quantity = 9 where stock_location_id = public.id('a/stock/1')"), Access::Rows(1)),
        (format!("{level} minimum = 1 where stock_location_id = public.id('a/stock/1')"), Access::Refused),
        (format!("{level} quantity = 9 where stock_location_id = public.id('a/stock/2')"), Access::Rows(0)),
        ("update satchel.stock_movement set note = 'x'".to_owned(), Access::Refused),
        ("delete from satchel.stock_movement".to_owned(), Access::Refused),
        ("update satchel.stock_location set name = 'Mine'".to_owned(), Access::Refused),
    ] {
        assert_eq!(attempt(&mut connection, &statement).await, expected, "{statement}");
    }
    leave(&mut connection).await;
    // The other side of his transfer is written where he sees nothing; a dispatcher without stock moves none.
    begin_as(&mut connection, "satchel_office", Some(("a", "a/user/dispatcher"))).await;
    let receive = entry("'user_id', public.id('a/user/dispatcher')");
    assert_eq!(attempt(&mut connection, &receive).await, Access::Refused);
    leave(&mut connection).await;
}
