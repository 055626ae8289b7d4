-- Locations, stock, its buckets and its movements.
--
-- What can still be promised is kept in buckets, so that a hot variant is not one hot row; what is
-- physically there is kept in the inventory row, tied to its newest movement by a deferred key.
-- Both keys of that circle are deferrable, so that a data-only restore works.

set local role shop_owner;

create table inventory.locations (
    location_id bigint generated always as identity,
    code text not null,
    name text not null,
    rank integer not null,
    is_active boolean not null default true,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint locations_pkey primary key (location_id),
    constraint locations_code_key unique (code),
    constraint locations_code_is_a_code_check check (code ~ '^[A-Z0-9][A-Z0-9_-]{0,31}$'),
    constraint locations_name_length_check check (pg_catalog.length(name) between 1 and 200)
);
comment on table inventory.locations is 'Places that hold stock.';
comment on column inventory.locations.location_id is 'Key inside the database.';
comment on column inventory.locations.code is 'Short name in capitals, such as MAIN.';
comment on column inventory.locations.name is 'Name for people.';
comment on column inventory.locations.rank is
'Lower ranks are reserved from first when a caller names no location.';
comment on column inventory.locations.is_active is 'Whether stock may be promised from here.';
comment on column inventory.locations.version is 'Counts edits.';
comment on column inventory.locations.created_at is 'When it was made.';
comment on column inventory.locations.updated_at is 'When it was last edited.';
comment on column inventory.locations.updated_by is 'The actor of the last edit.';
comment on index inventory.locations_pkey is 'For inventory.stock_levels and the key of stock.';
comment on index inventory.locations_code_key is 'For inventory.find_location.';

insert into inventory.locations (code, name, rank, updated_by)
values ('MAIN', 'Main warehouse', 1, 'migration');

create table inventory.inventory (
    variant_id bigint not null,
    location_id bigint not null,
    on_hand integer not null default 0,
    damaged integer not null default 0,
    max_on_hand integer not null,
    min_stock_level integer not null,
    last_seq bigint,
    bucket_count smallint not null default 1,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    last_updated_by text not null,
    constraint inventory_pkey primary key (variant_id, location_id),
    constraint inventory_variant_id_fkey foreign key (variant_id)
    references product.variants (variant_id) on delete restrict,
    constraint inventory_location_id_fkey foreign key (location_id)
    references inventory.locations (location_id) on delete restrict,
    constraint inventory_on_hand_within_ceiling_check check (on_hand between 0 and max_on_hand),
    constraint inventory_damaged_is_on_hand_check check (damaged between 0 and on_hand),
    constraint inventory_min_stock_level_is_not_negative_check check (min_stock_level >= 0),
    constraint inventory_bucket_count_check check (bucket_count between 1 and 64),
    constraint inventory_unmoved_is_empty_check check (last_seq is not null or on_hand = 0)
) with (fillfactor = 70);
comment on table inventory.inventory is
'What is physically there, per variant and location. Reservations never touch it.';
comment on column inventory.inventory.variant_id is 'What is stocked.';
comment on column inventory.inventory.location_id is 'Where.';
comment on column inventory.inventory.on_hand is 'Units there, damaged ones included.';
comment on column inventory.inventory.damaged is 'Units there that cannot be sold.';
comment on column inventory.inventory.max_on_hand is 'Ceiling of on_hand for this row.';
comment on column inventory.inventory.min_stock_level is
'At or below this many available units the stock is low.';
comment on column inventory.inventory.last_seq is
'Number of the newest movement, which states the same on_hand and damaged.';
comment on column inventory.inventory.bucket_count is 'In how many buckets availability is kept.';
comment on column inventory.inventory.version is
'Counts edits and movements, not reservations: an editor''s function compares it.';
comment on column inventory.inventory.created_at is 'When stock was first kept here.';
comment on column inventory.inventory.updated_at is 'When the row was last changed.';
comment on column inventory.inventory.last_updated_by is 'The actor of the last change.';
comment on index inventory.inventory_pkey is
'For inventory.reserve_inventory, and every function that changes stock.';

-- The variant makes it never look as good as the primary key for one stock row.
create index inventory_location_id_variant_id_idx
on inventory.inventory (location_id, variant_id);
comment on index inventory.inventory_location_id_variant_id_idx is
'For what a location holds, and its foreign key on delete.';

create table inventory.stock_buckets (
    variant_id bigint not null,
    location_id bigint not null,
    bucket smallint not null,
    available integer not null,
    constraint stock_buckets_pkey primary key (variant_id, location_id, bucket),
    constraint stock_buckets_inventory_fkey foreign key (variant_id, location_id)
    references inventory.inventory (variant_id, location_id) on delete restrict
    deferrable initially immediate,
    constraint stock_buckets_bucket_check check (bucket between 0 and 63),
    -- Over-selling is refused here, whatever a function above forgets.
    constraint stock_buckets_available_is_not_negative_check check (available >= 0)
) with (fillfactor = 30, autovacuum_vacuum_scale_factor = 0.05);
comment on table inventory.stock_buckets is
'What can still be promised, spread over as many rows as the inventory row says.';
comment on column inventory.stock_buckets.variant_id is 'What is stocked.';
comment on column inventory.stock_buckets.location_id is 'Where.';
comment on column inventory.stock_buckets.bucket is 'Number from 0 to bucket_count - 1.';
comment on column inventory.stock_buckets.available is 'Units that nobody has been promised.';
comment on index inventory.stock_buckets_pkey is
'For inventory.reserve_inventory and inventory.credit_stock.';

