-- End authorisations that providers no longer keep, and attempts that nobody answered, beside live
-- traffic.
--
-- An order that is in use is left for the next time. An order whose last attempt ends here is not
-- ended with it: it waits no longer for an answer, so that orders.cleanup_expired_orders does that.
create or replace function payment.cleanup_expired_payments(p_limit integer default 1000)
returns table (payment uuid, what text, amount numeric, error text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_due record;
    v_payment payment.payments;
    v_transaction payment.payment_transactions;
begin
    if p_limit is null or p_limit not between 1 and 100000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of payments from 1 to 100000'
        ));
    end if;
    for v_due in
        select d.order_id, d.payment_id, d.what
        from (
            (
                select p.order_id, p.payment_id, 'expired' as what, p.auth_expires_at as due_at
                from payment.payments as p
                where p.authorized > p.captured and p.auth_expires_at <= statement_timestamp()
                order by p.auth_expires_at
                limit p_limit
            )
            union all
            (
                select t.order_id, t.payment_id, 'unanswered', t.claimed_until
                from payment.payment_transactions as t
                where t.kind = 'authorize'
                and t.status in ('pending', 'timed_out')
                and t.claimed_until <= statement_timestamp()
                order by t.claimed_until
                limit p_limit
            )
        ) as d
        order by d.due_at
        limit p_limit
    loop
        perform
        from orders.orders as o
        where o.order_id = v_due.order_id
        for no key update skip locked;
        continue when not found;
        v_payment := payment.lock_payment(v_due.order_id, v_due.payment_id);
        payment := v_payment.public_id;
        what := v_due.what;
        amount := 0;
        error := null;
        begin
            if v_due.what = 'expired' then
                -- As it is now: somebody may have captured it in the meantime.
                continue when v_payment.authorized = v_payment.captured
                or v_payment.auth_expires_at > clock_timestamp();
                amount := v_payment.authorized - v_payment.captured;
                perform payment.expire_authorization(v_payment);
            else
                select t.* into v_transaction
                from payment.payment_transactions as t
                where t.order_id = v_due.order_id
                and t.payment_id = v_due.payment_id
                and t.kind = 'authorize'
                and t.status in ('pending', 'timed_out')
                and t.claimed_until <= clock_timestamp();
                continue when not found;
                amount := v_transaction.amount;
                perform payment.close_transaction(
                    v_transaction, 'failed', null, null,
                    coalesce(v_transaction.error_code, 'no_answer'), v_transaction.error_reason
                );
                v_payment.phase := 'failed';
                perform payment.write_payment(
                    v_payment, 'payment.failed', jsonb_build_object(
                        'transaction', v_transaction.public_id,
                        'error_code', coalesce(v_transaction.error_code, 'no_answer'),
                        'is_final', false
                    )
                );
            end if;
            -- Other orders follow: no stock is locked before they are.
            perform orders.record_money(v_due.order_id, false);
        exception
            when integrity_constraint_violation or data_exception or no_data_found
                or sqlstate 'SH000' then
                error := sqlstate || ': ' || sqlerrm;
        end;
        return next;
    end loop;
end;
$function$;

comment on function payment.cleanup_expired_payments(integer) is
'Ends up to p_limit (1 to 100,000) authorisations that providers no longer keep (what is left of
them is no longer authorised) and attempts whose outcome nobody recorded before claimed_until (they
have failed, until the provider says otherwise). Returns a row a payment with what it was, or the
error that kept it as it was. Orders in use are left out. A call is one transaction; repeat it until
it returns no row without an error. Errors: INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function payment.cleanup_expired_payments(integer) to payment_service;
