-- Which order a provider's event is about, so that a job can lock it before it applies the event:
-- what the functions that apply it will find, by the same keys.
create or replace function payment.event_order_id(p_provider text, p_event jsonb)
returns bigint
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select coalesce(
    case split_part(p_event ->> 'kind', '.', 1)
        when 'refund' then (payment.event_refund(p_provider, p_event)).order_id
        when 'dispute' then (
            select d.order_id
            from payment.payment_disputes as d
            where d.provider = p_provider and d.provider_dispute_id = p_event ->> 'dispute'
        )
    end,
    (payment.event_payment(p_provider, p_event)).order_id
)
$function$;

comment on function payment.event_order_id(text, jsonb) is
'The order that an event of a provider is about, not locked; null where it is not known (yet).';
