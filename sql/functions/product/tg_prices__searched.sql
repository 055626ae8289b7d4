-- A trigger, because prices are written in more than one place: a product must be found by a
-- price that it has now or will have later.
--
-- The document is locked before it is read, so that a product that another session publishes at
-- this moment gets the price too (product.refresh_search_documents says why). It is written only
-- when the price lies in a band that it does not have: a price that ends leaves its band until
-- the next refresh.
create or replace function product.tg_prices__searched()
returns trigger
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_product_ids bigint[];
begin
    v_product_ids := array(
        select distinct v.product_id
        from changed as c
        cross join lateral (
            select s.product_id
            from product.variants as s
            where s.variant_id = c.variant_id and s.is_active
            limit 1
        ) as v
        where c.min_quantity = 1 and not isempty(c.validity)
    );
    if v_product_ids = '{}' then
        return null;
    end if;
    perform product.lock_search_documents(v_product_ids);
    perform product.refresh_search_documents(array(
        select distinct d.product_id
        from changed as c
        cross join lateral (
            select s.product_id
            from product.variants as s
            where s.variant_id = c.variant_id
            limit 1
        ) as v
        cross join lateral (
            select x.product_id, x.marks
            from product.search_documents as x
            where x.product_id = v.product_id and x.is_listed
            limit 1
        ) as d
        where c.min_quantity = 1
        and not isempty(c.validity)
        and product.search_mark('price', c.currency, c.amount::text) <> all (d.marks)
        order by 1
    ));
    return null;
end;
$function$;

comment on function product.tg_prices__searched() is
'Lets product.search_products find a product by its new price.';

create or replace trigger _900_searched_inserted
after insert on product.prices
referencing new table as changed
for each statement
execute function product.tg_prices__searched();

comment on trigger _900_searched_inserted on product.prices is
'A new price is one that its product can be found by.';

create or replace trigger _900_searched_updated
after update on product.prices
referencing new table as changed
for each statement
execute function product.tg_prices__searched();

comment on trigger _900_searched_updated on product.prices is
'A changed price is one that its product can be found by.';
