-- Only what V9 made: an extension in another schema was here before it.
do $extensions$
declare
    v_extension text;
begin
    for v_extension in
        select e.extname
        from pg_catalog.pg_extension as e
        where e.extnamespace = pg_catalog.to_regnamespace('ext')
        and e.extname in ('pg_trgm', 'unaccent', 'btree_gist')
    loop
        execute pg_catalog.format('drop extension %I', v_extension);
    end loop;
    drop schema ext;
end;
$extensions$;
