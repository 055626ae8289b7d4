-- A trigger, because no constraint can: an exclusion constraint allows one primary image at most,
-- and this demands one at least. After the statement, so that one statement may delete the primary
-- and name another.
create or replace function product.tg_product_images__primary()
returns trigger
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_product_id bigint;
begin
    select c.product_id into v_product_id
    from changed as c
    where exists (
        select from product.product_images as i where i.product_id = c.product_id
    )
    and not exists (
        select from product.product_images as i where i.product_id = c.product_id and i.is_primary
    )
    limit 1;
    if found then
        raise exception 'a product with images has one primary image'
            using errcode = 'check_violation',
                  detail = jsonb_build_object(
                      'error', 'CHECK_VIOLATION', 'product_id', v_product_id
                  )::text,
                  hint = 'Use product.set_primary_image, add_image or remove_image.',
                  schema = 'product', table = 'product_images';
    end if;
    return null;
end;
$function$;

comment on function product.tg_product_images__primary() is
'Refuses a statement that leaves a product with images but without a primary one. Errors: 23514.';

create or replace trigger _500_primary_inserted
after insert on product.product_images
referencing new table as changed
for each statement
execute function product.tg_product_images__primary();

comment on trigger _500_primary_inserted on product.product_images is
'The first image of a product is its primary one.';

create or replace trigger _500_primary_updated
after update on product.product_images
referencing new table as changed
for each statement
execute function product.tg_product_images__primary();

comment on trigger _500_primary_updated on product.product_images is
'A primary image gives its place only to another one.';

create or replace trigger _500_primary_deleted
after delete on product.product_images
referencing old table as changed
for each statement
execute function product.tg_product_images__primary();

comment on trigger _500_primary_deleted on product.product_images is
'A primary image goes last, or names another one.';
