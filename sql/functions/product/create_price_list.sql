-- Make a price list. Its prices come after it: product.bulk_update_prices, product.schedule_price.
create or replace function product.create_price_list(
    p_code text,
    p_name text,
    p_priority integer,
    p_customer_group text default null,
    p_valid_from timestamptz default null,
    p_valid_until timestamptz default null,
    p_idempotency_key text default null
)
returns table (price_list_id bigint, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.create_price_list';
    c_code constant text := '^[a-z0-9]+([_-][a-z0-9]+)*$';
    v_response jsonb;
    v_list product.price_lists;
begin
    if p_code is null or p_code !~ c_code or length(p_code) > 64 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_code', 'expected',
            'at most 64 lower-case letters and digits, with single hyphens or underscores between'
        ));
    end if;
    if p_customer_group !~ c_code or length(p_customer_group) > 64 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_customer_group', 'expected', 'a code as users have it'
        ));
    end if;
    perform core.check_text('p_name', p_name, 200);
    if p_priority is null or p_priority not between 1 and 1000000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_priority', 'expected', 'a whole number from 1 to 1000000'
        ));
    end if;

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'name', p_name, 'priority', p_priority, 'customer_group', p_customer_group,
        'valid_from', p_valid_from at time zone 'UTC',
        'valid_until', p_valid_until at time zone 'UTC'
    ));
    if v_response is null then
        insert into product.price_lists as l (
            code, name, kind, customer_group, priority, validity, updated_by
        )
        values (
            p_code, p_name, case when p_customer_group is null then 'sale' else 'group' end,
            p_customer_group, p_priority, product.check_window(p_valid_from, p_valid_until),
            core.actor()
        )
        on conflict on constraint price_lists_code_key do nothing
        returning l.* into v_list;
        if not found then
            perform core.refuse('SHP31', jsonb_build_object('price_list', p_code));
        end if;
        perform product.emit_price_list('price_list.created', v_list);
        v_response := jsonb_build_object(
            'price_list_id', v_list.price_list_id, 'version', v_list.version
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.* from jsonb_to_record(v_response) as r (price_list_id bigint, version bigint);
end;
$function$;

comment on function
product.create_price_list(text, text, integer, text, timestamptz, timestamptz, text) is
'Makes a price list, in force for everybody or, where one is named, for a customer group, from a
moment until another one (exclusive; null for no limit). Of the lists that have a price in force the
one of the highest priority (1 to 1,000,000; the base list has 0) counts, of two alike the younger.
Errors: PRICE_LIST_CODE_TAKEN, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function
product.create_price_list(text, text, integer, text, timestamptz, timestamptz, text)
to product_editor;
