-- Orders: heads and lines, what explains their amounts, their history, and what becomes of them.
--
-- The sums of an order are proved by keys alone. Each line states the sums up to and with itself
-- and refers to the line before, and the head refers to its last line with the sums that it states.
-- What belongs to a line (discounts and taxes), and what is credited later, is tied to its head in
-- the same way. All these keys are deferrable, so that a data-only restore works.
--
-- First the role of editors. As in V10: another database of the cluster may be making the same one
-- at this moment, and a role that exists is never altered.

set local role shop_owner;

-- The owner of everything may make no schemas and no roles; whoever migrates may.
set local role none;
create schema orders authorization shop_owner;

do $roles$
declare
    v_statements text[] := '{}';
    v_refused text[] := '{}';
    v_statement text;
    v_role record;
begin
    for v_role in
        select r.editor, r.service
        from (
            values ('orders_editor', 'orders_service')
        ) as r (editor, service)
    loop
        if pg_catalog.to_regrole(v_role.editor) is null then
            v_statements := v_statements
                || pg_catalog.format('create role %I nologin', v_role.editor);
        end if;
        if not exists (
            select
            from pg_catalog.pg_auth_members as m
            where m.roleid = pg_catalog.to_regrole(v_role.service)
            and m.member = pg_catalog.to_regrole(v_role.editor)
        ) then
            v_statements := v_statements
                || pg_catalog.format('grant %I to %I', v_role.service, v_role.editor);
        end if;
    end loop;

    foreach v_statement in array v_statements loop
        for v_attempt in 1..20 loop
            begin
                execute v_statement;
                exit;
            exception
                when duplicate_object or unique_violation then
                    exit;
                when insufficient_privilege or undefined_object then
                    v_refused := v_refused || v_statement;
                    exit;
                when internal_error then
                    -- "tuple concurrently updated": another database's runner was a moment earlier.
                    if v_attempt = 20 then
                        raise;
                    end if;
                    perform pg_catalog.pg_sleep(0.05 * v_attempt);
            end;
        end loop;
    end loop;
    if pg_catalog.cardinality(v_refused) > 0 then
        raise exception 'roles or memberships are missing, and % may not make them', current_user
            using errcode = 'insufficient_privilege',
                  hint = 'Let an administrator run this once, then migrate again: '
                      || pg_catalog.array_to_string(v_refused, '; ') || ';';
    end if;
end;
$roles$;

set local role shop_owner;

comment on schema orders is 'Orders, from placing to the return of what was bought.';
grant usage on schema orders to orders_service;

