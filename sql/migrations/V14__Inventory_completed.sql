-- Transfers, alerts, suppliers, categories, counts and analytics of stock.
--
-- Low stock is found without a write of its own: a bucket knows its share of the low-stock level,
-- and a generated column says whether it is at or below it. Only that column is in the index, so
-- that an update of a bucket stays in its page unless it crosses the level. The columns are added
-- with a rewrite of inventory.inventory and inventory.stock_buckets: a row a variant and location.

set local role shop_owner;

-- A stock row that was opened between this migration and its functions would lack its marks; with
-- a function gone, both are one transaction.
-- lint: allow squawk/ban-drop-function: nobody else may call it, and the functions bring it back
drop function if exists inventory.open_stock(bigint, bigint);

create table inventory.inventory_categories (
    category_id bigint generated always as identity,
    code text not null,
    name text not null,
    abc_class text not null,
    count_every_days integer not null,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint inventory_categories_pkey primary key (category_id),
    constraint inventory_categories_code_key unique (code),
    constraint inventory_categories_code_is_a_code_check check (
        code ~ '^[A-Z0-9][A-Z0-9_-]{0,31}$'
    ),
    constraint inventory_categories_name_length_check check (
        pg_catalog.length(name) between 1 and 200
    ),
    constraint inventory_categories_abc_class_check check (abc_class in ('A', 'B', 'C')),
    constraint inventory_categories_count_every_days_check check (
        count_every_days between 1 and 3650
    )
);
comment on table inventory.inventory_categories is
'How closely stock is watched: the few SKUs that sell most are A and are counted often.';
comment on column inventory.inventory_categories.category_id is 'Key inside the database.';
comment on column inventory.inventory_categories.code is 'Short name in capitals, such as A.';
comment on column inventory.inventory_categories.name is 'Name for people.';
comment on column inventory.inventory_categories.abc_class is
'A, B or C; inventory.classify_stock gives a SKU the first category of its class.';
comment on column inventory.inventory_categories.count_every_days is
'Stock is due for a count this many days after the last one.';
comment on column inventory.inventory_categories.version is 'Counts edits.';
comment on column inventory.inventory_categories.created_at is 'When it was made.';
comment on column inventory.inventory_categories.updated_at is 'When it was last edited.';
comment on column inventory.inventory_categories.updated_by is 'The actor of the last edit.';
comment on index inventory.inventory_categories_pkey is
'For inventory.list_due_counts and the key of stock.';
comment on index inventory.inventory_categories_code_key is
'For inventory.set_inventory_category and inventory.assign_inventory_category.';

insert into inventory.inventory_categories (code, name, abc_class, count_every_days, updated_by)
values
('A', 'Sells most', 'A', 30, 'migration'),
('B', 'Sells well', 'B', 90, 'migration'),
('C', 'Sells seldom', 'C', 365, 'migration');

-- lint: allow squawk/adding-field-with-default: the header says so; nothing cheaper finds overstock
-- lint: allow squawk/constraint-missing-not-valid: the columns are new, and the rewrite reads all
-- lint: allow squawk/adding-foreign-key-constraint: the column is new, every row has a null
alter table inventory.inventory
add column overstock_level integer,
add column category_id bigint,
add column counted_at timestamptz,
add column is_overstocked boolean not null
generated always as (coalesce(on_hand - damaged > overstock_level, false)) stored,
add constraint inventory_overstock_level_is_not_negative_check check (overstock_level >= 0),
add constraint inventory_category_id_fkey foreign key (category_id)
references inventory.inventory_categories (category_id) on delete restrict;
comment on column inventory.inventory.overstock_level is
'Above this many sellable units there is too much; null where nobody minds.';
comment on column inventory.inventory.category_id is 'How closely it is watched; null is not yet.';
comment on column inventory.inventory.counted_at is 'When it was last counted.';
comment on column inventory.inventory.is_overstocked is
'Whether more sellable units are there than the overstock level.';

