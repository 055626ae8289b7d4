-- Claim an idempotency key before any work, and tell whether the work was done before.
--
-- Two calls with one key meet at the primary key: the second waits here, holding nothing, until the
-- first has committed (then it gets the stored answer) or rolled back (then it does the work).
create or replace function core.claim_key(
    p_scope text,
    p_key text,
    p_request jsonb,
    p_response jsonb default null
)
returns jsonb
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_key is null then
        return null;
    end if;
    if length(p_key) not between 1 and 255 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_idempotency_key', 'expected', '1 to 255 characters'
        ));
    end if;
    insert into core.idempotency_keys (scope, key, request_hash, response, created_by)
    values (p_scope, p_key, core.request_hash(p_request), p_response, core.actor())
    on conflict on constraint idempotency_keys_pkey do nothing;
    if found then
        return null;
    end if;
    return core.stored_response(p_scope, p_key, p_request);
end;
$function$;

comment on function core.claim_key(text, text, jsonb, jsonb) is
'Returns the stored answer where the request was answered before; otherwise claims the key, with the
answer where it is known already, and returns null. A null key claims nothing.
Errors: IDEMPOTENCY_KEY_REUSED, INVALID_ARGUMENT.';
