-- The numbers that come next come after those that the load chose.
do $do$
declare
    v_column record;
begin
    for v_column in
        select
            c.oid::regclass as table_name,
            a.attname,
            pg_get_serial_sequence(c.oid::regclass::text, a.attname) as sequence_name
        from pg_attribute as a
        inner join pg_class as c on c.oid = a.attrelid
        where a.attidentity <> '' and c.relkind in ('r', 'p') and not c.relispartition
        and c.relnamespace::regnamespace::text = any (
            array['account', 'product', 'cart', 'orders', 'payment', 'inventory']
        )
    loop
        execute format(
            'select setval(%%L, 1 + coalesce(max(%%I), 0), false) from %%s',
            v_column.sequence_name, v_column.attname, v_column.table_name
        );
    end loop;
end;
$do$;