-- lint: allow squawk/require-concurrent-index-creation: the table is locked and rewritten just above
create index inventory_category_id_counted_at_idx
on inventory.inventory (category_id, counted_at);
comment on index inventory.inventory_category_id_counted_at_idx is
'For inventory.list_due_counts, and the foreign key to categories on delete.';

-- lint: allow squawk/require-concurrent-index-creation: it is empty, no level is set yet
create index inventory_overstocked_idx
on inventory.inventory (variant_id, location_id) where is_overstocked;
comment on index inventory.inventory_overstocked_idx is
'For inventory.refresh_alerts; kept up only when the overstock level is crossed.';

alter table inventory.stock_buckets add column low_mark integer not null default 0;
-- lint: allow unbatched_write: the rewrite that follows locks the table anyway, and drops old rows
update inventory.stock_buckets as b
set low_mark = i.min_stock_level / i.bucket_count
from inventory.inventory as i
where i.variant_id = b.variant_id and i.location_id = b.location_id;
-- lint: allow squawk/adding-field-with-default: the header says so; nothing cheaper finds low stock
alter table inventory.stock_buckets
add column is_low boolean not null generated always as (available <= low_mark) stored;
comment on column inventory.stock_buckets.low_mark is
'The share of this bucket in the low-stock level. When all buckets together are at or below the
level, at least one is at or below its share.';
comment on column inventory.stock_buckets.is_low is 'Whether it is at or below its share.';

-- lint: allow squawk/require-concurrent-index-creation: the table is locked and rewritten just above
create index stock_buckets_low_idx
on inventory.stock_buckets (variant_id, location_id) where is_low;
comment on index inventory.stock_buckets_low_idx is
'For inventory.refresh_alerts; kept up only when the share of the low-stock level is crossed.';

-- lint: allow squawk/ban-drop-constraint: its successor comes in the same statement
-- lint: allow squawk/constraint-missing-not-valid: both together read the table once
alter table inventory.inventory_movements
drop constraint inventory_movements_kind_check,
drop constraint inventory_movements_sign_check,
add constraint inventory_movements_kind_check check (
    kind in (
        'opening', 'receipt', 'shipment', 'return', 'adjustment', 'damage', 'transfer_in',
        'transfer_out', 'count'
    )
),
add constraint inventory_movements_sign_check check (
    case kind
        when 'opening' then on_hand_delta >= 0
        when 'receipt' then on_hand_delta > 0
        when 'return' then on_hand_delta > 0
        when 'transfer_in' then on_hand_delta > 0
        when 'shipment' then on_hand_delta < 0
        when 'transfer_out' then on_hand_delta < 0
        when 'count' then true
        else on_hand_delta <> 0 or damaged_delta <> 0
    end
);
comment on column inventory.inventory_movements.kind is
'opening, receipt, shipment, return, adjustment, damage, transfer_in, transfer_out or count.';

