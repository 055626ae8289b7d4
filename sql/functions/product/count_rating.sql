-- Keep the rating of a product exact: what counted before goes, what counts now comes. The caller
-- holds the lock of the product's row, so that no two of these are at work at once. The search
-- document follows by product.tg_products__searched.
create or replace function product.count_rating(
    p_product_id bigint,
    p_rating_before integer,
    p_rating_after integer
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_rating_before is not distinct from p_rating_after then
        return;
    end if;
    update product.products as p
    set
        rating_sum = p.rating_sum + coalesce(p_rating_after, 0) - coalesce(p_rating_before, 0),
        rating_count = p.rating_count + (p_rating_after is not null)::integer
        - (p_rating_before is not null)::integer
    where p.product_id = p_product_id;
end;
$function$;

comment on function product.count_rating(bigint, integer, integer) is
'Changes the rating of a product by one review: the rating that it had and has, null where it did
not or does not count.';
