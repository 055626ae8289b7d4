-- Try a locked event of the inbox and write down what became of it.
create or replace function payment.try_event(p_event payment.provider_events)
returns payment.provider_events
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_result constant record := payment.apply_event((p_event).provider, (p_event).payload);
    v_tries constant integer := (p_event).tries + 1;
    v_status text;
    v_event payment.provider_events;
begin
    v_status := case
        when v_result.verdict = 'refused' then 'ignored'
        when v_result.verdict = 'waiting'
        and v_tries >= core.rule('provider_event_tries_max') then 'given_up'
        else v_result.verdict
    end;
    update payment.provider_events as e
    set
        status = v_status,
        reason = v_result.reason,
        -- It may wait for people for long. What the provider sent along of others is not kept so
        -- long; the provider has it, under the event's name.
        payload = case v_status when 'given_up' then e.payload - 'raw' else e.payload end,
        order_id = coalesce(v_result.order_id, e.order_id),
        tries = v_tries,
        next_try_at = case when v_status = 'waiting' then
            clock_timestamp() + least(
                coalesce(core.rule('provider_event_retry_minutes'), 5)::double precision
                * power(2, least(v_tries - 1, 12)) * interval '1 minute',
                interval '1 day'
            )
        end,
        processed_at = case when v_status in ('applied', 'ignored') then clock_timestamp() end
    where e.provider = (p_event).provider and e.event_id = (p_event).event_id
    returning e.* into strict v_event;
    return v_event;
end;
$function$;

comment on function payment.try_event(payment.provider_events) is
'Applies a locked event and writes its state: applied, ignored, waiting for the next try (each after
twice as long as the one before, at most a day) or, after the rule provider_event_tries_max, given
up, without what the provider sent along as raw. Returns the row.';
