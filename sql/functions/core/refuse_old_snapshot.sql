-- For who has lost a race for a row and is about to look again: above READ COMMITTED the snapshot
-- would not show that row, however often one looks.
create or replace function core.refuse_old_snapshot()
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform core.refuse('40001', '{}')
    where current_setting('transaction_isolation') in ('repeatable read', 'serializable');
end;
$function$;

comment on function core.refuse_old_snapshot() is
'Asks for a repetition (40001) where the transaction sees nothing that is younger than itself.';
