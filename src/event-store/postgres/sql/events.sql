-- The log of everything. Collation "C": equal bytes are equal ids, and no upgrade of the system's library reorders an index.
create table ledger.events (
  position    bigint         primary key,
  recorded_at timestamptz(3) not null,
  revision    integer        not null check (revision >= 0),
  stream      text collate "C" not null,
  event_id    text collate "C" not null,
  type        text collate "C" not null,
  data        text           not null,
  metadata    text           not null,
  constraint events_stream_revision unique (stream, revision),
  constraint events_stream_event_id unique (stream, event_id)
)
