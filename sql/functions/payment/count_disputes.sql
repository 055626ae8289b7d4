-- Take from a locked payment what its disputes contest and could not take yet, because a refund was
-- on its way that has come to nothing.
create or replace function payment.count_disputes(p_order_id bigint, p_payment_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_before numeric;
    v_dispute payment.payment_disputes;
begin
    for v_dispute in
        select d.*
        from payment.payment_disputes as d
        where d.order_id = p_order_id and d.payment_id = p_payment_id and d.counted < d.amount
        and d.status in ('needs_response', 'under_review', 'lost')
        order by d.dispute_id
    loop
        v_before := v_dispute.counted;
        v_dispute := payment.take_dispute(
            payment.lock_payment(p_order_id, p_payment_id), v_dispute, null
        );
        if v_dispute.counted > v_before then
            update payment.payment_disputes as d
            set
                version = d.version + 1,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            where d.order_id = p_order_id and d.dispute_id = v_dispute.dispute_id
            returning d.* into v_dispute;
            perform payment.emit_dispute('dispute.counted', v_dispute);
        end if;
    end loop;
end;
$function$;

comment on function payment.count_disputes(bigint, bigint) is
'Counts what open or lost disputes of a payment contest, as far as there is money for it now.';