create table orders.orders (
    order_id bigint generated always as identity (start with 1000000001),
    order_number text not null,
    cart_id bigint,
    user_id bigint,
    guest_owner text,
    source text not null,
    status text not null default 'pending',
    status_seq integer not null default 1,
    payment_status text not null default 'unpaid',
    fulfillment_status text not null default 'unfulfilled',
    currency text not null,
    exponent smallint not null,
    prices_include_tax boolean not null,
    line_count integer not null,
    unit_count bigint not null,
    subtotal numeric(19, 4) not null,
    discount_total numeric(19, 4) not null,
    tax_total numeric(19, 4) not null,
    shipping_method text,
    shipping_total numeric(19, 4) not null default 0,
    shipping_discount numeric(19, 4) not null default 0,
    shipping_tax_rate numeric(9, 6) not null default 0,
    shipping_tax numeric(19, 4) not null default 0,
    total numeric(19, 4) not null generated always as (
        subtotal - discount_total + shipping_total - shipping_discount
        + case when prices_include_tax then 0 else tax_total + shipping_tax end
    ) stored,
    credit_count integer not null default 0,
    last_credit_no integer generated always as (nullif(credit_count, 0)) stored,
    credit_total numeric(19, 4) not null default 0,
    total_min numeric(19, 4),
    total_max numeric(19, 4),
    lines_max integer,
    units_max integer,
    pending_slot integer,
    pending_slots_max integer,
    expires_at timestamptz not null,
    placed_at timestamptz not null,
    confirmed_at timestamptz,
    processing_at timestamptz,
    shipped_at timestamptz,
    delivered_at timestamptz,
    completed_at timestamptz,
    cancelled_at timestamptz,
    expired_at timestamptz,
    paid_at timestamptz,
    cancel_reason text,
    version bigint not null default 1,
    updated_at timestamptz not null,
    created_by text not null,
    updated_by text not null,
    request_id text,
    constraint orders_pkey primary key (order_id),
    constraint orders_order_number_key unique (order_number),
    constraint orders_cart_id_key unique (cart_id),
    constraint orders_order_id_currency_key unique (order_id, currency),
    constraint orders_cart_id_fkey foreign key (cart_id)
    references cart.carts (cart_id) on delete restrict,
    constraint orders_user_id_fkey foreign key (user_id)
    references account.users (user_id) on delete restrict,
    -- No key to core.currencies: every order would lock the same row of it.
    constraint orders_names_check check (
        pg_catalog.length(order_number) between 8 and 40 and pg_catalog.length(currency) = 3
        and exponent between 0 and 4 and source in ('cart', 'items', 'agreed')
        and (source = 'cart') = (cart_id is not null)
        and pg_catalog.num_nonnulls(user_id, guest_owner) <= 1
        and pg_catalog.length(guest_owner) = 72
        and pg_catalog.length(shipping_method) between 1 and 200
        and pg_catalog.length(cancel_reason) between 1 and 500
    ),
    constraint orders_payment_status_check check (
        payment_status in (
            'unpaid', 'partially_authorized', 'authorized', 'partially_paid', 'paid',
            'partially_refunded', 'refunded', 'disputed'
        )
    ),
    constraint orders_fulfillment_status_check check (
        fulfillment_status in (
            'unfulfilled', 'partially_shipped', 'shipped', 'partially_delivered', 'delivered',
            'partially_returned', 'returned', 'cancelled'
        )
    ),
    constraint orders_status_and_times_check check (
        case status
            when 'pending' then pg_catalog.num_nonnulls(
                confirmed_at, processing_at, shipped_at, cancelled_at, expired_at
            ) = 0
            when 'confirmed' then confirmed_at is not null
            and pg_catalog.num_nonnulls(processing_at, shipped_at) = 0
            when 'processing' then pg_catalog.num_nulls(confirmed_at, processing_at) = 0
            and shipped_at is null
            when 'shipped' then pg_catalog.num_nulls(confirmed_at, shipped_at) = 0
            and delivered_at is null
            when 'delivered' then pg_catalog.num_nulls(confirmed_at, shipped_at, delivered_at) = 0
            and completed_at is null
            when 'completed' then pg_catalog.num_nulls(
                confirmed_at, shipped_at, delivered_at, completed_at
            ) = 0
            when 'cancelled' then cancelled_at is not null and delivered_at is null
            when 'expired' then expired_at is not null
            and pg_catalog.num_nonnulls(confirmed_at, processing_at, shipped_at) = 0
            else false
        end
        and (delivered_at is null or shipped_at is not null)
        and (completed_at is null or delivered_at is not null)
        and (cancelled_at is not null) = (status = 'cancelled')
        and (cancel_reason is null or status = 'cancelled')
    ),
    constraint orders_amounts_check check (
        subtotal >= 0 and discount_total between 0 and subtotal and tax_total >= 0
        and shipping_total >= 0 and shipping_discount between 0 and shipping_total
        and shipping_total = pg_catalog.round(shipping_total, exponent)
        and shipping_discount = pg_catalog.round(shipping_discount, exponent)
        and shipping_tax_rate between 0 and 1
        and shipping_tax = pg_catalog.round(
            (shipping_total - shipping_discount) * shipping_tax_rate
            / case when prices_include_tax then 1 + shipping_tax_rate else 1 end, exponent
        )
    ),
    -- What was in force when the order was placed; null is no limit.
    constraint orders_total_within_limits_check check (total between total_min and total_max),
    constraint orders_size_within_limits_check check (
        line_count >= 1 and unit_count >= 1 and line_count <= lines_max
        and unit_count <= units_max
    ),
    constraint orders_credits_within_total_check check (
        credit_count >= 0 and credit_total between 0 and total
        and (credit_count > 0 or credit_total = 0)
    ),
    -- A pending order sits in one of its user's numbered places; one that is not has left it.
    constraint orders_pending_slot_check check (
        case when status = 'pending' and user_id is not null and pending_slots_max is not null
            then pending_slot between 1 and pending_slots_max and pending_slot is not null
            else pending_slot is null
        end
    )
) with (fillfactor = 80);
comment on table orders.orders is
'Orders. Their amounts are those of their lines, their state that of their newest history row, and
the limits that were in force when they were placed go on holding for them.';
comment on column orders.orders.order_id is
'Key inside the database. Its stock is held for the owner order:<order_id>; the first billion is
left to orders that are kept elsewhere and hold stock here.';
comment on column orders.orders.order_number is
'Key shown to customers: random, so that it tells nobody how many orders there are.';
comment on column orders.orders.cart_id is 'The cart that it was placed from.';
comment on column orders.orders.user_id is 'Who bought; null for a guest.';
comment on column orders.orders.guest_owner is
'The guest who bought: session: and the SHA-256 of the session''s token, which is a secret.';
comment on column orders.orders.source is
'cart, items (a cart kept elsewhere) or agreed (at agreed prices).';
comment on column orders.orders.status is
'pending, confirmed, processing, shipped, delivered, completed, cancelled or expired.';
comment on column orders.orders.status_seq is
'Number of the newest history row, which states the same status.';
comment on column orders.orders.payment_status is 'What its payments come to.';
comment on column orders.orders.fulfillment_status is 'What its lines come to.';
comment on column orders.orders.currency is 'What its amounts are in.';
comment on column orders.orders.exponent is
'Digits after the point that the currency had when it was placed.';
comment on column orders.orders.prices_include_tax is
'Whether the taxes are a part of the prices, or come on top.';
comment on column orders.orders.line_count is 'Lines.';
comment on column orders.orders.unit_count is 'Units of all lines.';
comment on column orders.orders.subtotal is 'Sum of the lines before discounts and taxes.';
comment on column orders.orders.discount_total is 'Sum of the discounts of the lines.';
comment on column orders.orders.tax_total is 'Sum of the taxes of the lines.';
comment on column orders.orders.shipping_method is 'How it is to be sent.';
comment on column orders.orders.shipping_total is 'What sending costs before its discount.';
comment on column orders.orders.shipping_discount is 'What is taken off of that.';
comment on column orders.orders.shipping_tax_rate is 'Rate of the tax on sending: 0.2 is 20 %.';
comment on column orders.orders.shipping_tax is 'Tax on sending.';
comment on column orders.orders.total is 'What is to be paid.';
comment on column orders.orders.credit_count is 'Credits so far.';
comment on column orders.orders.last_credit_no is 'Number of the newest credit; null before any.';
comment on column orders.orders.credit_total is
'What no longer has to be paid, because units were cancelled or given back.';
comment on column orders.orders.total_min is 'The rule order_total_min when it was placed.';
comment on column orders.orders.total_max is 'The rule order_total_max when it was placed.';
comment on column orders.orders.lines_max is 'The rule order_lines_max when it was placed.';
comment on column orders.orders.units_max is 'The rule order_units_max when it was placed.';
comment on column orders.orders.pending_slot is
'Which of the user''s numbered places a pending order takes.';
comment on column orders.orders.pending_slots_max is
'The rule pending_orders_max when it was placed.';
comment on column orders.orders.expires_at is
'From then on a pending order ends, unless a payment is under way.';
comment on column orders.orders.placed_at is 'When it was placed.';
comment on column orders.orders.confirmed_at is 'When its payment was secured.';
comment on column orders.orders.processing_at is 'When it began to be packed.';
comment on column orders.orders.shipped_at is 'When the last of it had been sent.';
comment on column orders.orders.delivered_at is 'When the last of it had arrived.';
comment on column orders.orders.completed_at is 'When it was closed.';
comment on column orders.orders.cancelled_at is 'When it was cancelled.';
comment on column orders.orders.expired_at is
'When it expired; kept where a late payment revived it.';
comment on column orders.orders.paid_at is 'When what was due had been captured.';
comment on column orders.orders.cancel_reason is 'Why it was cancelled.';
comment on column orders.orders.version is 'Counts changes.';
comment on column orders.orders.updated_at is 'When it was last changed.';
comment on column orders.orders.created_by is 'The actor who placed it.';
comment on column orders.orders.updated_by is 'The actor of the last change.';
comment on column orders.orders.request_id is 'The request that it was placed for.';
comment on index orders.orders_pkey is 'For orders.lock_order, and the keys of all its parts.';
comment on index orders.orders_order_number_key is 'For orders.find_order.';
comment on index orders.orders_cart_id_key is
'For orders.place_cart_order: one order a cart; and the foreign key to carts.';
comment on index orders.orders_order_id_currency_key is
'For the foreign keys that keep one currency throughout an order and its payments.';

