-- A trigger, because variants are moved in more than one place: what belongs to the page of the old
-- product does not follow a variant to another one.
create or replace function product.tg_variants__moved()
returns trigger
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    update product.product_images as i
    set variant_id = null
    where i.variant_id = new.variant_id;
    new.options := '{}';
    return new;
end;
$function$;

comment on function product.tg_variants__moved() is
'Takes from a variant that moves to another product the option values and images of the old one.';

create or replace trigger _100_moved
before update of product_id on product.variants
for each row
when (old.product_id <> new.product_id)
execute function product.tg_variants__moved();

comment on trigger _100_moved on product.variants is
'A variant that moves has no values of the old product''s options and none of its images.';
