-- JSON text as jsonb, or as a jsonb string of the text where jsonb cannot hold it (NUL, lone surrogates, absurd numbers or depth).
create function ledger.readable_json(json_text text) returns jsonb
language plpgsql stable strict parallel restricted
as $$
begin
  return json_text::jsonb;
exception when others then
  return to_jsonb(json_text);
end
$$
