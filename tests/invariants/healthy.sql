-- A shop in which every invariant has something to look at, made by calls of the functions; but for
-- an order that was forgotten for a day.
select core.set_context('staff:anna', 'healthy');

-- Ann has addresses, a password and a cart; Ben has left; Cid writes reviews.
select account.register_user('ann@example.com', 'Ann', '+14155550100');
select account.register_user('ben@example.com', 'Ben');
select account.register_user('cid@example.com', 'Cid', null, 'a key');
select account.add_address(
    u.user_id, k.kind,
    '{"recipient": "Ann", "line1": "1 High Street", "city": "London", "country": "GB"}'
)
from account.users as u
cross join (values ('shipping'), ('shipping'), ('billing')) as k (kind)
where u.email = 'ann@example.com';
select account.set_password(u.user_id, '$argon2id$' || repeat('h', 60))
from account.users as u
where u.email = 'ann@example.com';
select account.anonymise_user(u.user_id)
from account.users as u
where u.email = 'ben@example.com';

-- A catalogue: a tree, options, images, prices with a history, opinions.
select product.create_category('kitchen', 'Kitchen');
select product.create_category('pans', 'Pans', 'kitchen');
select product.create_product('TRAY', '{
    "name": "Tray", "category": "pans",
    "options": [{"name": "Size", "values": ["S", "L"]}],
    "images": [{"url": "/1.jpg"}, {"url": "/2.jpg"}]
}');
select product.create_variant(
    'TRAY', '{"sku": "TRAY-S", "name": "Small", "options": {"Size": "S"}}', 1
);
select product.set_price('TRAY-S', 'EUR', 5, 0);
select product.set_price('TRAY-S', 'EUR', 6, 1);
select product.create_price_list('sale', 'Sale', 10);
select product.schedule_price(
    'TRAY-S', 'EUR', 4, '2040-01-01 00:00+00', '2040-02-01 00:00+00', 'sale'
);
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "JAM", "name": "Jam", "price": 4, "currency": "EUR"}
]');

-- Stock at two places: bought, counted, moved, lost, low.
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[
    {"sku": "MUG", "quantity": 100}, {"sku": "POT", "quantity": 100},
    {"sku": "JAM", "quantity": 3}, {"sku": "TRAY-S", "quantity": 10}
]');
select inventory.split_buckets('POT', 3);
select inventory.transfer_stock('[{"sku": "MUG", "quantity": 10}]', 'MAIN', 'TOWN');
select inventory.set_supplier('ACME', 'Acme', 3, 0);
select inventory.receive_from_supplier('ACME', '[{"sku": "POT", "quantity": 9}]', '2026-01-05');
select inventory.record_damage('POT', 2, 0, i.version, 'broken')
from inventory.inventory as i
inner join product.variants as v on v.variant_id = i.variant_id
where v.sku = 'POT';
select inventory.start_stock_count();
select inventory.record_stock_count(c.count_id, '[{"sku": "MUG", "counted": 89}]')
from inventory.stock_counts as c;
select inventory.post_stock_count(c.count_id, c.version)
from inventory.stock_counts as c;
select inventory.refresh_alerts();

-- Promises: held, sold and shipped in part, let go, forgotten; and carts that hold some.
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 2}]', 'session:holder');
select inventory.commit_reservations(array[r.reservation])
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 3}]', 'session:buyer') as r;
select inventory.ship_reservations(jsonb_build_array(jsonb_build_object(
    'reservation', r.variant_id || '-' || r.reservation_id, 'quantity', 2
)))
from inventory.inventory_reservations as r
where r.status = 'consumed';
select inventory.release_reservations(array[r.reservation])
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:holder') as r;
select cart.add_item_to_cart('user:' || u.user_id, 'JAM', 1, 'EUR')
from account.users as u
where u.email = 'ann@example.com';
select cart.reserve_cart('user:' || u.user_id)
from account.users as u
where u.email = 'ann@example.com';
select cart.add_item_to_cart('session:guest', 'MUG', 1, 'EUR');
select cart.merge_carts('guest', u.user_id)
from account.users as u
where u.email = 'ann@example.com';

-- Orders: one in each state, paid in every way, and what became of their money.
create function pg_temp.buy(p_owner text, p_items jsonb, p_outcome text) returns text
language plpgsql as $buy$
declare
    v_order text := (
        select o.order_number
        from orders.place_order(
            p_owner, 'EUR', p_items, '{
                "email": "someone@example.com", "shipping": {"method": "post", "amount": 5},
                "discounts": [{"code": "TENTH", "rate": 0.1}],
                "taxes": [{"name": "VAT", "rate": 0.2}]
            }'
        ) as o
    );
begin
    perform payment.process_payment_authorization(
        b.transaction, p_outcome, case when p_outcome <> 'declined' then 'auth ' || v_order end,
        p_is_final => true
    )
    from payment.begin_payment(v_order, 'acme') as b
    where p_outcome is not null;
    return v_order;
end;
$buy$;

do $orders$
declare
    v_cid constant text := 'user:' || (
        select u.user_id from account.users as u where u.email = 'cid@example.com'
    );
    v_order text;
    v_payment uuid;
    v_refund record;
    v_step uuid;
    v_dispute uuid;
