-- A line of a reservation, as inventory.reserve_inventory resolves it: one array of these is
-- cheaper to carry between two statements than an array a column.

set local role shop_owner;

create type inventory.reservation_line as (
    variant_id bigint,
    sku text,
    quantity integer,
    location_id bigint,
    location text,
    bucket integer,
    reservation_id bigint,
    slot integer
);
comment on type inventory.reservation_line is
'A line of a reservation with all that inventory.reserve_inventory has found for it.';
