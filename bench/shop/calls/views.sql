-- flow: an application lists what the catalogue's views show
select p.public_id, p.product_id
from product.products as p
inner join product.variants as v on v.product_id = p.product_id
where v.sku = %(sku)s;
select * from product.variant_list as v where v.sku = %(sku)s;
select * from product.variant_list as v where v.product_id = %(product_id)s;
select * from product.variant_list as v where v.product_public_id = %(public_id)s;
select * from product.variant_admin_list as v where v.barcode = %(barcode)s;
select * from product.product_list as p where p.code = %(code)s;
select * from product.product_admin_list as p where p.tags @> array['tag-7'] limit 20;
select * from product.product_admin_list as p where p.metadata @> '{"season": "winter-7"}';
select * from product.image_list as i where i.product_code = %(code)s and i.is_primary;
select * from product.option_list as o where o.product_code = %(code)s;
select * from product.specification_list as s where s.product_code = %(code)s;
select * from product.price_schedule as p where p.sku = %(sku)s;
select * from product.price_change_list as p where p.sku = %(sku)s;
select * from product.review_list as r where r.product_code = %(code)s;
select * from product.review_moderation_list as r
where r.status = 'pending' order by r.created_at limit 20;
select * from product.supplier_reference_list as s where s.supplier = 'SUP7' and s.reference = 'R-6';
select * from product.content_version_list as c where c.code = %(code)s;
select * from product.content_draft_list as c where c.code = %(code)s;

-- flow: an application lists what the views of people and carts show
select u.public_id from account.users as u where u.user_id = %(user)s;
select * from account.user_profiles as u where u.public_id = %(public_id)s;
select * from account.address_list as a where a.user_id = %(user)s;
select c.public_id from cart.carts as c where c.cart_id = %(user)s;
select * from cart.cart_list as c where c.public_id = %(public_id)s;
select * from cart.cart_item_list as i where i.cart_id = %(user)s;

-- flow: a warehouse lists what its views show
select v.variant_id from product.variants as v where v.sku = %(hot)s;
select * from inventory.stock_levels as s where s.variant_id = %(variant_id)s;
select * from inventory.stock_levels as s where s.sku = %(hot)s;
select * from inventory.stock_totals as s where s.sku = %(hot)s;
select * from inventory.movement_list as m where m.sku = %(hot)s;
select * from inventory.reservation_list as r where r.sku = %(hot)s;
select * from inventory.alert_list as a where a.sku = %(low)s;
select * from inventory.transfer_list as t where t.sku = %(sku)s;
select * from inventory.transfer_list as t
where t.variant_id = %(variant_id)s and t.transfer_id = 1;
select * from inventory.supplier_list as s where s.code = 'SUP7';
select * from inventory.supplier_list as s where s.supplier_id = 7;
select * from inventory.supplier_item_list as s where s.supplier = 'SUP7' and s.sku = %(sku)s;
select * from inventory.receipt_list as r where r.sku = %(sku)s;
select * from inventory.receipt_list as r where r.variant_id = %(variant_id)s and r.receipt_id = 1;
select * from inventory.stock_count_list as c where c.count_id = 1;
select * from inventory.stock_count_line_list as c where c.count_id = 1 and c.sku = %(sku)s;

-- flow: an application lists what the views of orders and payments show
select o.order_number, o.order_id, p.public_id as payment
from orders.orders as o
inner join payment.payments as p on p.order_id = o.order_id
where o.order_id between %(paid)s and %(paid)s + 1000
order by o.order_id
limit 1;
select * from orders.order_list as o where o.order_number = %(order_number)s;
select * from orders.order_list as o where o.user_id = %(buyer)s;
select * from orders.order_contact_list as o where o.order_number = %(order_number)s;
select * from orders.order_item_list as i where i.order_number = %(order_number)s;
select * from orders.order_adjustment_list as a where a.order_number = %(order_number)s;
select * from orders.order_status_list as h where h.order_number = %(order_number)s;
select * from orders.order_credit_list as c where c.order_number = %(order_number)s;
select * from orders.order_fulfillment_list as f where f.order_number = %(order_number)s;
select * from orders.fulfillment_item_list as f where f.order_number = %(order_number)s;
select * from orders.order_note_list as n where n.order_number = %(order_number)s;
select * from orders.order_return_list as r where r.order_number = %(order_number)s;
select * from orders.order_return_list as r
where r.status = 'requested' order by r.requested_at limit 20;
select * from orders.return_item_list as r where r.order_number = %(order_number)s;
select * from payment.payment_list as p where p.order_number = %(order_number)s;
select * from payment.payment_list as p where p.payment = %(payment)s;
select * from payment.payment_transaction_list as t where t.order_number = %(order_number)s;
select * from payment.payment_method_list as m where m.user_id = %(user)s;
select * from payment.refund_list as r where r.order_number = %(order_number)s;
select * from payment.refund_list as r where r.status = 'requested' order by r.requested_at limit 20;
select * from payment.dispute_list as d where d.order_number = %(order_number)s;
select * from payment.dispute_list as d where d.status = 'needs_response';
select * from payment.evidence_list as e where e.order_id = %(order_id)s;
select * from payment.provider_event_list as e where e.provider = 'stripe' and e.event_id = 'E7';
select * from payment.provider_event_list as e where e.status = 'waiting';
select * from payment.payment_analytics_list as a where a.day = current_date;
