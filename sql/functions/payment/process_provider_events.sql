-- Try again what providers said too early, beside live traffic.
--
-- An event whose order is in use is left for the next time, so that nobody is waited for. Each one
-- is applied in a subtransaction, so that a broken one harms no other. Stock is locked after all
-- orders and holds: an event that moves its order, and with it stock, is the last one of a call.
create or replace function payment.process_provider_events(p_limit integer default 100)
returns table (provider text, event_id text, status text, reason text, error text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_event payment.provider_events;
    v_order_id bigint;
    v_order_status text;
begin
    if p_limit is null or p_limit not between 1 and 10000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of events from 1 to 10000'
        ));
    end if;
    for v_event in
        select e.*
        from payment.provider_events as e
        where e.status = 'waiting' and e.next_try_at <= statement_timestamp()
        order by e.next_try_at
        limit p_limit
        for no key update skip locked
    loop
        v_order_id := payment.event_order_id(v_event.provider, v_event.payload);
        if v_order_id is not null then
            select o.status into v_order_status
            from orders.orders as o
            where o.order_id = v_order_id
            for no key update skip locked;
            continue when not found;
        end if;
        provider := v_event.provider;
        event_id := v_event.event_id;
        error := null;
        begin
            v_event := payment.try_event(v_event);
            perform payment.apply_waiting_events(v_event.order_id)
            where v_event.status = 'applied';
        exception
            when integrity_constraint_violation or data_exception or no_data_found
                or too_many_rows or sqlstate 'SH000' then
                error := sqlstate || ': ' || sqlerrm;
                update payment.provider_events as e
                set
                    tries = e.tries + 1,
                    reason = left(error, 500),
                    next_try_at = clock_timestamp() + interval '1 day'
                where e.provider = v_event.provider and e.event_id = v_event.event_id
                returning e.* into v_event;
        end;
        status := v_event.status;
        reason := v_event.reason;
        return next;
        exit when (
            select o.status from orders.orders as o where o.order_id = v_order_id
        ) <> v_order_status;
    end loop;
end;
$function$;

comment on function payment.process_provider_events(integer) is
'Applies up to p_limit (1 to 10,000) events that wait in the inbox and are due for another try;
returns a row an event with what became of it, or the error that kept it from being applied, which
is tried again a day later. Events whose order is in use are left out. A call is one transaction,
and ends after an event that has moved its order to another status; repeat it until it returns no
row. Errors: INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function payment.process_provider_events(integer) to payment_service;
