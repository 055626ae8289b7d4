create function desk.record_status()
returns trigger
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_seq integer;
begin
    select coalesce(max(h.seq), 0) + 1
    into v_seq
    from desk.status_history as h
    where h.ticket_id = new.ticket_id;

    insert into desk.status_history (ticket_id, seq, old_status, new_status)
    values (new.ticket_id, v_seq, case when tg_op = 'UPDATE' then old.status end, new.status);

    return null;
end;
$function$;

create trigger _500_record_status
after insert or update of status on desk.tickets
for each row execute function desk.record_status();