create unique index orders_pending_slot_key
on orders.orders (user_id, pending_slot) where status = 'pending';
comment on index orders.orders_pending_slot_key is
'For orders.draft_order: as many pending orders a user as there are places.';
create index orders_user_id_status_placed_at_idx
on orders.orders (user_id, status, placed_at, order_id);
comment on index orders.orders_user_id_status_placed_at_idx is
'For orders.list_orders, and the foreign key to users on delete.';
create index orders_guest_owner_idx
on orders.orders (guest_owner, placed_at, order_id) where guest_owner is not null;
comment on index orders.orders_guest_owner_idx is 'For orders.list_orders of a guest.';
create index orders_pending_idx
on orders.orders (expires_at, order_id) where status = 'pending';
comment on index orders.orders_pending_idx is
'For orders.cleanup_expired_orders, and orders.list_orders_by_status.';
create index orders_confirmed_idx
on orders.orders (confirmed_at, order_id) where status = 'confirmed';
comment on index orders.orders_confirmed_idx is
'For orders.list_orders_by_status: what waits to be packed.';
create index orders_processing_idx
on orders.orders (processing_at, order_id) where status = 'processing';
comment on index orders.orders_processing_idx is
'For orders.list_orders_by_status: what waits to be sent.';
create index orders_shipped_idx
on orders.orders (shipped_at, order_id) where status = 'shipped';
comment on index orders.orders_shipped_idx is
'For orders.list_orders_by_status: what is on its way.';
create index orders_delivered_idx
on orders.orders (delivered_at, order_id) where status = 'delivered';
comment on index orders.orders_delivered_idx is
'For orders.list_orders_by_status: what waits for its return window to end.';
create index orders_completed_idx
on orders.orders (completed_at, order_id) where status = 'completed';
comment on index orders.orders_completed_idx is 'For orders.list_orders_by_status.';
create index orders_cancelled_idx
on orders.orders (cancelled_at, order_id) where status = 'cancelled';
comment on index orders.orders_cancelled_idx is 'For orders.list_orders_by_status.';
create index orders_expired_idx
on orders.orders (expired_at, order_id) where status = 'expired';
comment on index orders.orders_expired_idx is 'For orders.list_orders_by_status.';
create index orders_paid_at_idx on orders.orders (paid_at, order_id) where paid_at is not null;
comment on index orders.orders_paid_at_idx is 'For orders.list_orders_paid.';

create table orders.order_contacts (
    order_id bigint not null,
    email text,
    phone text,
    shipping_address jsonb,
    billing_address jsonb,
    erased_at timestamptz,
    constraint order_contacts_pkey primary key (order_id),
    constraint order_contacts_order_id_fkey foreign key (order_id)
    references orders.orders (order_id) on delete restrict deferrable initially immediate,
    constraint order_contacts_values_check check (
        pg_catalog.length(email) <= 254 and pg_catalog.length(phone) <= 16
        and pg_catalog.jsonb_typeof(shipping_address) = 'object'
        and pg_catalog.jsonb_typeof(billing_address) = 'object'
    ),
    constraint order_contacts_erased_is_empty_check check (
        erased_at is null
        or pg_catalog.num_nonnulls(email, phone, shipping_address, billing_address) = 0
    )
);
comment on table orders.order_contacts is
'Who an order is for, and where it goes: the personal data of an order, apart from it, so that it
can be erased while the order stays.';
comment on column orders.order_contacts.order_id is 'The order.';
comment on column orders.order_contacts.email is 'Where the customer is written to.';
comment on column orders.order_contacts.phone is 'For the carrier, in E.164.';
comment on column orders.order_contacts.shipping_address is
'Where it goes, with the fields of account.addresses.';
comment on column orders.order_contacts.billing_address is
'Where the invoice goes; null is the same.';
comment on column orders.order_contacts.erased_at is 'When the person was taken out of it.';
comment on index orders.order_contacts_pkey is
'For orders.get_order, and the foreign key to orders.';

