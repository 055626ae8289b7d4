-- Whether an address has its usual form: short, since an order has two. What it says no to may be
-- fine; account.check_address finds out. A text of jsonb without a backslash has no control
-- characters.
create or replace function orders.is_plain_address(p_address jsonb)
returns boolean
language plpgsql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    return coalesce(
        jsonb_typeof(p_address) = 'object'
        and p_address ?& '{recipient,line1,city,country}'
        and strpos(p_address::text, chr(92)) = 0
        and length(p_address ->> 'country') = 2
        and translate(p_address ->> 'country', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = ''
        and length(coalesce(p_address ->> 'postal_code', '-')) <= 20
        and p_address
            - '{recipient,company,line1,line2,postal_code,city,region,country}'::text[] = '{}'
        and (
            select bool_and(
                jsonb_typeof(e.value) = 'string'
                and length(e.value #>> '{}') between 1 and 200
                and btrim(e.value #>> '{}') = e.value #>> '{}'
            )
            from jsonb_each(p_address) as e
        ), false
    );
end;
$function$;

comment on function orders.is_plain_address(jsonb) is
'Whether an address certainly has the form that account.check_address asks for.';