create table inventory.inventory_movements (
    variant_id bigint not null,
    location_id bigint not null,
    seq bigint not null,
    prev_seq bigint generated always as (nullif(seq - 1, 0)) stored,
    kind text not null,
    on_hand_before integer not null,
    on_hand_delta integer not null,
    on_hand_after integer not null,
    damaged_before integer not null,
    damaged_delta integer not null default 0,
    damaged_after integer not null,
    reason text,
    reference text,
    reservation_id bigint,
    actor text not null,
    request_id text,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    constraint inventory_movements_pkey primary key (variant_id, location_id, seq),
    constraint inventory_movements_state_key unique (
        variant_id, location_id, seq, on_hand_after, damaged_after
    ),
    constraint inventory_movements_inventory_fkey foreign key (variant_id, location_id)
    references inventory.inventory (variant_id, location_id) on delete restrict
    deferrable initially immediate,
    -- With the check below, this makes the movements of a row one unbroken chain.
    -- lint: allow foreign_key_index on inventory.inventory_movements.inventory_movements_previous_fkey: movements are never deleted
    constraint inventory_movements_previous_fkey foreign key (
        variant_id, location_id, prev_seq, on_hand_before, damaged_before
    ) references inventory.inventory_movements (
        variant_id, location_id, seq, on_hand_after, damaged_after
    ) on delete restrict deferrable initially immediate,
    constraint inventory_movements_starts_empty_check check (
        seq > 1 or (seq = 1 and on_hand_before = 0 and damaged_before = 0)
    ),
    constraint inventory_movements_adds_up_check check (
        on_hand_after = on_hand_before + on_hand_delta
        and damaged_after = damaged_before + damaged_delta
    ),
    constraint inventory_movements_kind_check check (
        kind in (
            'opening', 'receipt', 'shipment', 'return', 'adjustment', 'damage', 'transfer', 'count'
        )
    ),
    constraint inventory_movements_sign_check check (
        case kind
            when 'opening' then on_hand_delta >= 0
            when 'receipt' then on_hand_delta > 0
            when 'return' then on_hand_delta > 0
            when 'shipment' then on_hand_delta < 0
            when 'count' then true
            else on_hand_delta <> 0 or damaged_delta <> 0
        end
    ),
    constraint inventory_movements_adjustment_has_reason_check check (
        kind not in ('adjustment', 'damage')
        or reason is not null and pg_catalog.length(reason) between 1 and 500
    ),
    constraint inventory_movements_shipment_has_reservation_check check (
        (kind = 'shipment') = (reservation_id is not null)
    )
);
comment on table inventory.inventory_movements is
'Every change of on_hand and damaged, in order. Rows are never changed or dropped.';
comment on column inventory.inventory_movements.variant_id is 'What moved.';
comment on column inventory.inventory_movements.location_id is 'Where.';
comment on column inventory.inventory_movements.seq is 'Number in the chain of the row, from 1.';
comment on column inventory.inventory_movements.prev_seq is
'The movement before; null for the first one.';
comment on column inventory.inventory_movements.kind is
'opening, receipt, shipment, return, adjustment, damage, transfer or count.';
comment on column inventory.inventory_movements.on_hand_before is 'What the movement before left.';
comment on column inventory.inventory_movements.on_hand_delta is 'Units that came or went.';
comment on column inventory.inventory_movements.on_hand_after is 'Units there afterwards.';
comment on column inventory.inventory_movements.damaged_before is
'Damaged units that the movement before left.';
comment on column inventory.inventory_movements.damaged_delta is
'Units that became unsellable, or went away as such.';
comment on column inventory.inventory_movements.damaged_after is 'Damaged units afterwards.';
comment on column inventory.inventory_movements.reason is 'Why; required for an adjustment.';
comment on column inventory.inventory_movements.reference is
'The paper behind it: a delivery note, a count sheet.';
comment on column inventory.inventory_movements.reservation_id is
'The hold that a shipment fulfils.';
comment on column inventory.inventory_movements.actor is 'Who acted.';
comment on column inventory.inventory_movements.request_id is 'The request that it was done for.';
comment on column inventory.inventory_movements.created_at is 'When it happened.';
comment on index inventory.inventory_movements_pkey is
'For the history of a stock row, and ops.invariant_movements_chain.';
comment on index inventory.inventory_movements_state_key is
'For the foreign keys that tie movements to each other and to the inventory row.';

alter table inventory.inventory
add constraint inventory_last_movement_fkey foreign key (
    variant_id, location_id, last_seq, on_hand, damaged
) references inventory.inventory_movements (
    variant_id, location_id, seq, on_hand_after, damaged_after
) on delete restrict deferrable initially deferred;