create table orders.order_items (
    order_id bigint not null,
    line_no integer not null,
    prev_line_no integer generated always as (nullif(line_no - 1, 0)) stored,
    variant_id bigint not null,
    sku text not null,
    name text not null,
    options jsonb not null,
    currency text not null,
    exponent smallint not null,
    prices_include_tax boolean not null,
    quantity integer not null,
    list_price numeric(19, 4),
    unit_price numeric(19, 4) not null,
    price_list text,
    price_reason text,
    line_subtotal numeric(19, 4) not null,
    line_discount numeric(19, 4) not null default 0,
    line_tax numeric(19, 4) not null default 0,
    line_total numeric(19, 4) not null generated always as (
        line_subtotal - line_discount + case when prices_include_tax then 0 else line_tax end
    ) stored,
    adjustment_count integer not null default 0,
    last_adjustment_no integer generated always as (nullif(adjustment_count, 0)) stored,
    line_count integer not null,
    units_before bigint not null,
    subtotal_before numeric(19, 4) not null,
    discount_before numeric(19, 4) not null,
    tax_before numeric(19, 4) not null,
    units_after bigint not null,
    subtotal_after numeric(19, 4) not null,
    discount_after numeric(19, 4) not null,
    tax_after numeric(19, 4) not null,
    qty_cancelled integer not null default 0,
    qty_shipped integer not null default 0,
    qty_delivered integer not null default 0,
    qty_return_requested integer not null default 0,
    qty_returned integer not null default 0,
    qty_written_off integer not null default 0,
    fulfillment_status text not null generated always as (
        case
            when qty_cancelled = quantity then 'cancelled'
            when qty_shipped = 0 then 'unfulfilled'
            when qty_returned + qty_cancelled = quantity then 'returned'
            when qty_returned > 0 then 'partially_returned'
            when qty_shipped + qty_cancelled < quantity then 'partially_shipped'
            when qty_delivered = qty_shipped then 'delivered'
            else 'shipped'
        end
    ) stored,
    constraint order_items_pkey primary key (order_id, line_no),
    constraint order_items_state_key unique (
        order_id, line_no, line_count, exponent, prices_include_tax, units_after, subtotal_after,
        discount_after, tax_after
    ),
    -- lint: allow foreign_key_index on orders.order_items.order_items_order_id_currency_fkey: the key of the table leads with the order
    constraint order_items_order_id_currency_fkey foreign key (order_id, currency)
    references orders.orders (order_id, currency) on delete restrict
    deferrable initially immediate,
    -- With the checks below, this makes the lines one unbroken chain that ends with the last one.
    -- lint: allow foreign_key_index on orders.order_items.order_items_previous_fkey: the key of the table leads with its order, which is never deleted
    constraint order_items_previous_fkey foreign key (
        order_id, prev_line_no, line_count, exponent, prices_include_tax, units_before,
        subtotal_before, discount_before, tax_before
    ) references orders.order_items (
        order_id, line_no, line_count, exponent, prices_include_tax, units_after, subtotal_after,
        discount_after, tax_after
    ) on delete restrict deferrable initially immediate,
    constraint order_items_sums_check check (
        line_no between 1 and line_count
        and (
            line_no > 1
            or (units_before, subtotal_before, discount_before, tax_before) = (0, 0, 0, 0)
        )
        and units_after = units_before + quantity
        and subtotal_after = subtotal_before + line_subtotal
        and discount_after = discount_before + line_discount
        and tax_after = tax_before + line_tax
    ),
    constraint order_items_amounts_check check (
        quantity > 0 and unit_price >= 0 and list_price >= 0
        and line_subtotal = pg_catalog.round(unit_price * quantity, exponent)
        and line_discount between 0 and line_subtotal and line_tax >= 0
        and adjustment_count >= 0
        and (adjustment_count > 0 or line_discount = 0 and line_tax = 0)
        and (price_list is null) = (price_reason is not null)
        and pg_catalog.length(price_reason) between 1 and 500
    ),
    constraint order_items_quantities_check check (
        qty_cancelled >= 0 and qty_shipped >= 0 and qty_delivered >= 0
        and qty_return_requested >= 0 and qty_returned >= 0
        and qty_shipped + qty_cancelled <= quantity and qty_delivered <= qty_shipped
        and qty_return_requested + qty_returned <= qty_shipped
        and qty_written_off between 0 and qty_returned
    )
) with (fillfactor = 80);
comment on table orders.order_items is
'The lines of orders as they were bought: names and prices never change; the quantities that say
what became of the units do.';
comment on column orders.order_items.order_id is 'The order.';
comment on column orders.order_items.line_no is 'Number of the line, from 1.';
comment on column orders.order_items.prev_line_no is 'The line before; null for the first one.';
comment on column orders.order_items.variant_id is
'What was bought. No foreign key: every order would lock rows of the catalogue.';
comment on column orders.order_items.sku is 'Its SKU at that time.';
comment on column orders.order_items.name is 'Its name at that time.';
comment on column orders.order_items.options is 'Its options at that time.';
comment on column orders.order_items.currency is 'The currency of the order.';
comment on column orders.order_items.exponent is 'The digits of the order''s amounts.';
comment on column orders.order_items.prices_include_tax is 'As the order has it.';
comment on column orders.order_items.quantity is 'Units bought.';
comment on column orders.order_items.list_price is
'Price of one unit in the base list at that time; null where there was none.';
comment on column orders.order_items.unit_price is 'Price of one unit.';
comment on column orders.order_items.price_list is
'The list that the price was in; null where it was agreed.';
comment on column orders.order_items.price_reason is 'Why the price was agreed; null for others.';
comment on column orders.order_items.line_subtotal is 'Price times quantity, rounded once.';
comment on column orders.order_items.line_discount is 'Sum of its discounts.';
comment on column orders.order_items.line_tax is 'Sum of its taxes.';
comment on column orders.order_items.line_total is 'What the line costs.';
comment on column orders.order_items.adjustment_count is 'Discounts and taxes of the line.';
comment on column orders.order_items.last_adjustment_no is
'Number of the last of them; null where there is none.';
comment on column orders.order_items.line_count is 'Lines of the order, as its head has it.';
comment on column orders.order_items.units_before is 'Units of the lines before.';
comment on column orders.order_items.subtotal_before is 'Sum of the lines before.';
comment on column orders.order_items.discount_before is 'Discounts of the lines before.';
comment on column orders.order_items.tax_before is 'Taxes of the lines before.';
comment on column orders.order_items.units_after is 'Units up to and with this line.';
comment on column orders.order_items.subtotal_after is 'Sum up to and with this line.';
comment on column orders.order_items.discount_after is 'Discounts up to and with this line.';
comment on column orders.order_items.tax_after is 'Taxes up to and with this line.';
comment on column orders.order_items.qty_cancelled is 'Units that were cancelled.';
comment on column orders.order_items.qty_shipped is 'Units that have been sent.';
comment on column orders.order_items.qty_delivered is 'Units of those that have arrived.';
comment on column orders.order_items.qty_return_requested is
'Units of those sent that an open return is to bring back.';
comment on column orders.order_items.qty_returned is 'Units that have come back.';
comment on column orders.order_items.qty_written_off is
'Units of those that came back which are lost.';
comment on column orders.order_items.fulfillment_status is 'What the quantities come to.';
comment on index orders.order_items_pkey is 'For orders.get_order, and the keys of its parts.';
comment on index orders.order_items_state_key is
'For the foreign keys that tie lines to each other and to the head.';

create index order_items_variant_id_idx on orders.order_items (variant_id, order_id);
comment on index orders.order_items_variant_id_idx is
'For orders.units_bought, and product.references_to: the orders that name a variant.';

alter table orders.orders
add constraint orders_last_line_fkey foreign key (
    order_id, line_count, line_count, exponent, prices_include_tax, unit_count, subtotal,
    discount_total, tax_total
) references orders.order_items (
    order_id, line_no, line_count, exponent, prices_include_tax, units_after, subtotal_after,
    discount_after, tax_after
) on delete restrict deferrable initially deferred;

