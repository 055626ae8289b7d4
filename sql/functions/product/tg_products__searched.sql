-- A trigger, because ratings are written in more than one place.
create or replace function product.tg_products__searched()
returns trigger
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform product.refresh_search_documents(array[new.product_id]);
    return null;
end;
$function$;

comment on function product.tg_products__searched() is
'Lets product.search_products filter and sort by the new rating of a product.';

create or replace trigger _900_searched
after update of rating_sum, rating_count on product.products
for each row
when (old.rating_sum <> new.rating_sum or old.rating_count <> new.rating_count)
execute function product.tg_products__searched();

comment on trigger _900_searched on product.products is
'Search documents have the rating of their product.';
