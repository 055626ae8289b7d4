-- A place in a list for colleagues: <list>:<microseconds since 1970>:<order>. Microseconds are
-- whole and the same in every time zone.
create or replace function orders.read_cursor(
    p_list text, p_cursor text, out happened_at timestamptz, out order_id bigint
)
returns record
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    happened_at := '-infinity';
    order_id := 0;
    if p_cursor is not null then
        if split_part(p_cursor, ':', 1) <> p_list
        or p_cursor !~ '^[a-z]+:[0-9]{1,17}:[0-9]{1,18}$' then
            perform core.refuse('SHP50', '{"argument": "p_cursor"}');
        end if;
        happened_at := 'epoch'::timestamptz
            + split_part(p_cursor, ':', 2)::bigint * interval '1 microsecond';
        order_id := split_part(p_cursor, ':', 3)::bigint;
    end if;
end;
$function$;

comment on function orders.read_cursor(text, text) is
'The time and the order that a cursor of the list stands for; before all of them where it is null.
Errors: CURSOR_INVALID.';