create table inventory.stock_transfers (
    variant_id bigint not null,
    transfer_id bigint generated always as identity,
    from_location_id bigint not null,
    to_location_id bigint not null,
    quantity integer not null,
    out_seq bigint not null,
    in_seq bigint not null,
    reference text,
    actor text not null,
    request_id text,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    constraint stock_transfers_pkey primary key (variant_id, transfer_id),
    -- With the two keys below, a movement belongs to one transfer at most.
    constraint stock_transfers_out_key unique (variant_id, from_location_id, out_seq),
    constraint stock_transfers_in_key unique (variant_id, to_location_id, in_seq),
    constraint stock_transfers_out_fkey foreign key (variant_id, from_location_id, out_seq)
    references inventory.inventory_movements (variant_id, location_id, seq)
    on delete restrict deferrable initially immediate,
    constraint stock_transfers_in_fkey foreign key (variant_id, to_location_id, in_seq)
    references inventory.inventory_movements (variant_id, location_id, seq)
    on delete restrict deferrable initially immediate,
    constraint stock_transfers_ends_elsewhere_check check (from_location_id <> to_location_id),
    constraint stock_transfers_quantity_is_positive_check check (quantity > 0)
);
comment on table inventory.stock_transfers is
'Units that went from one location to another, a row a variant; each names its two movements.';
comment on column inventory.stock_transfers.variant_id is 'What went.';
comment on column inventory.stock_transfers.transfer_id is
'Number of the transfer; its variants share it.';
comment on column inventory.stock_transfers.from_location_id is 'Where the units left.';
comment on column inventory.stock_transfers.to_location_id is 'Where they arrived.';
comment on column inventory.stock_transfers.quantity is 'How many.';
comment on column inventory.stock_transfers.out_seq is 'The movement transfer_out.';
comment on column inventory.stock_transfers.in_seq is 'The movement transfer_in.';
comment on column inventory.stock_transfers.reference is 'The paper behind it.';
comment on column inventory.stock_transfers.actor is 'Who acted.';
comment on column inventory.stock_transfers.request_id is 'The request that it was done for.';
comment on column inventory.stock_transfers.created_at is 'When it happened.';
comment on index inventory.stock_transfers_pkey is 'For inventory.transfer_list by the number.';
comment on index inventory.stock_transfers_out_key is
'For the foreign key to the movement that left, and ops.invariant_stock_transfers.';
comment on index inventory.stock_transfers_in_key is
'For the foreign key to the movement that arrived, and ops.invariant_stock_transfers.';

create table inventory.inventory_alerts (
    variant_id bigint not null,
    alert_id bigint generated always as identity,
    location_id bigint not null,
    kind text not null,
    threshold integer not null,
    observed bigint not null,
    opened_at timestamptz not null default pg_catalog.clock_timestamp(),
    closed_at timestamptz,
    closed_observed bigint,
    actor text not null,
    constraint inventory_alerts_pkey primary key (variant_id, alert_id),
    constraint inventory_alerts_inventory_fkey foreign key (variant_id, location_id)
    references inventory.inventory (variant_id, location_id)
    on delete restrict deferrable initially immediate,
    constraint inventory_alerts_kind_check check (
        kind in ('low_stock', 'out_of_stock', 'overstock')
    ),
    constraint inventory_alerts_observed_is_worth_it_check check (
        case kind
            when 'low_stock' then observed between 0 and threshold
            when 'out_of_stock' then observed = 0 and threshold = 0
            else observed > threshold
        end
    ),
    constraint inventory_alerts_closes_after_it_opened_check check (closed_at >= opened_at),
    constraint inventory_alerts_closed_is_observed_check check (
        (closed_at is null) = (closed_observed is null)
    )
);
comment on table inventory.inventory_alerts is
'That there is little, nothing or too much of something; one is open until that has passed.';
comment on column inventory.inventory_alerts.variant_id is 'What it is about.';
comment on column inventory.inventory_alerts.alert_id is 'Number of the alert.';
comment on column inventory.inventory_alerts.location_id is 'Where.';
comment on column inventory.inventory_alerts.kind is 'low_stock, out_of_stock or overstock.';
comment on column inventory.inventory_alerts.threshold is
'The level in force when it opened: low_stock is at or below it, overstock above it.';
comment on column inventory.inventory_alerts.observed is
'Units when it opened: available ones, of an overstock the sellable ones that are there.';
comment on column inventory.inventory_alerts.opened_at is 'When it was found.';
comment on column inventory.inventory_alerts.closed_at is
'When it was found to have passed; null while it is open.';
comment on column inventory.inventory_alerts.closed_observed is 'Units then.';
comment on column inventory.inventory_alerts.actor is 'Who ran the job that changed it last.';
comment on index inventory.inventory_alerts_pkey is 'For inventory.alert_list by the number.';

create unique index inventory_alerts_open_key
on inventory.inventory_alerts (variant_id, location_id, kind) where closed_at is null;
comment on index inventory.inventory_alerts_open_key is
'For inventory.refresh_alerts: of a kind, one alert is open at most.';

