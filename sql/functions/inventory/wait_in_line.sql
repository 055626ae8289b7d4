-- Stand in line for a bucket, without holding anything of it.
--
-- Waiting for a row that many want costs each of them several wake-ups; an advisory lock hands
-- over from one to the next. It is a queue and nothing more: stock is safe without it. Any role may
-- take any advisory lock, so nobody waits here for long: after a quarter of a second, or the
-- caller's own lock_timeout, the row itself is waited for. See docs/adr/0010.
create or replace function inventory.wait_in_line(p_key bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_lock_timeout constant text := current_setting('lock_timeout');
begin
    if v_lock_timeout::interval not between interval '1 ms' and interval '250 ms' then
        perform set_config('lock_timeout', '250ms', true);
    end if;
    begin
        perform pg_advisory_xact_lock(p_key);
    exception
        when lock_not_available then
            null;
    end;
    perform set_config('lock_timeout', v_lock_timeout, true);
end;
$function$;

comment on function inventory.wait_in_line(bigint) is
'Waits for an advisory lock of this transaction, at most a quarter of a second.';
