create or replace function product.check_depth(p_slug text, p_depth integer)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    -- The constraint of the table goes no further.
    v_max numeric := least(core.rule('category_depth_max'), 100);
begin
    if p_depth > v_max then
        perform core.refuse('SHP14', jsonb_build_object(
            'slug', p_slug, 'depth', p_depth, 'max', v_max
        ));
    end if;
end;
$function$;

comment on function product.check_depth(text, integer) is
'Refuses a tree with more levels than the rule allows. Errors: CATEGORY_TOO_DEEP.';