create index inventory_alerts_location_id_variant_id_idx
on inventory.inventory_alerts (location_id, variant_id, opened_at);
comment on index inventory.inventory_alerts_location_id_variant_id_idx is
'For the alerts of a location in inventory.alert_list, and the foreign key to stock on delete.';

create table inventory.inventory_suppliers (
    supplier_id bigint generated always as identity,
    code text not null,
    name text not null,
    contact jsonb not null default '{}',
    lead_time_days integer not null,
    is_active boolean not null default true,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint inventory_suppliers_pkey primary key (supplier_id),
    constraint inventory_suppliers_code_key unique (code),
    constraint inventory_suppliers_code_is_a_code_check check (
        code ~ '^[A-Z0-9][A-Z0-9_-]{0,31}$'
    ),
    constraint inventory_suppliers_name_length_check check (
        pg_catalog.length(name) between 1 and 200
    ),
    constraint inventory_suppliers_contact_is_a_small_object_check check (
        pg_catalog.jsonb_typeof(contact) = 'object'
        and pg_catalog.length(contact::text) <= 10000
    ),
    constraint inventory_suppliers_lead_time_days_check check (lead_time_days between 0 and 3650)
);
comment on table inventory.inventory_suppliers is 'Whom stock is bought from.';
comment on column inventory.inventory_suppliers.supplier_id is 'Key inside the database.';
comment on column inventory.inventory_suppliers.code is 'Short name in capitals, such as ACME.';
comment on column inventory.inventory_suppliers.name is 'Name for people.';
comment on column inventory.inventory_suppliers.contact is
'How to reach them, an object of the merchant''s own design.';
comment on column inventory.inventory_suppliers.lead_time_days is
'Days from an order to its delivery, where an item has no other.';
comment on column inventory.inventory_suppliers.is_active is 'Whether to buy from them.';
comment on column inventory.inventory_suppliers.version is 'Counts edits.';
comment on column inventory.inventory_suppliers.created_at is 'When it was made.';
comment on column inventory.inventory_suppliers.updated_at is 'When it was last edited.';
comment on column inventory.inventory_suppliers.updated_by is 'The actor of the last edit.';
comment on index inventory.inventory_suppliers_pkey is
'For inventory.supplier_list and the keys of items and receipts.';
comment on index inventory.inventory_suppliers_code_key is
'For every function that takes the code of a supplier, inventory.receive_from_supplier first.';

create table inventory.supplier_items (
    variant_id bigint not null,
    supplier_id bigint not null,
    supplier_sku text,
    cost numeric(19, 4) not null,
    currency text not null,
    min_quantity integer not null default 1,
    pack_size integer not null default 1,
    lead_time_days integer,
    is_preferred boolean not null default false,
    is_active boolean not null default true,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint supplier_items_pkey primary key (variant_id, supplier_id),
    constraint supplier_items_variant_id_fkey foreign key (variant_id)
    references product.variants (variant_id) on delete restrict,
    constraint supplier_items_supplier_id_fkey foreign key (supplier_id)
    references inventory.inventory_suppliers (supplier_id) on delete restrict,
    constraint supplier_items_currency_fkey foreign key (currency)
    references core.currencies (code) on delete restrict,
    constraint supplier_items_supplier_sku_length_check check (
        pg_catalog.length(supplier_sku) between 1 and 64
    ),
    constraint supplier_items_cost_is_not_negative_check check (cost >= 0),
    constraint supplier_items_min_quantity_check check (min_quantity between 1 and 999999999),
    constraint supplier_items_pack_size_check check (pack_size between 1 and 999999999),
    constraint supplier_items_lead_time_days_check check (lead_time_days between 0 and 3650)
);
comment on table inventory.supplier_items is 'What a supplier sells, and for how much.';
comment on column inventory.supplier_items.variant_id is 'What is bought.';
comment on column inventory.supplier_items.supplier_id is 'From whom.';
comment on column inventory.supplier_items.supplier_sku is 'Their own code for it.';
comment on column inventory.supplier_items.cost is
'What one unit costs, rounded to the currency''s exponent.';
comment on column inventory.supplier_items.currency is 'The currency of the cost.';
comment on column inventory.supplier_items.min_quantity is 'The fewest units that they sell.';
comment on column inventory.supplier_items.pack_size is 'They sell multiples of this many units.';
comment on column inventory.supplier_items.lead_time_days is
'Days from an order to its delivery; null is the supplier''s own.';
comment on column inventory.supplier_items.is_preferred is
'Whether it is bought here rather than elsewhere.';
comment on column inventory.supplier_items.is_active is 'Whether they still sell it.';
comment on column inventory.supplier_items.version is 'Counts edits.';
comment on column inventory.supplier_items.created_at is 'When it was made.';
comment on column inventory.supplier_items.updated_at is 'When it was last edited.';
comment on column inventory.supplier_items.updated_by is 'The actor of the last edit.';
comment on index inventory.supplier_items_pkey is
'For inventory.set_supplier_item and the foreign key to variants on delete.';

