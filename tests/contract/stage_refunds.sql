-- Orders of three tankards that are paid, with refunds and disputes in the states that a call of
-- refund_calls.py asks for.
select product.import_products('[
    {"sku": "TANKARD", "name": "Tankard", "price": 10, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "TANKARD", "quantity": 100}]');
create function pg_temp.sell(p_name text)
returns text
language sql
as $function$
    with placed as (
        select o.order_number
        from orders.place_order('session:eater', 'EUR', '[{"sku": "TANKARD", "quantity": 3}]') as o
    ),
    paid as (
        select
            p.order_number,
            r.payment
        from placed as p
        cross join lateral payment.begin_payment(p.order_number, 'acme') as b
        cross join lateral payment.process_payment_authorization(
            b.transaction, 'captured', 'ref-' || b.transaction
        ) as r
    ),
    kept as (
        insert into handles
        select
            p_name || h.suffix,
            h.handle
        from paid as p
        cross join lateral (
            values ('_order', p.order_number), ('_payment', p.payment::text)
        ) as h (suffix, handle)
    )
    select p.order_number from paid as p;
$function$;
create function pg_temp.keep(p_name text, p_handle uuid)
returns uuid
language sql
as $function$
    insert into handles values (p_name, p_handle) returning handle::uuid;
$function$;

select pg_temp.sell('sold');
select pg_temp.keep('requested_refund', r.refund)
from payment.request_refund(pg_temp.sell('requested'), 12) as r;
select payment.decide_refund(pg_temp.keep('approved_refund', r.refund), 'approved')
from payment.request_refund(pg_temp.sell('approved'), 12) as r;
select pg_temp.keep('refund_step', b.transaction)
from payment.request_refund(pg_temp.sell('begun'), 12) as r
cross join lateral payment.decide_refund(r.refund, 'approved') as d
cross join lateral payment.begin_refund(d.refund) as b;
select payment.record_refund(b.transaction, 'succeeded', 're_1')
from payment.request_refund(pg_temp.sell('refunded'), 12) as r
cross join lateral payment.decide_refund(pg_temp.keep('done_refund', r.refund), 'approved') as d
cross join lateral payment.begin_refund(d.refund) as b;

select pg_temp.sell('contested');
select payment.add_evidence(pg_temp.keep('dispute', d.dispute), 'receipt', 'Signed for.')
from handles as h
cross join lateral payment.open_dispute(h.handle::uuid, 'dp_1', 'fraudulent', 20) as d
where h.name = 'contested_payment';
select pg_temp.sell('overdue');
select payment.open_dispute(h.handle::uuid, 'dp_2', 'general')
from handles as h
where h.name = 'overdue_payment';
update payment.payment_disputes as d
set evidence_due_at = clock_timestamp() - interval '1 second'
where d.provider_dispute_id = 'dp_2';
