-- Try again what waits in the inbox for another event of a locked order, as long as that helps.
create or replace function payment.apply_waiting_events(p_order_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_event payment.provider_events;
    v_is_applied boolean := true;
begin
    while v_is_applied loop
        v_is_applied := false;
        for v_event in
            select e.*
            from payment.provider_events as e
            where e.order_id = p_order_id and e.status = 'waiting'
            order by e.received_at, e.event_id
            for no key update skip locked
        loop
            v_event := payment.try_event(v_event);
            v_is_applied := v_is_applied or v_event.status = 'applied';
        end loop;
    end loop;
end;
$function$;

comment on function payment.apply_waiting_events(bigint) is
'Applies the waiting events of a locked order until none of them can be. One that another session is
applying is left to it.';