create index supplier_items_supplier_id_idx on inventory.supplier_items (supplier_id);
comment on index inventory.supplier_items_supplier_id_idx is
'For inventory.propose_reorder, and the foreign key to suppliers on delete.';
create index supplier_items_currency_idx on inventory.supplier_items (currency);
comment on index inventory.supplier_items_currency_idx is
'For the foreign key to core.currencies when a currency is deleted.';
create unique index supplier_items_preferred_key
on inventory.supplier_items (variant_id) where is_preferred;
comment on index inventory.supplier_items_preferred_key is
'For inventory.propose_reorder: one supplier of a variant is preferred at most.';

create table inventory.supplier_receipts (
    variant_id bigint not null,
    receipt_id bigint generated always as identity,
    supplier_id bigint not null,
    location_id bigint not null,
    quantity integer not null,
    defective integer not null,
    ordered_on date not null,
    due_on date not null,
    received_at timestamptz not null,
    received_on date not null,
    is_on_time boolean not null generated always as (received_on <= due_on) stored,
    seq bigint,
    reference text,
    actor text not null,
    request_id text,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    constraint supplier_receipts_pkey primary key (variant_id, receipt_id),
    constraint supplier_receipts_movement_key unique (variant_id, location_id, seq),
    constraint supplier_receipts_variant_id_fkey foreign key (variant_id)
    references product.variants (variant_id) on delete restrict,
    constraint supplier_receipts_supplier_id_fkey foreign key (supplier_id)
    references inventory.inventory_suppliers (supplier_id) on delete restrict,
    constraint supplier_receipts_location_id_fkey foreign key (location_id)
    references inventory.locations (location_id) on delete restrict,
    constraint supplier_receipts_movement_fkey foreign key (variant_id, location_id, seq)
    references inventory.inventory_movements (variant_id, location_id, seq)
    on delete restrict deferrable initially immediate,
    constraint supplier_receipts_quantities_check check (
        quantity > 0 and defective between 0 and quantity
    ),
    -- What is all defective never comes in, and so makes no movement.
    constraint supplier_receipts_good_units_moved_check check (
        (seq is null) = (defective = quantity)
    ),
    constraint supplier_receipts_ordered_before_it_came_check check (
        ordered_on <= received_on and ordered_on <= due_on
    ),
    constraint supplier_receipts_day_is_utc_check check (
        received_on = (received_at at time zone 'UTC')::date
    )
);
comment on table inventory.supplier_receipts is
'What suppliers delivered, a row a variant: what they are measured by.';
comment on column inventory.supplier_receipts.variant_id is 'What was delivered.';
comment on column inventory.supplier_receipts.receipt_id is
'Number of the delivery; its variants share it.';
comment on column inventory.supplier_receipts.supplier_id is 'Who delivered.';
comment on column inventory.supplier_receipts.location_id is 'Where to.';
comment on column inventory.supplier_receipts.quantity is 'Units delivered.';
comment on column inventory.supplier_receipts.defective is
'Units among them that were refused, and never came in.';
comment on column inventory.supplier_receipts.ordered_on is 'When they were ordered.';
comment on column inventory.supplier_receipts.due_on is
'The order plus the lead time in force when they came.';
comment on column inventory.supplier_receipts.received_at is 'When they came.';
comment on column inventory.supplier_receipts.received_on is 'The day of that, in UTC.';
comment on column inventory.supplier_receipts.is_on_time is 'Whether they came when due.';
comment on column inventory.supplier_receipts.seq is
'The movement by which the good units came in; null if there were none.';
comment on column inventory.supplier_receipts.reference is 'The delivery note.';
comment on column inventory.supplier_receipts.actor is 'Who acted.';
comment on column inventory.supplier_receipts.request_id is 'The request that it was done for.';
comment on column inventory.supplier_receipts.created_at is 'When it was entered.';
comment on index inventory.supplier_receipts_pkey is
'For inventory.receipt_list by the number, and the foreign key to variants on delete.';
comment on index inventory.supplier_receipts_movement_key is
'For the foreign key to the movement: one movement belongs to one receipt.';

