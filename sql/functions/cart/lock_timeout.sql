-- Let the locks that follow be waited for as long as the rule says, or less where the session says
-- less; returns what to set back.
create or replace function cart.lock_timeout()
returns text
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_before constant text := current_setting('lock_timeout');
    v_limit constant numeric := core.rule('cart_lock_seconds') * 1000;
    -- As an interval: pg_settings is a list of all settings, made anew each time.
    v_session constant numeric := extract(epoch from v_before::interval) * 1000;
begin
    -- To PostgreSQL 0 is no limit; to the rule it is not to wait.
    if v_limit is not null and (v_session = 0 or v_session > v_limit) then
        perform set_config('lock_timeout', least(greatest(v_limit, 1), 2147483647)::text, true);
    end if;
    return v_before;
end;
$function$;

comment on function cart.lock_timeout() is
'Sets lock_timeout, for the transaction, to the rule cart_lock_seconds; returns what it was.';
