//! The whole run: gather, live, prove.

use std::time::Duration;

use anyhow::Context as _;
use futures_util::{StreamExt as _, TryStreamExt as _, future, stream};
use satchel_stage::proxy::Traffic;

use crate::{
    air,
    clock::Clock,
    dispatcher::{self, Done},
    limits::{self, FILLING},
    metrics::Metrics,
    options::Options,
    phone::Phone,
    plan::Plan,
    progress::{Progress, Stage},
    proof::{self, Proof},
    record::Record,
    site::Site,
    technician::{self, Place, Technician},
    watch::{Seen, Watch},
};

/// Milliseconds between two looks at how far the days are.
const LOOK_MS: u64 = 250;

/// Everything that runs.
pub struct Fleet {
    // Before the site, in whose folder they are.
    phones: Vec<Phone>,
    plan: Plan,
    speedup: u32,
    site: Site,
}

/// What was lived through.
pub struct Life {
    /// Everything tapped.
    pub record: Record,
    /// What was seen of the phones.
    pub(crate) seen: Vec<Seen>,
    /// What the office did.
    pub(crate) office: Done,
    /// How long the days and the evening really took.
    pub(crate) took: Duration,
    /// Phones that did not come to rest.
    pub(crate) stuck: usize,
    /// Bytes and connections of those days, where the wires are ours.
    pub(crate) traffic: Option<Traffic>,
    /// The server's counts before and after.
    pub(crate) metrics: (Metrics, Metrics),
}

impl Fleet {
    /// Starts the server, if none is given, signs everybody in and fills the phones.
    ///
    /// # Errors
    /// When something cannot be started, or a phone cannot be filled in time.
    pub async fn gather(options: &Options, progress: &Progress) -> anyhow::Result<Self> {
        limits::raise_open_files(options.technicians)?;
        let plan = Plan::draw(options);
        let site = Site::open(options, &plan, progress).await?;
        let filling = progress.stage("phones filled", u64::from(options.technicians));
        let people = site.people().technicians.iter().take(plan.technicians.len()).enumerate();
        let phones = people.map(|(number, person)| {
            let folder = site.folder().join(format!("phone-{number}"));
            let (site, filling) = (&site, &filling);
            async move {
                let phone = Phone::fill(site, person, folder, options.speedup).await;
                filling.step();
                phone.with_context(|| format!("phone {number}"))
            }
        });
        let phones = stream::iter(phones).buffered(FILLING).try_collect::<Vec<_>>().await?;
        drop(filling);
        Ok(Self { phones, plan, speedup: options.speedup, site })
    }

    /// Lives through the days and the evening after them.
    ///
    /// # Errors
    /// When a phone fails, or the server cannot be reached by the office.
    pub async fn live(&mut self, progress: &Progress) -> anyhow::Result<Life> {
        let lists = self.morning().await?;
        let before = Metrics::of(self.site.url()).await?;
        let traffic = self.traffic();
        let watches = self.phones.iter().map(|phone| Watch::begin(&phone.client)).collect::<Result<Vec<_>, _>>()?;
        let clock = Clock::start(self.speedup);
        let (mut records, office) = self.days(clock, &lists, &watches, progress).await?;
        let stuck = self.evening(&mut records, progress).await?;
        let took = clock.elapsed();
        let after = Metrics::of(self.site.url()).await?;
        let seen = future::try_join_all(watches.into_iter().map(Watch::end)).await?;
        let mut record = Record::default();
        records.into_iter().for_each(|one| record.add(one));
        let traffic = self.traffic().zip(traffic).map(|(now, then)| now.since(then));
        Ok(Life { record, seen, office, took, stuck, traffic, metrics: (before, after) })
    }

    /// Holds a record against what the server has, and the phones against what their users may see.
    ///
    /// # Errors
    /// When phones or server cannot be asked.
    pub async fn prove(&self, record: &Record, progress: &Progress) -> anyhow::Result<Proof> {
        let comparing = progress.stage("replicas compared", self.phones.len() as u64);
        proof::prove(&self.site, &self.phones, record, &comparing).await
    }

    /// Sends everybody's visits out; the list of each technician.
    async fn morning(&self) -> anyhow::Result<Vec<Vec<Place>>> {
        let mut lists = Vec::new();
        for ((person, phone), itinerary) in
            self.site.people().technicians.iter().zip(&self.phones).zip(&self.plan.technicians)
        {
            let id = person.technician_id.context("not a technician")?;
            let mut list = phone.client.read(move |reader| technician::list(reader, id)).await?;
            list.truncate(itinerary.visits.len());
            lists.push(list);
        }
        dispatcher::send_out(&self.site, lists.iter().flatten().copied()).await?;
        let rest = stream::iter(self.phones.iter().map(Phone::rests)).buffered(FILLING);
        let rest = rest.try_collect::<Vec<_>>().await?;
        anyhow::ensure!(rest.iter().all(|rests| *rests), "a phone did not get its day in time");
        Ok(lists)
    }

    async fn days(
        &self,
        clock: Clock,
        lists: &[Vec<Place>],
        watches: &[Watch],
        progress: &Progress,
    ) -> anyhow::Result<(Vec<Record>, Done)> {
        let people = &self.site.people().technicians;
        let lives = self.phones.iter().zip(watches).enumerate().map(|(number, (phone, watch))| async move {
            let id = people[number].technician_id.context("not a technician")?;
            let itinerary = &self.plan.technicians[number];
            let technician = Technician::new(number, id, phone, watch);
            let blowing = async { Ok(air::blow(clock, itinerary, phone.wire.as_ref(), &phone.client).await?) };
            let (record, ()) =
                future::try_join(technician.live(clock, &itinerary.visits, &lists[number]), blowing).await?;
            anyhow::Ok(record)
        });
        let length = clock.real(self.plan.length);
        let passing = progress.stage("percent of the days passed", 100);
        let lived = future::try_join(
            future::try_join_all(lives),
            dispatcher::work(&self.site, clock, &self.plan.office, lists),
        );
        tokio::select! {
            lived = lived => {
                passing.set(100);
                lived
            }
            () = show(clock, length, &passing) => anyhow::bail!("the days' clock stopped"),
        }
    }

    /// Good networks for everybody, and decisions on what was refused; how many phones do not come to rest.
    async fn evening(&self, records: &mut [Record], progress: &Progress) -> anyhow::Result<usize> {
        let resting = progress.stage("phones at rest", self.phones.len() as u64);
        let evenings = self.phones.iter().zip(records).map(|(phone, record)| {
            let resting = &resting;
            async move {
                air::clear(phone.wire.as_ref(), &phone.client).await?;
                let rests = technician::evening(phone, record).await?;
                resting.step();
                anyhow::Ok(rests)
            }
        });
        let rests = future::try_join_all(evenings).await?;
        Ok(rests.iter().filter(|rests| !**rests).count())
    }

    fn traffic(&self) -> Option<Traffic> {
        let wires = self.phones.iter().map(|phone| phone.wire.as_ref().map(satchel_stage::proxy::Proxy::traffic));
        wires.sum()
    }
}

/// Shows how far the days are, without end.
async fn show(clock: Clock, length: Duration, passing: &Stage) {
    loop {
        tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
        let percent = clock.elapsed().as_millis() * 100 / length.as_millis().max(1);
        passing.set(u64::try_from(percent).unwrap_or(100).min(99));
    }
}
