-- The log for people. Names keep their escapes (\u0000 for NUL, \\ for a backslash); whatever stands in data, this never raises.
create view ledger.events_readable as
select position, recorded_at, stream, revision, type, event_id,
       ledger.readable_json(data) as data,
       ledger.readable_json(metadata) as metadata
  from ledger.events
