-- Whether an address has its usual form: told from its text, since every order comes through here.
-- What it says no to may be fine; account.check_address finds out. A text of jsonb without a
-- backslash has no control characters.
create or replace function orders.is_plain_address(p_address jsonb)
returns boolean
language plpgsql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_text constant text := p_address::text;
begin
    return coalesce(
        jsonb_typeof(p_address) = 'object'
        and p_address ?& '{recipient,line1,city,country}'
        and p_address
            - '{recipient,company,line1,line2,postal_code,city,region,country}'::text[] = '{}'
        and not p_address @? '$.* ? (@.type() <> "string")'
        -- No text is escaped or empty, none begins or ends with a blank, and together they are
        -- no longer than one may be.
        and strpos(v_text, chr(92)) = 0 and strpos(v_text, '""') = 0
        and strpos(v_text, '" ') = 0 and strpos(v_text, ' ",') = 0 and right(v_text, 3) <> ' "}'
        and length(v_text) <= 200
        and length(p_address ->> 'country') = 2
        and translate(p_address ->> 'country', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = ''
        and length(coalesce(p_address ->> 'postal_code', '-')) <= 20, false
    );
end;
$function$;

comment on function orders.is_plain_address(jsonb) is
'Whether an address certainly has the form that account.check_address asks for.';
