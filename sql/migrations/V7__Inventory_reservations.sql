-- Reservations: promises of stock to an owner.
--
-- No foreign keys: the rows that they would point at are shared by many sessions, and locking
-- those for every promise costs a quarter of the speed. ops.invariant_reservation_orphans watches
-- instead.

set local role shop_owner;

create table inventory.inventory_reservations (
    variant_id bigint not null,
    reservation_id bigint generated always as identity,
    location_id bigint not null,
    owner text not null,
    status text not null default 'active',
    slot integer,
    slot_limit integer,
    quantity integer not null,
    open_quantity integer not null,
    shipped_quantity integer not null default 0,
    seq integer not null default 1,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    closed_at timestamptz,
    actor text not null,
    constraint inventory_reservations_pkey primary key (variant_id, reservation_id),
    -- The checks are short on purpose: each insert reads and compiles them anew.
    constraint inventory_reservations_owner_check check (
        owner like 'user:_%' or owner like 'order:_%' or owner like 'session:_%'
    ),
    constraint inventory_reservations_status_check check (
        status in ('active', 'consumed', 'released', 'expired')
    ),
    constraint inventory_reservations_closed_when_not_active_check check (
        (status = 'active') = (closed_at is null)
    ),
    constraint inventory_reservations_quantities_check check (
        quantity > 0 and open_quantity >= 0 and shipped_quantity >= 0
        and case status
            when 'active' then open_quantity = quantity and shipped_quantity = 0
            when 'consumed' then open_quantity + shipped_quantity <= quantity
            else open_quantity = 0 and shipped_quantity = 0
        end
    ),
    -- An active cart hold sits in one of its owner's numbered slots; that of an order needs none.
    constraint inventory_reservations_slot_check check (
        case when status = 'active' and owner not like 'order:%'
            then slot between 1 and slot_limit and slot is not null and slot_limit is not null
            else slot is null
        end
    )
);
comment on table inventory.inventory_reservations is
'Promises of stock. A row is active until it is consumed, released or expired, each once.';
comment on column inventory.inventory_reservations.variant_id is 'What is promised.';
comment on column inventory.inventory_reservations.reservation_id is
'Number of the reservation. Its handle outside is variant_id-reservation_id.';
comment on column inventory.inventory_reservations.location_id is 'Where it is promised from.';
comment on column inventory.inventory_reservations.owner is
'Who it is promised to: user:42, session:..., or order:1001.';
comment on column inventory.inventory_reservations.status is
'active, consumed, released or expired.';
comment on column inventory.inventory_reservations.slot is
'Which of the owner''s numbered places for this variant an active cart hold takes.';
comment on column inventory.inventory_reservations.slot_limit is
'The rule cart_holds_max as it was in force when the hold was made.';
comment on column inventory.inventory_reservations.quantity is 'Units promised at first.';
comment on column inventory.inventory_reservations.open_quantity is
'Units that are still kept back for it.';
comment on column inventory.inventory_reservations.shipped_quantity is 'Units that have left.';
comment on column inventory.inventory_reservations.seq is
'Number of its newest event; each change of the row adds one.';
comment on column inventory.inventory_reservations.expires_at is
'From then on an active hold counts as available again.';
comment on column inventory.inventory_reservations.created_at is 'When it was made.';
comment on column inventory.inventory_reservations.closed_at is 'When it ceased to be active.';
comment on column inventory.inventory_reservations.actor is 'Who changed it last.';
comment on index inventory.inventory_reservations_pkey is
'For inventory.lock_reservations, by the handle.';

-- One index for three questions: is the slot free, what does this owner hold, what is kept back.
create unique index inventory_reservations_open_key
on inventory.inventory_reservations (variant_id, owner, slot) where open_quantity > 0;
comment on index inventory.inventory_reservations_open_key is
'For the slots of inventory.reserve_inventory, and what inventory.stock_levels shows as reserved.';

create index inventory_reservations_overdue_idx
on inventory.inventory_reservations (variant_id, expires_at) where status = 'active';
comment on index inventory.inventory_reservations_overdue_idx is
'For inventory.reserve_inventory, which reclaims overdue holds, and the sweeper
inventory.cleanup_expired_reservations.';
