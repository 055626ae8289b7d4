-- Where a plain read finds stock of a variant: in the best-ranked active place that may cover the
-- quantity, the bucket that a draw from 0 to 1 points at. Other buckets of the place may cover what
-- this one does not, and no place beside it may be taken for that.
--
-- One SELECT, so that it becomes part of the statement that asks, and finds its rows by an index
-- whatever the planner thinks of the tables.
create or replace function inventory.find_bucket(
    p_variant_id bigint, p_quantity integer, p_location text, p_draw double precision
)
returns table (location_id bigint, code text, bucket integer, available integer)
language sql
stable
security invoker
begin atomic
    select i.location_id, k.code, b.bucket::integer, b.available
    from (
        select
            p_variant_id as variant_id, p_quantity as quantity, p_location as location,
            p_draw as draw
    ) as n
    inner join inventory.inventory as i on i.variant_id = n.variant_id
    inner join inventory.locations as k on k.location_id = i.location_id
    inner join inventory.stock_buckets as b
        on b.variant_id = n.variant_id and b.location_id = i.location_id
        and b.bucket = floor(n.draw * i.bucket_count)::integer
    where k.is_active
    and (n.location is null or k.code = n.location)
    and (b.available >= n.quantity or i.bucket_count > 1)
    order by k.rank, k.location_id
    limit 1;
end;

comment on function inventory.find_bucket(bigint, integer, text, double precision) is
'The bucket from which a reservation would first try to take a quantity; without a location, of the
best-ranked one. Locks nothing.';
