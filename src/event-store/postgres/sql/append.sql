-- Group commit: judges a batch of appends and writes those that hold. One row per append, in order:
--   outcome 0 appended (its last event) · 1 confirmed · 2/3 an id is there, in its stream / the guard's
--           4/5 conflict, revision = where its stream / the guard's stands (-1: nowhere). The guard is judged first.
-- recorded_at is the clock's moment in each row, and the stamp of what was written; ahead_ms: by how much the last stamp was
-- too far ahead to be followed.
-- expected: >= 0 exactly, -1 no stream, -2 stream exists, -3 any. No stream that one append writes may occur in another.
create function ledger.append(
  streams text[], expected bigint[], guard_streams text[], guard_revisions bigint[], absent_ids text[], sizes integer[],
  event_appends integer[], event_offsets integer[], event_streams text[], event_ids text[], event_types text[],
  event_data text[], event_metadata text[]
) returns table (outcome integer, revision bigint, "position" bigint, recorded_at timestamptz, ahead_ms bigint)
language plpgsql
-- The plan is made once and must stay on the indexes, however small or unanalysed the table was then.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
#variable_conflict use_column
declare
  top bigint := 0;
  last_at timestamptz(3);
  now_at timestamptz(3) := date_trunc('milliseconds', clock_timestamp());
  ahead bigint := 0;
begin
  if cardinality(event_ids) > 0 then
    -- One snapshot for the whole transaction would be older than the lock: positions would be given out twice.
    if current_setting('transaction_isolation') <> 'read committed' then
      raise exception using errcode = 'LE001', message = 'ledger.append works at READ COMMITTED only';
    end if;
    -- A client that stops between Execute and Sync would hold the lock for good; no other timeout ends it.
    if current_setting('transaction_timeout') = '0' then
      perform set_config('transaction_timeout', '5s', true);
    end if;
    perform pg_advisory_xact_lock('ledger.events'::regclass::oid::integer, 1);
    select e.position, e.recorded_at into top, last_at from ledger.events e order by e.position desc limit 1;
    top := coalesce(top, 0);
    now_at := date_trunc('milliseconds', clock_timestamp());
    -- A clock that jumped ahead once must not pin every later stamp to its jump.
    if last_at > now_at + interval '5 minutes' then
      ahead := extract(epoch from last_at - now_at) * 1000;
    else
      now_at := greatest(now_at, last_at);
    end if;
  end if;
  return query
  with asked as materialized (
    select a.n, a.stream, a.expected, a.guard_stream, a.guard_revision, a.absent_id, a.size,
           coalesce(h.revision, -1) as head, coalesce(g.revision, -1) as guard_head
      from unnest(streams, expected, guard_streams, guard_revisions, absent_ids, sizes)
           with ordinality as a (stream, expected, guard_stream, guard_revision, absent_id, size, n)
      left join lateral (select e.revision from ledger.events e where e.stream = a.stream
                          order by e.revision desc limit 1) h on true
      left join lateral (select e.revision from ledger.events e where e.stream = a.guard_stream
                          order by e.revision desc limit 1) g on a.guard_stream is not null
  ), known as materialized (
    select distinct on (k.n) k.n, k.outcome, k.revision, k.position
      from (select x.n, x.nth, 2 as outcome, e.revision, e.position
              from unnest(event_appends, event_offsets, event_streams, event_ids) as x (n, nth, stream, event_id)
              join asked a on a.n = x.n and a.head >= 0
              join ledger.events e on e.stream = x.stream and e.event_id = x.event_id
             union all
            select a.n, -1, 3, e.revision, e.position
              from asked a
              join ledger.events e on e.stream = a.guard_stream and e.event_id = a.absent_id
             where a.absent_id is not null) k
     order by k.n, k.nth
  ), judged as materialized (
    select v.*, sum(case v.outcome when 0 then v.size else 0 end) over (order by v.n) as upto
      from (select a.n, a.head, a.guard_head, a.size, k.revision as known_revision, k.position as known_position,
                   case when k.outcome = 3 then 3
                        when a.guard_revision <> a.guard_head then 5
                        when k.n is not null then k.outcome
                        when not case a.expected when -3 then true when -2 then a.head >= 0 else a.expected = a.head end then 4
                        when a.size = 0 then 1
                        else 0 end as outcome
              from asked a left join known k on k.n = a.n) v
  ), written as (
    insert into ledger.events (position, recorded_at, revision, stream, event_id, type, data, metadata)
    select top + j.upto - j.size + x.nth, now_at, j.head + x.nth, x.stream, x.event_id, x.type, x.data, x.metadata
      from unnest(event_appends, event_offsets, event_streams, event_ids, event_types, event_data, event_metadata)
           as x (n, nth, stream, event_id, type, data, metadata)
      join judged j on j.n = x.n
     where j.outcome = 0
  )
  select j.outcome,
         case j.outcome when 0 then j.head + j.size when 4 then j.head when 5 then j.guard_head else j.known_revision end::bigint,
         case j.outcome when 0 then top + j.upto else j.known_position end::bigint,
         now_at::timestamptz, ahead
    from judged j
   order by j.n;
end
$$