create table orders.order_adjustments (
    order_id bigint not null,
    line_no integer not null,
    adjustment_no integer not null,
    prev_adjustment_no integer generated always as (nullif(adjustment_no - 1, 0)) stored,
    kind text not null,
    code text not null,
    label text not null,
    rate numeric(9, 6),
    amount numeric(19, 4) not null,
    adjustment_count integer not null,
    exponent smallint not null,
    prices_include_tax boolean not null,
    line_subtotal numeric(19, 4) not null,
    rate_total numeric(9, 6) not null,
    discount_before numeric(19, 4) not null,
    tax_before numeric(19, 4) not null,
    discount_after numeric(19, 4) not null,
    tax_after numeric(19, 4) not null,
    constraint order_adjustments_pkey primary key (order_id, line_no, adjustment_no),
    constraint order_adjustments_state_key unique (
        order_id, line_no, adjustment_no, adjustment_count, exponent, prices_include_tax,
        line_subtotal, discount_after, tax_after
    ),
    constraint order_adjustments_order_id_line_no_fkey foreign key (order_id, line_no)
    references orders.order_items (order_id, line_no) on delete restrict
    deferrable initially immediate,
    -- lint: allow foreign_key_index on orders.order_adjustments.order_adjustments_previous_fkey: adjustments are never deleted
    constraint order_adjustments_previous_fkey foreign key (
        order_id, line_no, prev_adjustment_no, adjustment_count, exponent, prices_include_tax,
        line_subtotal, discount_before, tax_before
    ) references orders.order_adjustments (
        order_id, line_no, adjustment_no, adjustment_count, exponent, prices_include_tax,
        line_subtotal, discount_after, tax_after
    ) on delete restrict deferrable initially immediate,
    constraint order_adjustments_sums_check check (
        adjustment_no between 1 and adjustment_count
        and (adjustment_no > 1 or (discount_before, tax_before) = (0, 0))
        and case kind
            when 'discount' then tax_before = 0 and tax_after = 0
            and discount_after = discount_before + amount and discount_after <= line_subtotal
            when 'tax' then discount_after = discount_before and tax_after = tax_before + amount
            else false
        end
    ),
    -- Taxes come after the discounts, all on the same base, and are rounded once.
    constraint order_adjustments_amount_check check (
        amount >= 0 and amount = pg_catalog.round(amount, exponent)
        and pg_catalog.length(code) between 1 and 200
        and pg_catalog.length(label) between 1 and 500
        and rate between 0 and 1
        and (
            kind <> 'tax'
            or rate is not null and rate_total >= rate and amount = pg_catalog.round(
                (line_subtotal - discount_after) * rate
                / case when prices_include_tax then 1 + rate_total else 1 end, exponent
            )
        )
    )
);
comment on table orders.order_adjustments is
'What explains the discount and the tax of a line. Taxes come after the discounts.';
comment on column orders.order_adjustments.order_id is 'The order.';
comment on column orders.order_adjustments.line_no is 'The line.';
comment on column orders.order_adjustments.adjustment_no is 'Number within the line, from 1.';
comment on column orders.order_adjustments.prev_adjustment_no is
'The one before; null for the first one.';
comment on column orders.order_adjustments.kind is 'discount or tax.';
comment on column orders.order_adjustments.code is 'Code of the promotion, or name of the tax.';
comment on column orders.order_adjustments.label is 'What the customer reads.';
comment on column orders.order_adjustments.rate is
'Of the line before discounts, or of what a tax is on: 0.2 is 20 %. Null for a fixed discount.';
comment on column orders.order_adjustments.amount is 'What it comes to, above or at zero.';
comment on column orders.order_adjustments.adjustment_count is
'How many the line has, as the line states it.';
comment on column orders.order_adjustments.exponent is 'The digits of the order''s amounts.';
comment on column orders.order_adjustments.prices_include_tax is 'As the order has it.';
comment on column orders.order_adjustments.line_subtotal is 'As the line has it.';
comment on column orders.order_adjustments.rate_total is
'Of a tax: sum of the rates of the line''s taxes, since prices that include taxes include them all;
0 of a discount.';
comment on column orders.order_adjustments.discount_before is 'Discounts of those before.';
comment on column orders.order_adjustments.tax_before is 'Taxes of those before.';
comment on column orders.order_adjustments.discount_after is 'Discounts up to and with this one.';
comment on column orders.order_adjustments.tax_after is 'Taxes up to and with this one.';
comment on index orders.order_adjustments_pkey is
'For orders.get_order, and the foreign key to lines.';
comment on index orders.order_adjustments_state_key is
'For the foreign keys that tie adjustments to each other and to their line.';

alter table orders.order_items
add constraint order_items_last_adjustment_fkey foreign key (
    order_id, line_no, last_adjustment_no, adjustment_count, exponent, prices_include_tax,
    line_subtotal, line_discount, line_tax
) references orders.order_adjustments (
    order_id, line_no, adjustment_no, adjustment_count, exponent, prices_include_tax,
    line_subtotal, discount_after, tax_after
) on delete restrict deferrable initially deferred;

create table orders.order_status_history (
    order_id bigint not null,
    seq integer not null,
    prev_seq integer generated always as (nullif(seq - 1, 0)) stored,
    from_status text,
    to_status text not null,
    reason text,
    actor text not null,
    request_id text,
    created_at timestamptz not null,
    constraint order_status_history_pkey primary key (order_id, seq),
    constraint order_status_history_state_key unique (order_id, seq, to_status),
    constraint order_status_history_order_id_fkey foreign key (order_id)
    references orders.orders (order_id) on delete restrict deferrable initially immediate,
    -- With the check below, this makes the history of an order one unbroken chain of legal moves.
    -- lint: allow foreign_key_index on orders.order_status_history.order_status_history_previous_fkey: history is never deleted
    constraint order_status_history_previous_fkey foreign key (order_id, prev_seq, from_status)
    references orders.order_status_history (order_id, seq, to_status) on delete restrict
    deferrable initially immediate,
    constraint order_status_history_move_is_legal_check check (
        seq >= 1 and (seq = 1) = (from_status is null)
        -- Cancelled after it was shipped: only where every parcel has failed and come back.
        and coalesce(from_status, 'none') || ' > ' || to_status in (
            'none > pending', 'pending > confirmed', 'pending > cancelled', 'pending > expired',
            'confirmed > processing', 'confirmed > shipped', 'confirmed > cancelled',
            'processing > shipped', 'processing > cancelled', 'shipped > delivered',
            'shipped > cancelled', 'delivered > completed', 'expired > confirmed'
        )
    ),
    constraint order_status_history_reason_length_check check (
        pg_catalog.length(reason) between 1 and 500
    )
);
comment on table orders.order_status_history is
'Every status that an order has had, in order. Rows are never changed or dropped.';
comment on column orders.order_status_history.order_id is 'The order.';
comment on column orders.order_status_history.seq is 'Number in the chain of the order, from 1.';
comment on column orders.order_status_history.prev_seq is
'The row before; null for the first one.';
comment on column orders.order_status_history.from_status is
'What it was; null for the first row.';
comment on column orders.order_status_history.to_status is 'What it became.';
comment on column orders.order_status_history.reason is 'Why, where somebody said so.';
comment on column orders.order_status_history.actor is 'Who acted.';
comment on column orders.order_status_history.request_id is 'The request that it was done for.';
comment on column orders.order_status_history.created_at is 'When.';
comment on index orders.order_status_history_pkey is
'For orders.get_order_timeline, and the foreign key to orders.';
comment on index orders.order_status_history_state_key is
'For the foreign keys that tie history rows to each other and to the head.';

