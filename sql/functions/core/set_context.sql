-- Say who acts. Local to the transaction, so that nothing leaks behind a transaction pooler.
create or replace function core.set_context(
    p_actor text,
    p_request_id text default null,
    p_address inet default null,
    p_user_agent text default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_actor is null or length(p_actor) not between 1 and 200
    or length(p_request_id) > 200 or length(p_user_agent) > 1000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_actor, p_request_id or p_user_agent',
            'expected', 'an actor of 1 to 200, a request id of at most 200, '
            || 'a user agent of at most 1000 characters'
        ));
    end if;
    perform
        set_config('shop.actor', p_actor, true),
        set_config('shop.request_id', coalesce(p_request_id, ''), true),
        set_config('shop.address', coalesce(host(p_address), ''), true),
        set_config('shop.user_agent', coalesce(p_user_agent, ''), true);
end;
$function$;

comment on function core.set_context(text, text, inet, text) is
'Says for the rest of the transaction who acts (1 to 200 characters, such as staff:anna), for which
request, from which address and with what program; rows that are written store the actor.
Errors: INVALID_ARGUMENT. Replica: yes.';
grant execute on function core.set_context(text, text, inet, text) to core_service;
