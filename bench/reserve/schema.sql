-- What a good ORM model of the same thing would be: the counter on the stock row, guarded by a check,
-- and a reservation row with the indexes that its queries need. No foreign key, no event, no
-- idempotency, no limit: the rival does less, not more.
drop schema if exists orm cascade;
create schema orm;

create table orm.stock (
    sku text primary key,
    on_hand integer not null,
    available integer not null check (available >= 0)
) with (fillfactor = 70);

create table orm.reservations (
    reservation_id bigint generated always as identity primary key,
    sku text not null,
    owner text not null,
    quantity integer not null check (quantity > 0),
    status text not null default 'active',
    expires_at timestamptz not null,
    created_at timestamptz not null default now()
);
create index on orm.reservations (sku, owner);
create index on orm.reservations (expires_at) where status = 'active';

insert into orm.stock (sku, on_hand, available)
select v.sku, 900000000, 900000000
from product.variants as v
where v.sku <> 'S0';

-- The sold-out product of the last table.
insert into orm.stock (sku, on_hand, available) values ('S0', 0, 0);

create function orm.refused(p_owner text, p_key text)
returns boolean
language plpgsql
as $function$
begin
    perform inventory.reserve_inventory('[{"sku": "S0", "quantity": 1}]', p_owner, null, p_key);
    return false;
exception
    when sqlstate 'SHI01' then
        return true;
end;
$function$;