create table orders.order_credits (
    order_id bigint not null,
    credit_no integer not null,
    prev_credit_no integer generated always as (nullif(credit_no - 1, 0)) stored,
    line_no integer,
    quantity integer,
    amount numeric(19, 4) not null,
    reason text not null,
    credit_before numeric(19, 4) not null,
    credit_after numeric(19, 4) not null,
    actor text not null,
    request_id text,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    constraint order_credits_pkey primary key (order_id, credit_no),
    constraint order_credits_state_key unique (order_id, credit_no, credit_after),
    constraint order_credits_order_id_fkey foreign key (order_id)
    references orders.orders (order_id) on delete restrict deferrable initially immediate,
    constraint order_credits_order_id_line_no_fkey foreign key (order_id, line_no)
    references orders.order_items (order_id, line_no) on delete restrict
    deferrable initially immediate,
    -- lint: allow foreign_key_index on orders.order_credits.order_credits_previous_fkey: credits are never deleted
    constraint order_credits_previous_fkey foreign key (order_id, prev_credit_no, credit_before)
    references orders.order_credits (order_id, credit_no, credit_after) on delete restrict
    deferrable initially immediate,
    constraint order_credits_sums_check check (
        credit_no >= 1 and (credit_no > 1 or credit_before = 0)
        and amount >= 0 and credit_after = credit_before + amount
        and quantity > 0 and (line_no is not null or quantity is null)
        and pg_catalog.length(reason) between 1 and 500
    )
);
comment on table orders.order_credits is
'What no longer has to be paid, and why. Rows are never changed or dropped.';
comment on column orders.order_credits.order_id is 'The order.';
comment on column orders.order_credits.credit_no is 'Number within the order, from 1.';
comment on column orders.order_credits.prev_credit_no is 'The one before; null for the first one.';
comment on column orders.order_credits.line_no is 'The line; null for what sending costs.';
comment on column orders.order_credits.quantity is 'Units; null where it is not about units.';
comment on column orders.order_credits.amount is 'What is credited.';
comment on column orders.order_credits.reason is 'Why.';
comment on column orders.order_credits.credit_before is 'Sum of the credits before.';
comment on column orders.order_credits.credit_after is 'Sum up to and with this one.';
comment on column orders.order_credits.actor is 'Who acted.';
comment on column orders.order_credits.request_id is 'The request that it was done for.';
comment on column orders.order_credits.created_at is 'When.';
comment on index orders.order_credits_pkey is
'For orders.get_order, and the foreign key to orders.';
comment on index orders.order_credits_state_key is
'For the foreign keys that tie credits to each other and to the head.';

create index order_credits_line_no_idx
on orders.order_credits (order_id, line_no) where line_no is not null;
comment on index orders.order_credits_line_no_idx is
'For what is left of a line, and the foreign key to lines.';

alter table orders.orders
add constraint orders_last_history_fkey foreign key (order_id, status_seq, status)
references orders.order_status_history (order_id, seq, to_status) on delete restrict
deferrable initially deferred,
add constraint orders_last_credit_fkey foreign key (order_id, last_credit_no, credit_total)
references orders.order_credits (order_id, credit_no, credit_after) on delete restrict
deferrable initially deferred;

create table orders.order_notes (
    order_id bigint not null,
    note_no integer not null,
    visibility text not null,
    body text,
    author text not null,
    request_id text,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    erased_at timestamptz,
    constraint order_notes_pkey primary key (order_id, note_no),
    constraint order_notes_order_id_fkey foreign key (order_id)
    references orders.orders (order_id) on delete restrict deferrable initially immediate,
    constraint order_notes_visibility_check check (visibility in ('internal', 'customer')),
    constraint order_notes_body_length_check check (pg_catalog.length(body) between 1 and 10000),
    constraint order_notes_body_or_erased_check check (
        pg_catalog.num_nonnulls(body, erased_at) = 1
    )
);
comment on table orders.order_notes is 'What was written beside an order.';
comment on column orders.order_notes.order_id is 'The order.';
comment on column orders.order_notes.note_no is 'Number within the order, from 1.';
comment on column orders.order_notes.visibility is 'internal, or customer, who may read it.';
comment on column orders.order_notes.body is 'Plain text.';
comment on column orders.order_notes.author is 'The actor who wrote it.';
comment on column orders.order_notes.request_id is 'The request that it was done for.';
comment on column orders.order_notes.created_at is 'When it was written.';
comment on column orders.order_notes.erased_at is
'When its text was taken out, with the person that the order is for.';
comment on index orders.order_notes_pkey is
'For orders.get_order_timeline, and the foreign key to orders.';

