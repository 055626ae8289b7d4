-- Empty what people wrote beside the money of locked orders. No amount, state or version changes,
-- and no event has ever had these words.
--
-- Evidence of a dispute is kept as long as the dispute is open, because a claim is defended with
-- it; it goes with its end.
create or replace function payment.erase_words(p_order_ids bigint[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    update payment.refunds as r
    set note = null
    where r.order_id = any (p_order_ids) and r.note is not null;
    update payment.dispute_evidence as e
    set body = null, file_uri = null, erased_at = clock_timestamp()
    from payment.payment_disputes as d
    where e.order_id = any (p_order_ids) and e.erased_at is null
    and d.order_id = e.order_id and d.dispute_id = e.dispute_id and d.closed_at is not null;
end;
$function$;

comment on function payment.erase_words(bigint[]) is
'Empties the notes of refunds and the evidence of disputes that are over, of orders that the person
is taken out of.';
