create or replace function inventory.find_supplier(p_supplier text)
returns inventory.inventory_suppliers
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_supplier inventory.inventory_suppliers;
begin
    select s.* into v_supplier from inventory.inventory_suppliers as s where s.code = p_supplier;
    if not found then
        perform core.refuse('SHI20', jsonb_build_object('supplier', p_supplier));
    end if;
    return v_supplier;
end;
$function$;

comment on function inventory.find_supplier(text) is
'A supplier by its code. Errors: SUPPLIER_NOT_FOUND.';