create table orders.order_fulfillment (
    order_id bigint not null,
    fulfillment_no integer not null,
    status text not null,
    location text,
    carrier text,
    tracking text,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    packed_at timestamptz,
    shipped_at timestamptz,
    in_transit_at timestamptz,
    delivered_at timestamptz,
    failed_at timestamptz,
    returned_at timestamptz,
    cancelled_at timestamptz,
    version bigint not null default 1,
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint order_fulfillment_pkey primary key (order_id, fulfillment_no),
    constraint order_fulfillment_order_id_fkey foreign key (order_id)
    references orders.orders (order_id) on delete restrict deferrable initially immediate,
    constraint order_fulfillment_values_check check (
        fulfillment_no >= 1 and pg_catalog.length(location) between 1 and 32
        and pg_catalog.length(carrier) between 1 and 200
        and pg_catalog.length(tracking) between 1 and 200
        and (tracking is null or carrier is not null)
    ),
    constraint order_fulfillment_status_and_times_check check (
        case status
            when 'pending' then pg_catalog.num_nonnulls(packed_at, shipped_at) = 0
            when 'packed' then packed_at is not null and shipped_at is null
            when 'shipped' then shipped_at is not null and in_transit_at is null
            when 'in_transit' then pg_catalog.num_nulls(shipped_at, in_transit_at) = 0
            and delivered_at is null
            when 'delivered' then pg_catalog.num_nulls(shipped_at, delivered_at) = 0
            when 'failed' then pg_catalog.num_nulls(shipped_at, failed_at) = 0
            and returned_at is null
            when 'returned' then pg_catalog.num_nulls(shipped_at, failed_at, returned_at) = 0
            when 'cancelled' then cancelled_at is not null and shipped_at is null
            else false
        end
        and (delivered_at is not null) = (status = 'delivered')
        and (cancelled_at is not null) = (status = 'cancelled')
        and (failed_at is null or status in ('failed', 'returned'))
        and (returned_at is null or status = 'returned')
    )
) with (fillfactor = 80);
comment on table orders.order_fulfillment is 'Parcels: what was packed and sent together.';
comment on column orders.order_fulfillment.order_id is 'The order.';
comment on column orders.order_fulfillment.fulfillment_no is 'Number within the order, from 1.';
comment on column orders.order_fulfillment.status is
'pending, packed, shipped, in_transit, delivered, failed, returned or cancelled.';
comment on column orders.order_fulfillment.location is
'Code of the location that it is sent from; null where it is from several.';
comment on column orders.order_fulfillment.carrier is 'Who carries it.';
comment on column orders.order_fulfillment.tracking is 'The carrier''s number of the parcel.';
comment on column orders.order_fulfillment.created_at is 'When it was begun.';
comment on column orders.order_fulfillment.packed_at is 'When it was packed.';
comment on column orders.order_fulfillment.shipped_at is 'When it left.';
comment on column orders.order_fulfillment.in_transit_at is 'When the carrier first saw it.';
comment on column orders.order_fulfillment.delivered_at is 'When it arrived.';
comment on column orders.order_fulfillment.failed_at is 'When delivering it failed.';
comment on column orders.order_fulfillment.returned_at is 'When it was back.';
comment on column orders.order_fulfillment.cancelled_at is 'When it was given up before it left.';
comment on column orders.order_fulfillment.version is 'Counts changes, each with an event.';
comment on column orders.order_fulfillment.updated_at is 'When it was last changed.';
comment on column orders.order_fulfillment.updated_by is 'The actor of the last change.';
comment on index orders.order_fulfillment_pkey is
'For orders.get_order_timeline, and the foreign key to orders.';

create unique index order_fulfillment_tracking_key
on orders.order_fulfillment (carrier, tracking) where tracking is not null;
comment on index orders.order_fulfillment_tracking_key is
'For orders.ship_order: a carrier gives a number once.';

create table orders.fulfillment_items (
    order_id bigint not null,
    fulfillment_no integer not null,
    line_no integer not null,
    quantity integer not null,
    constraint fulfillment_items_pkey primary key (order_id, fulfillment_no, line_no),
    constraint fulfillment_items_fulfillment_fkey foreign key (order_id, fulfillment_no)
    references orders.order_fulfillment (order_id, fulfillment_no) on delete restrict
    deferrable initially immediate,
    constraint fulfillment_items_line_fkey foreign key (order_id, line_no)
    references orders.order_items (order_id, line_no) on delete restrict
    deferrable initially immediate,
    constraint fulfillment_items_quantity_is_positive_check check (quantity > 0)
);
comment on table orders.fulfillment_items is 'What is in a parcel.';
comment on column orders.fulfillment_items.order_id is 'The order.';
comment on column orders.fulfillment_items.fulfillment_no is 'The parcel.';
comment on column orders.fulfillment_items.line_no is 'The line.';
comment on column orders.fulfillment_items.quantity is 'Units of the line in it.';
comment on index orders.fulfillment_items_pkey is
'For orders.get_order, and the foreign key to parcels.';

create index fulfillment_items_line_no_idx on orders.fulfillment_items (order_id, line_no);
comment on index orders.fulfillment_items_line_no_idx is
'For the parcels of a line, and the foreign key to lines.';

create table orders.order_returns (
    order_id bigint not null,
    return_no integer not null,
    status text not null default 'requested',
    reason text not null,
    comment text,
    requested_by text not null,
    requested_at timestamptz not null default pg_catalog.clock_timestamp(),
    decided_at timestamptz,
    decided_by text,
    decision_reason text,
    received_at timestamptz,
    closed_at timestamptz,
    version bigint not null default 1,
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint order_returns_pkey primary key (order_id, return_no),
    constraint order_returns_order_id_fkey foreign key (order_id)
    references orders.orders (order_id) on delete restrict deferrable initially immediate,
    constraint order_returns_values_check check (
        return_no >= 1 and pg_catalog.length(reason) between 1 and 500
        and pg_catalog.length(comment) between 1 and 2000
        and pg_catalog.length(decision_reason) between 1 and 500
    ),
    constraint order_returns_status_and_times_check check (
        case status
            when 'requested' then pg_catalog.num_nonnulls(decided_at, received_at, closed_at) = 0
            when 'approved' then decided_at is not null
            and pg_catalog.num_nonnulls(received_at, closed_at) = 0
            when 'rejected' then decided_at is not null
            and pg_catalog.num_nonnulls(received_at, closed_at) = 0
            when 'received' then pg_catalog.num_nulls(decided_at, received_at) = 0
            and closed_at is null
            when 'closed' then pg_catalog.num_nulls(decided_at, closed_at) = 0
            else false
        end
        and (decided_at is null) = (decided_by is null)
    )
);
comment on table orders.order_returns is 'What customers send back.';
comment on column orders.order_returns.order_id is 'The order.';
comment on column orders.order_returns.return_no is 'Number within the order, from 1.';
comment on column orders.order_returns.status is
'requested, approved, rejected, received or closed.';
comment on column orders.order_returns.reason is 'Why.';
comment on column orders.order_returns.comment is 'What the customer wrote.';
comment on column orders.order_returns.requested_by is 'The actor who asked for it.';
comment on column orders.order_returns.requested_at is 'When it was asked for.';
comment on column orders.order_returns.decided_at is 'When it was approved or rejected.';
comment on column orders.order_returns.decided_by is 'The actor who decided.';
comment on column orders.order_returns.decision_reason is 'Why it was decided so.';
comment on column orders.order_returns.received_at is 'When it came back.';
comment on column orders.order_returns.closed_at is 'When nothing more was to be done.';
comment on column orders.order_returns.version is 'Counts changes, each with an event.';
comment on column orders.order_returns.updated_at is 'When it was last changed.';
comment on column orders.order_returns.updated_by is 'The actor of the last change.';
comment on index orders.order_returns_pkey is
'For orders.get_order_timeline, and the foreign key to orders.';