create index supplier_receipts_supplier_id_received_on_idx
on inventory.supplier_receipts (supplier_id, received_on)
include (quantity, defective, is_on_time);
comment on index inventory.supplier_receipts_supplier_id_received_on_idx is
'For the rates in inventory.supplier_list, and the foreign key to suppliers on delete.';
create index supplier_receipts_location_id_idx on inventory.supplier_receipts (location_id);
comment on index inventory.supplier_receipts_location_id_idx is
'For the foreign key to locations on delete.';

create table inventory.stock_counts (
    count_id bigint generated always as identity,
    location_id bigint not null,
    status text not null default 'open',
    reference text,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    created_by text not null,
    closed_at timestamptz,
    updated_by text not null,
    constraint stock_counts_pkey primary key (count_id),
    constraint stock_counts_location_key unique (count_id, location_id),
    constraint stock_counts_location_id_fkey foreign key (location_id)
    references inventory.locations (location_id) on delete restrict,
    constraint stock_counts_status_check check (status in ('open', 'posted', 'cancelled')),
    constraint stock_counts_closed_when_not_open_check check (
        (status = 'open') = (closed_at is null)
    )
);
comment on table inventory.stock_counts is
'Stocktakes of a location: counted over hours or days, then posted at once.';
comment on column inventory.stock_counts.count_id is 'Key inside the database.';
comment on column inventory.stock_counts.location_id is 'Where it is counted.';
comment on column inventory.stock_counts.status is 'open, posted or cancelled.';
comment on column inventory.stock_counts.reference is 'The paper behind it.';
comment on column inventory.stock_counts.version is 'Counts edits.';
comment on column inventory.stock_counts.created_at is 'When it was begun.';
comment on column inventory.stock_counts.created_by is 'The actor who began it.';
comment on column inventory.stock_counts.closed_at is 'When it was posted or cancelled.';
comment on column inventory.stock_counts.updated_by is 'The actor of the last edit.';
comment on index inventory.stock_counts_pkey is 'For inventory.record_stock_count.';
comment on index inventory.stock_counts_location_key is
'For the foreign key of the lines, which are counted at one place.';

create index stock_counts_location_id_idx on inventory.stock_counts (location_id);
comment on index inventory.stock_counts_location_id_idx is
'For the foreign key to locations on delete.';

