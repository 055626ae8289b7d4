create or replace function product.emit_price_list(p_event_type text, p_list product.price_lists)
returns void
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select events.emit(
    p_event_type, 'price_list', array[p_list.price_list_id], array[p_list.version],
    array[jsonb_build_object(
        'price_list_id', p_list.price_list_id, 'code', p_list.code, 'kind', p_list.kind,
        'customer_group', p_list.customer_group, 'priority', p_list.priority,
        'valid_from', lower(p_list.validity), 'valid_until', upper(p_list.validity),
        'is_active', p_list.is_active, 'version', p_list.version
    )]
);
$function$;

comment on function product.emit_price_list(text, product.price_lists) is
'Tells the outbox what a price list is now.';