create index order_returns_open_idx
on orders.order_returns (requested_at, order_id, return_no)
where status in ('requested', 'approved', 'received');
comment on index orders.order_returns_open_idx is
'For orders.order_return_list: what waits for somebody.';

create table orders.return_items (
    order_id bigint not null,
    return_no integer not null,
    line_no integer not null,
    quantity integer not null,
    qty_restocked integer not null default 0,
    qty_damaged integer not null default 0,
    qty_written_off integer not null default 0,
    constraint return_items_pkey primary key (order_id, return_no, line_no),
    constraint return_items_return_fkey foreign key (order_id, return_no)
    references orders.order_returns (order_id, return_no) on delete restrict
    deferrable initially immediate,
    constraint return_items_line_fkey foreign key (order_id, line_no)
    references orders.order_items (order_id, line_no) on delete restrict
    deferrable initially immediate,
    constraint return_items_quantities_check check (
        quantity > 0 and qty_restocked >= 0 and qty_damaged >= 0 and qty_written_off >= 0
        and qty_restocked + qty_damaged + qty_written_off <= quantity
    )
);
comment on table orders.return_items is 'What is in a return, and what became of it.';
comment on column orders.return_items.order_id is 'The order.';
comment on column orders.return_items.return_no is 'The return.';
comment on column orders.return_items.line_no is 'The line.';
comment on column orders.return_items.quantity is 'Units that are to come back.';
comment on column orders.return_items.qty_restocked is 'Units that are on the shelf again.';
comment on column orders.return_items.qty_damaged is 'Units that are there, damaged.';
comment on column orders.return_items.qty_written_off is 'Units that are lost.';
comment on index orders.return_items_pkey is
'For orders.get_order, and the foreign key to returns.';

create index return_items_line_no_idx on orders.return_items (order_id, line_no);
comment on index orders.return_items_line_no_idx is
'For the returns of a line, and the foreign key to lines.';

create table orders.sales_changes (
    order_id bigint not null,
    credit_no integer not null,
    credits_before integer not null,
    constraint sales_changes_pkey primary key (order_id, credit_no),
    constraint sales_changes_order_id_fkey foreign key (order_id)
    references orders.orders (order_id) on delete restrict deferrable initially immediate,
    constraint sales_changes_counts_check check (credit_no >= 0 and credits_before >= 0)
);
comment on table orders.sales_changes is
'What orders.roll_up_sales has not counted yet: orders that were confirmed, and later credits.';
comment on column orders.sales_changes.order_id is 'The order.';
comment on column orders.sales_changes.credit_no is 'The credit; 0 for the order itself.';
comment on column orders.sales_changes.credits_before is
'How many credits the order had when it was confirmed; 0 for a credit.';
comment on index orders.sales_changes_pkey is
'For orders.roll_up_sales, and the foreign key to orders.';

create table orders.variant_sales (
    variant_id bigint not null,
    currency text not null,
    units bigint not null,
    revenue numeric(19, 4) not null,
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    constraint variant_sales_pkey primary key (variant_id, currency),
    constraint variant_sales_variant_id_fkey foreign key (variant_id)
    references product.variants (variant_id) on delete restrict,
    constraint variant_sales_currency_fkey foreign key (currency)
    references core.currencies (code) on delete restrict
);
comment on table orders.variant_sales is
'What was sold of each variant, as of the last orders.roll_up_sales.';
comment on column orders.variant_sales.variant_id is 'What was sold.';
comment on column orders.variant_sales.currency is 'Currency of the revenue.';
comment on column orders.variant_sales.units is
'Units of confirmed orders, less cancelled and returned ones.';
comment on column orders.variant_sales.revenue is
'What they cost with their discounts and taxes, less credits.';
comment on column orders.variant_sales.updated_at is 'When it last changed.';
comment on index orders.variant_sales_pkey is
'For product.list_products_admin, and the foreign key to variants.';

create index variant_sales_currency_idx on orders.variant_sales (currency);
comment on index orders.variant_sales_currency_idx is
'For the foreign key to core.currencies when a currency is deleted.';

create type orders.draft_line as (
    line_no integer,
    variant_id bigint,
    sku text,
    name text,
    options jsonb,
    is_active boolean,
    quantity integer,
    expected_price numeric,
    list_price numeric,
    unit_price numeric,
    price_list text,
    price_reason text,
    line_subtotal numeric,
    line_discount numeric,
    line_tax numeric,
    adjustment_count integer,
    units_left bigint
);
comment on type orders.draft_line is
'A line of an order that is to be placed, as orders.draft_order found it.';

create type orders.draft_adjustment as (
    line_no integer,
    adjustment_no integer,
    kind text,
    code text,
    label text,
    rate numeric,
    rate_total numeric,
    amount numeric,
    line_subtotal numeric,
    discount_after numeric,
    tax_after numeric,
    adjustment_count integer
);
comment on type orders.draft_adjustment is
'A discount or tax of a line of an order that is to be placed.';

create type orders.draft as (
    owner text,
    user_id bigint,
    user_status text,
    currency text,
    exponent smallint,
    prices_include_tax boolean,
    lines orders.draft_line[],
    adjustments orders.draft_adjustment[],
    unit_count bigint,
    subtotal numeric,
    discount_total numeric,
    tax_total numeric,
    shipping_method text,
    shipping_total numeric,
    shipping_discount numeric,
    shipping_tax_rate numeric,
    shipping_tax numeric,
    total numeric,
    expected_total numeric,
    total_min numeric,
    total_max numeric,
    lines_max numeric,
    units_max numeric,
    price_max numeric,
    pending_slot integer,
    pending_slots_max integer,
    lasts interval,
    has_holds boolean,
    stock inventory.reservation_line[],
    is_plain boolean
);
comment on type orders.draft is
'An order that is to be placed, with the limits in force; stock says where each line would be taken
from, null where that is not so plain; is_plain says that it breaks no rule.';
