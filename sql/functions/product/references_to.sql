-- What refers to products or variants and would be lost or left alone with them.
--
-- Read from the catalogue, so that a table that comes later is found too: every table with a
-- product_id or variant_id, but for those whose rows are parts and go with the product (their
-- foreign key cascades or sets null). Each such column leads an index.
create or replace function product.references_to(p_product_ids bigint[], p_variant_ids bigint[])
returns jsonb
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_column record;
    v_rows bigint;
    v_references jsonb := '[]';
begin
    for v_column in
        select
            n.nspname, c.relname, a.attname,
            case a.attname when 'product_id' then p_product_ids else p_variant_ids end as keys
        from pg_catalog.pg_class as o
        inner join pg_catalog.pg_class as c on c.relowner = o.relowner
        inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        inner join pg_catalog.pg_attribute as a on a.attrelid = c.oid
        where o.oid = 'product.products'::regclass
        and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
        and c.oid not in ('product.products'::regclass, 'product.variants'::regclass)
        and a.attname in ('product_id', 'variant_id') and a.atttypid = 'bigint'::regtype
        and not exists (
            select
            from pg_catalog.pg_constraint as k
            where k.conrelid = c.oid and k.contype = 'f' and k.confdeltype in ('c', 'n')
            and a.attnum = any (k.conkey)
        )
        order by n.nspname, c.relname, a.attname
    loop
        -- Who decides wants to know how much there is, not to the last row of a long history.
        execute format(
            'select count(*) from (select from %I.%I as t where t.%I = any ($1) limit 1000) as r',
            v_column.nspname, v_column.relname, v_column.attname
        )
        into v_rows
        using v_column.keys;
        if v_rows > 0 then
            v_references := v_references || jsonb_build_object(
                'table', v_column.nspname || '.' || v_column.relname, 'rows', v_rows
            );
        end if;
    end loop;
    return v_references;
end;
$function$;

comment on function product.references_to(bigint[], bigint[]) is
'The tables that refer to products or variants, each with how many rows do, counted up to 1,000.';
