-- The board's replicas and the board's queries look visits up alike: one index serves both, and jobs to be done are found
-- by the index over states.
drop index satchel.visit_by_day, satchel.visit_by_window, satchel.job_to_do;
create index visit_by_window on satchel.visit (org_id, branch_id, window_start, window_end) include (job_id);
