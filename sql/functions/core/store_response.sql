-- Put the answer beside the key that core.claim_key claimed.
create or replace function core.store_response(p_scope text, p_key text, p_response jsonb)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    update core.idempotency_keys as k
    set response = p_response
    where k.scope = p_scope and k.key = p_key;
end;
$function$;

comment on function core.store_response(text, text, jsonb) is
'Stores the answer for repetitions; does nothing for a null key.';