begin
    -- From a cart, pending; one that waits for a provider; one that nobody paid.
    perform cart.add_item_to_cart(v_cid, 'MUG', 2, 'EUR');
    perform cart.reserve_cart(v_cid);
    perform orders.place_cart_order(v_cid);
    perform payment.begin_payment(
        pg_temp.buy('session:thinks', '[{"sku": "MUG", "quantity": 2}]', null), 'acme'
    );
    v_order := pg_temp.buy('session:forgot', '[{"sku": "MUG", "quantity": 3}]', null);
    update orders.orders as o
    set
        placed_at = o.placed_at - interval '1 day',
        expires_at = o.expires_at - interval '1 day'
    where o.order_number = v_order;
    update orders.order_status_history as h
    set created_at = h.created_at - interval '1 day'
    from orders.orders as o
    where o.order_number = v_order and h.order_id = o.order_id;
    perform orders.cleanup_expired_orders();
    -- Paid and not sent; declined for good; at an agreed price.
    perform pg_temp.buy(v_cid, '[{"sku": "POT", "quantity": 2}]', 'approved');
    perform pg_temp.buy('session:poor', '[{"sku": "POT", "quantity": 1}]', 'declined');
    perform orders.place_agreed_order(
        'session:firm', 'EUR', '[{"sku": "POT", "quantity": 10, "unit_price": 20}]', 'a quote'
    );

    -- Bought, sent in two parcels, in part brought back, and reviewed.
    v_order := pg_temp.buy(
        v_cid, '[{"sku": "MUG", "quantity": 5}, {"sku": "POT", "quantity": 2}]', 'captured'
    );
    perform orders.cancel_order(v_order, '[{"sku": "MUG", "quantity": 1}]', 'one too many');
    perform orders.pack_order(v_order, '[{"sku": "POT"}]');
    perform orders.ship_order(v_order, '[{"sku": "MUG"}]', 'Post', 'P1');
    perform orders.ship_order(v_order, p_fulfillment_no => 1);
    perform orders.deliver_fulfillment(v_order);
    perform orders.request_return(v_order, '[{"sku": "MUG", "quantity": 3}]', 'too small');
    perform orders.decide_return(v_order, 1, 'approved');
    perform orders.receive_return(v_order, 1, '[
        {"sku": "MUG", "quantity": 1, "disposition": "restock"},
        {"sku": "MUG", "quantity": 1, "disposition": "damaged"},
        {"sku": "MUG", "quantity": 1, "disposition": "written_off"}
    ]');
    perform orders.request_return(v_order, '[{"sku": "POT", "quantity": 1}]', 'broken');
    perform orders.add_order_note(v_order, 'Was friendly.');
    for v_refund in select r.* from payment.refunds as r where r.status = 'approved' loop
        v_step := (select b.transaction from payment.begin_refund(v_refund.public_id) as b);
        perform payment.record_refund(v_step, 'succeeded', 'refund ' || v_refund.refund_id);
    end loop;
    perform payment.record_settlement(p.public_id, 'settled', 50, 1.20)
    from payment.payments as p
    inner join orders.orders as o on o.order_id = p.order_id
    where o.order_number = v_order;
    perform product.moderate_review(r.review, 'approved', 1)
    from product.submit_review(substr(v_cid, 6)::bigint, 'MUG', 4) as r;

    -- Sent in part; a parcel that came back; captured in part.
    v_order := pg_temp.buy('session:far', '[{"sku": "POT", "quantity": 3}]', 'approved');
    perform orders.ship_order(v_order, '[{"sku": "POT", "quantity": 2}]');
    perform orders.fail_fulfillment(v_order, 1, 'nobody there');
    perform orders.return_fulfillment(v_order, 1);
    v_step := (
        select b.transaction
        from payment.payments as p
        inner join orders.orders as o on o.order_id = p.order_id
        cross join lateral payment.begin_capture(p.public_id, 10) as b
        where o.order_number = v_order
    );
    perform payment.record_capture(v_step, 'succeeded', 'capture');

    -- Cancelled when it was paid; disputed, and won; disputed, and lost.
    v_order := pg_temp.buy('session:sorry', '[{"sku": "POT", "quantity": 1}]', 'captured');
    perform orders.cancel_order(v_order);
    for v_order in
        select pg_temp.buy('session:' || n.n, '[{"sku": "POT", "quantity": 1}]', 'captured')
        from generate_series(1, 2) as n (n)
    loop
        v_payment := (
            select p.public_id
            from payment.payments as p
            inner join orders.orders as o on o.order_id = p.order_id
            where o.order_number = v_order
        );
        v_dispute := (
            select d.dispute
            from payment.open_dispute(v_payment, 'dispute ' || v_order, 'fraudulent') as d
        );
        perform payment.add_evidence(v_dispute, 'receipt', 'It was signed for.');
        perform payment.submit_evidence(v_dispute);
        perform payment.resolve_dispute(
            v_dispute,
            case when exists (
                select from payment.payment_disputes as d where d.status = 'won'
            ) then 'lost' else 'won' end
        );
    end loop;
    perform payment.add_payment_method(
        substr(v_cid, 6)::bigint, 'acme', 'card', 'tok_' || n.n, p_last4 => '4242'
    )
    from generate_series(1, 2) as n (n);
    perform payment.receive_provider_event(
        'acme', 'event', '{"kind": "refund.succeeded", "provider_ref": "x", "amount": 1}'
    );
end;
$orders$;
select orders.roll_up_sales();
select payment.roll_up_payment_analytics();
select inventory.rebuild_analytics();
