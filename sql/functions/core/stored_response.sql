-- The answer that was given to a request before.
--
-- A row without an answer belongs to this very transaction: a function that claims its key first
-- and is called twice in one transaction with the same key has not finished the first call.
create or replace function core.stored_response(p_scope text, p_key text, p_request jsonb)
returns jsonb
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_request_hash bytea;
    v_response jsonb;
begin
    select k.request_hash, k.response
    into v_request_hash, v_response
    from core.idempotency_keys as k
    where k.scope = p_scope and k.key = p_key;
    if found and v_request_hash <> core.request_hash(p_request) then
        -- The function alone: after it a scope may name a session, which is a secret.
        perform core.refuse('SHC01', jsonb_build_object(
            'function', split_part(p_scope, '/', 1), 'key', p_key
        ));
    end if;
    return v_response;
end;
$function$;

comment on function core.stored_response(text, text, jsonb) is
'The stored answer to the request, null where there is none. Errors: IDEMPOTENCY_KEY_REUSED.';
