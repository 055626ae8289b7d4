create or replace function product.read_search_cursor(p_request jsonb, p_cursor text)
returns jsonb
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_text bytea;
begin
    if p_cursor is null then
        return null;
    end if;
    -- The digest first: only what this service has written is read as anything.
    if length(p_cursor) between 18 and 10000 and length(p_cursor) % 2 = 0
    and p_cursor ~ '^[0-9a-f]+$' then
        v_text := decode(substr(p_cursor, 17), 'hex');
        if left(encode(sha256(convert_to(p_request::text, 'UTF8') || v_text), 'hex'), 16)
        = left(p_cursor, 16) then
            return convert_from(v_text, 'UTF8')::jsonb;
        end if;
    end if;
    perform core.refuse('SHP50', '{"argument": "p_cursor"}');
end;
$function$;

comment on function product.read_search_cursor(jsonb, text) is
'What product.write_search_cursor wrote for the same search; null for null.
Errors: CURSOR_INVALID.';