create table inventory.stock_count_lines (
    variant_id bigint not null,
    count_id bigint not null,
    location_id bigint not null,
    status text not null default 'open',
    expected integer not null,
    expected_seq bigint not null,
    counted integer not null,
    difference integer not null generated always as (counted - expected) stored,
    seq bigint,
    counted_at timestamptz not null default pg_catalog.clock_timestamp(),
    counted_by text not null,
    constraint stock_count_lines_pkey primary key (variant_id, count_id),
    constraint stock_count_lines_movement_key unique (variant_id, location_id, seq),
    constraint stock_count_lines_variant_id_fkey foreign key (variant_id)
    references product.variants (variant_id) on delete restrict,
    constraint stock_count_lines_count_fkey foreign key (count_id, location_id)
    references inventory.stock_counts (count_id, location_id) on delete restrict,
    constraint stock_count_lines_movement_fkey foreign key (variant_id, location_id, seq)
    references inventory.inventory_movements (variant_id, location_id, seq)
    on delete restrict deferrable initially immediate,
    constraint stock_count_lines_status_check check (status in ('open', 'posted', 'cancelled')),
    constraint stock_count_lines_quantities_check check (
        expected >= 0 and expected_seq >= 0 and counted >= 0
    ),
    constraint stock_count_lines_posted_has_movement_check check (
        (status = 'posted') = (seq is not null)
    )
);
comment on table inventory.stock_count_lines is
'What was counted, and what the books said at that moment.';
comment on column inventory.stock_count_lines.variant_id is 'What was counted.';
comment on column inventory.stock_count_lines.count_id is 'In which stocktake.';
comment on column inventory.stock_count_lines.location_id is 'Where.';
comment on column inventory.stock_count_lines.status is 'That of the stocktake.';
comment on column inventory.stock_count_lines.expected is 'on_hand when it was counted.';
comment on column inventory.stock_count_lines.expected_seq is
'The newest movement then; 0 for none. Those that follow do not spoil the difference, unless they
correct the books.';
comment on column inventory.stock_count_lines.counted is 'Units that were found.';
comment on column inventory.stock_count_lines.difference is 'Units to post.';
comment on column inventory.stock_count_lines.seq is 'The movement by which it was posted.';
comment on column inventory.stock_count_lines.counted_at is 'When.';
comment on column inventory.stock_count_lines.counted_by is 'The actor who counted.';
comment on index inventory.stock_count_lines_pkey is
'For inventory.record_stock_count, and the foreign key to variants on delete.';
comment on index inventory.stock_count_lines_movement_key is
'For the foreign key to the movement: one movement posts one line.';

create index stock_count_lines_count_id_location_id_idx
on inventory.stock_count_lines (count_id, location_id);
comment on index inventory.stock_count_lines_count_id_location_id_idx is
'For inventory.post_stock_count, and the foreign key to counts on delete.';
create unique index stock_count_lines_open_key
on inventory.stock_count_lines (variant_id, location_id) where status = 'open';
comment on index inventory.stock_count_lines_open_key is
'For inventory.record_stock_count: two open counts of a SKU would post one difference twice.';

