-- Ask for money back. It is set aside at once, so that two who ask do not get the same money; the
-- provider is asked once somebody has approved it.
create or replace function payment.request_refund(
    p_order_number text,
    p_amount numeric default null,
    p_reason_code text default 'requested_by_customer',
    p_note text default null,
    p_payment uuid default null,
    p_return_no integer default null,
    p_idempotency_key text default null
)
returns table (
    refund uuid, payment uuid, status text, amount numeric, currency text, refunded numeric,
    refund_pending numeric, refundable numeric, version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    c_scope constant text := 'payment.request_refund';
    v_response jsonb;
    v_order orders.orders;
    v_payment payment.payments;
    v_refundable numeric := 0;
    v_rest numeric;
    v_part numeric;
begin
    if p_reason_code is null or p_reason_code not in (
        'requested_by_customer', 'returned', 'cancelled', 'duplicate', 'goodwill', 'fraudulent',
        'other'
    ) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_reason_code',
            'expected', 'requested_by_customer, returned, cancelled, duplicate, goodwill, '
            || 'fraudulent or other'
        ));
    end if;
    perform payment.check_note(p_note);

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'amount', trim_scale(p_amount),
        'reason_code', p_reason_code, 'note', p_note, 'payment', p_payment,
        'return_no', p_return_no
    ));
    if v_response is null then
        v_order := orders.find_order(p_order_number);
        perform payment.check_amount('p_amount', p_amount, v_order.currency);
        v_order := orders.lock_order(v_order.order_id);
        if p_payment is not null and not exists (
            select
            from payment.payments as p
            where p.order_id = v_order.order_id and p.public_id = p_payment
        ) then
            perform core.refuse('SHM01', jsonb_build_object('payment', p_payment));
        end if;
        if p_return_no is not null and not exists (
            select
            from orders.order_returns as r
            where r.order_id = v_order.order_id and r.return_no = p_return_no
        ) then
            perform core.refuse('SHO36', jsonb_build_object(
                'order_number', v_order.order_number, 'return_no', p_return_no
            ));
        end if;
        select coalesce(sum(payment.refundable(p)), 0) into v_refundable
        from payment.payments as p
        where p.order_id = v_order.order_id and p.public_id = coalesce(p_payment, p.public_id);
        v_rest := coalesce(p_amount, v_refundable);
        if v_rest = 0 or v_rest > v_refundable then
            perform core.refuse('SHM30', jsonb_build_object(
                'order_number', v_order.order_number, 'requested', p_amount,
                'refundable', v_refundable, 'currency', v_order.currency
            ));
        end if;
        v_response := '[]';
        for v_payment in
            select p.*
            from payment.payments as p
            where p.order_id = v_order.order_id
            and p.public_id = coalesce(p_payment, p.public_id) and payment.refundable(p) > 0
            order by p.payment_id desc
        loop
            v_part := least(v_rest, payment.refundable(v_payment));
            exit when v_part = 0;
            v_response := v_response || payment.refund_row(payment.open_refund(
                v_payment, v_part, p_reason_code, p_note, 'requested', p_return_no
            ));
            v_rest := v_rest - v_part;
        end loop;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        refund uuid, payment uuid, status text, amount numeric, currency text, refunded numeric,
        refund_pending numeric, refundable numeric, version bigint
    );
end;
$function$;

comment on function
payment.request_refund(text, numeric, text, text, uuid, integer, text) is
'Asks for money of an order back: an amount in its currency, or (null) all that can be, of one
payment or of the newest ones first, with a reason (requested_by_customer, returned, cancelled,
duplicate, goodwill, fraudulent or other), a note of up to 1,000 characters and the return that it
is for. Returns a row a refund; payment.decide_refund approves it. What is asked for is set aside at
once. A refund of goodwill is not set off against what is credited later. Errors: ORDER_NOT_FOUND,
PAYMENT_NOT_FOUND, RETURN_NOT_FOUND, REFUND_EXCEEDS_PAYMENT, IDEMPOTENCY_KEY_REUSED,
INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function
payment.request_refund(text, numeric, text, text, uuid, integer, text) to payment_service;
