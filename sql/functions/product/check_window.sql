-- The time from one moment to another; null means no limit on that side.
create or replace function product.check_window(
    p_valid_from timestamptz,
    p_valid_until timestamptz
)
returns tstzrange
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_valid_from >= p_valid_until or not isfinite(p_valid_from)
    or not isfinite(p_valid_until) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_valid_from, p_valid_until',
            'expected', 'a beginning before the end; null where there is none'
        ));
    end if;
    return tstzrange(p_valid_from, p_valid_until);
end;
$function$;

comment on function product.check_window(timestamptz, timestamptz) is
'The time between two moments, the end exclusive. Errors: INVALID_ARGUMENT.';