create table inventory.inventory_analytics (
    variant_id bigint not null,
    day date not null,
    opening bigint not null,
    received bigint not null,
    sold bigint not null,
    returned bigint not null,
    adjusted bigint not null,
    transferred bigint not null,
    closing bigint not null,
    sellable_closing bigint not null,
    stockout_minutes integer not null,
    turnover numeric(19, 4) not null generated always as (
        case when opening + closing > 0
            then pg_catalog.round(2.0 * sold / (opening + closing), 4)
            else 0
        end
    ) stored,
    rebuilt_at timestamptz not null default pg_catalog.clock_timestamp(),
    constraint inventory_analytics_pkey primary key (variant_id, day),
    constraint inventory_analytics_variant_id_fkey foreign key (variant_id)
    references product.variants (variant_id) on delete restrict,
    constraint inventory_analytics_adds_up_check check (
        closing = opening + received - sold + returned + adjusted + transferred
    ),
    constraint inventory_analytics_units_are_not_negative_check check (
        opening >= 0 and received >= 0 and sold >= 0 and returned >= 0 and closing >= 0
        and sellable_closing between 0 and closing
    ),
    constraint inventory_analytics_stockout_minutes_check check (
        stockout_minutes between 0 and 1440
    )
);
comment on table inventory.inventory_analytics is
'What came, went and was there, per day in UTC and variant over all locations. A day without a
movement has no row: it is as the day before it ended.';
comment on column inventory.inventory_analytics.variant_id is 'What it is about.';
comment on column inventory.inventory_analytics.day is 'The day, in UTC.';
comment on column inventory.inventory_analytics.opening is 'on_hand at its start.';
comment on column inventory.inventory_analytics.received is 'Units delivered.';
comment on column inventory.inventory_analytics.sold is 'Units shipped.';
comment on column inventory.inventory_analytics.returned is 'Units that customers sent back.';
comment on column inventory.inventory_analytics.adjusted is
'Units that counts, adjustments, damage and openings added or took.';
comment on column inventory.inventory_analytics.transferred is
'Units that arrived from other locations less those that left; 0 but for a transfer at midnight.';
comment on column inventory.inventory_analytics.closing is 'on_hand at its end.';
comment on column inventory.inventory_analytics.sellable_closing is
'on_hand without damaged units at its end.';
comment on column inventory.inventory_analytics.stockout_minutes is
'Minutes during which no sellable unit was on hand, as if nothing moved after the last movement.';
comment on column inventory.inventory_analytics.turnover is
'Units sold, divided by the mean of opening and closing.';
comment on column inventory.inventory_analytics.rebuilt_at is 'When it was computed.';
comment on index inventory.inventory_analytics_pkey is
'For inventory.get_inventory_analytics and inventory.propose_reorder.';

create table inventory.analytics_progress (
    variant_id bigint not null,
    location_id bigint not null,
    seq bigint not null,
    constraint analytics_progress_pkey primary key (variant_id, location_id),
    constraint analytics_progress_inventory_fkey foreign key (variant_id, location_id)
    references inventory.inventory (variant_id, location_id)
    on delete restrict deferrable initially immediate
);
comment on table inventory.analytics_progress is
'Up to which movement the analytics of a stock row have been built.';
comment on column inventory.analytics_progress.variant_id is 'What is stocked.';
comment on column inventory.analytics_progress.location_id is 'Where.';
comment on column inventory.analytics_progress.seq is
'The newest movement that is in the analytics.';
comment on index inventory.analytics_progress_pkey is 'For inventory.rebuild_analytics.';

create table inventory.stock_jobs (
    job text not null,
    ran_at timestamptz,
    actor text not null,
    constraint stock_jobs_pkey primary key (job),
    constraint stock_jobs_job_check check (job in ('refresh_alerts', 'rebuild_analytics'))
);
comment on table inventory.stock_jobs is
'When the jobs of this service last ran; the row''s lock lets one of a kind run at a time.';
comment on column inventory.stock_jobs.job is 'The function that does it.';
comment on column inventory.stock_jobs.ran_at is 'When it last ended; null for never.';
comment on column inventory.stock_jobs.actor is 'Who ran it.';
comment on index inventory.stock_jobs_pkey is
'For inventory.refresh_alerts and inventory.rebuild_analytics, which wait here for each other.';

insert into inventory.stock_jobs (job, actor)
values ('refresh_alerts', 'migration'), ('rebuild_analytics', 'migration');

insert into core.business_rules (name, value, is_enabled, unit, description) values
    (
        'overstock_level', 1000, false, 'units',
        'Overstock level of a new stock row; settable per row.'
    ),
    ('supplier_rating_days', 365, true, 'days', 'Receipts that suppliers are measured by.'),
    ('reorder_demand_days', 90, true, 'days', 'Past days that demand is measured over.'),
    ('reorder_cover_days', 30, true, 'days', 'A reorder lasts this long beyond its lead time.'),
    ('abc_a_percent', 80, true, 'percent', 'SKUs that sell this share of all units are A.'),
    ('abc_b_percent', 95, true, 'percent', 'SKUs that sell up to this share of all are B.');
