-- Forget what providers reported long ago and what was done with it, in batches beside live
-- traffic; with it goes what they sent along of people.
--
-- The inbox tells a repeated delivery for as long as providers repeat. One that comes later still
-- changes nothing: what it led to has its reference in the transactions, where it counts once.
-- Events that wait, or are left to people, stay.
create or replace function payment.cleanup_provider_events(p_limit integer default 1000)
returns table (provider text, event_id text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_before constant timestamptz := statement_timestamp()
        - core.rule('provider_event_days')::double precision * interval '1 day';
begin
    if p_limit is null or p_limit not between 1 and 100000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of events from 1 to 100000'
        ));
    end if;
    return query
    with due as (
        select e.provider, e.event_id
        from payment.provider_events as e
        where e.processed_at < v_before
        order by e.processed_at
        limit p_limit
        for update skip locked
    )
    delete from payment.provider_events as e
    using due as d
    where e.provider = d.provider and e.event_id = d.event_id
    returning e.provider, e.event_id;
end;
$function$;

comment on function payment.cleanup_provider_events(integer) is
'Deletes up to p_limit (1 to 100,000) events of the inbox that were applied or ignored longer ago
than the rule provider_event_days, the oldest first; returns a row an event. None where the rule is
off. A call is one transaction; repeat it until it returns no row. Errors: INVALID_ARGUMENT.
Replica: no (writes).';
grant execute on function payment.cleanup_provider_events(integer) to payment_service;
