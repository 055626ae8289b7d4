-- Which step of a refund a provider's event is about. A reversal has a reference of its own, and
-- names the refund by that of the refund.
create or replace function payment.event_refund(p_provider text, p_event jsonb)
returns payment.payment_transactions
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_transaction payment.payment_transactions := payment.find_reference(
        p_provider, 'refund',
        case
            when p_event ->> 'kind' = 'refund.reversed'
            then coalesce(p_event ->> 'original_ref', p_event ->> 'provider_ref')
            else p_event ->> 'provider_ref'
        end
    );
begin
    if v_transaction.transaction_id is null and p_event ? 'transaction' then
        select t.* into v_transaction
        from payment.payment_transactions as t
        where t.public_id = (p_event ->> 'transaction')::uuid and t.kind = 'refund'
        and t.provider = p_provider;
    end if;
    return v_transaction;
end;
$function$;

comment on function payment.event_refund(text, jsonb) is
'The step of a refund that an event of a provider is about, not locked; null where it is not known
(yet).';
