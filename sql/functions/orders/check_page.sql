-- What the lists of orders take.
create or replace function orders.check_page(p_status text, p_limit integer, p_max integer)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_status not in (
        'pending', 'confirmed', 'processing', 'shipped', 'delivered', 'completed', 'cancelled',
        'expired'
    ) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_status', 'expected', 'pending, confirmed, processing, shipped, '
            || 'delivered, completed, cancelled or expired'
        ));
    elsif p_limit is null or p_limit not between 1 and p_max then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number from 1 to ' || p_max
        ));
    end if;
end;
$function$;

comment on function orders.check_page(text, integer, integer) is
'Refuses what is no status (null is any), and a page without a size or with too many rows.
Errors: INVALID_ARGUMENT.';
