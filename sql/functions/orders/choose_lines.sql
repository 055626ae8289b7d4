-- Which lines a call is about, and how many units of each.
--
-- A SKU stands for all lines that have it, taken from in their order; a line number for one of
-- them. p_open says how many units of each line may be chosen: {"1": 4, "2": 1}. Without items,
-- that is all of them. Units that one element has chosen are not there for the next.
create or replace function orders.choose_lines(
    p_order orders.orders, p_items jsonb, p_open jsonb, p_fields jsonb default '{}'
)
returns table (item integer, line_no integer, variant_id bigint, quantity integer)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_open jsonb := p_open;
    v_item record;
    v_line record;
    v_left integer;
    v_found integer;
    v_is_there boolean;
begin
    if p_items is null then
        return query
        select null::integer, i.line_no, i.variant_id, (p_open ->> i.line_no::text)::integer
        from orders.order_items as i
        where i.order_id = (p_order).order_id and (p_open ->> i.line_no::text)::integer > 0
        order by i.line_no;
        return;
    end if;
    perform core.check_items(
        p_items,
        '{"sku?": "text", "line_no?": "positive", "quantity?": "positive"}'::jsonb || p_fields,
        core.rule('bulk_items_max')
    );
    for v_item in
        select
            e.position::integer as position, e.element ->> 'sku' as sku,
            (e.element ->> 'line_no')::integer as line_no,
            (e.element ->> 'quantity')::integer as quantity
        from jsonb_array_elements(p_items) with ordinality as e (element, position)
        order by e.position
    loop
        if num_nonnulls(v_item.sku, v_item.line_no) <> 1 then
            perform core.refuse('22023', jsonb_build_object(
                'argument', 'p_items', 'item', v_item.position,
                'expected', 'a sku or a line_no, one of them'
            ));
        end if;
        v_left := v_item.quantity;
        v_found := 0;
        v_is_there := false;
        for v_line in
            select
                i.line_no, i.variant_id,
                coalesce((v_open ->> i.line_no::text)::integer, 0) as open
            from orders.order_items as i
            where i.order_id = (p_order).order_id
            and (i.line_no = v_item.line_no or i.sku = v_item.sku)
            order by i.line_no
        loop
            v_is_there := true;
            item := v_item.position;
            line_no := v_line.line_no;
            variant_id := v_line.variant_id;
            quantity := least(v_line.open, v_left);
            v_left := v_left - quantity;
            v_found := v_found + quantity;
            v_open := v_open || jsonb_build_object(line_no::text, v_line.open - quantity);
            if quantity > 0 then
                return next;
            end if;
        end loop;
        if not v_is_there then
            perform core.refuse('SHO31', jsonb_build_object(
                'order_number', (p_order).order_number, 'item', v_item.position,
                'sku', v_item.sku, 'line_no', v_item.line_no
            ));
        elsif v_left > 0 or v_found = 0 then
            perform core.refuse('SHO32', jsonb_build_object(
                'order_number', (p_order).order_number, 'item', v_item.position,
                'sku', v_item.sku, 'line_no', v_item.line_no, 'requested', v_item.quantity,
                'open', v_found
            ));
        end if;
    end loop;
end;
$function$;

comment on function orders.choose_lines(orders.orders, jsonb, jsonb, jsonb) is
'The lines and units that items mean: objects {"sku" or "line_no", "quantity"}, all that is open
without a quantity; null means all of the order. Errors: ORDER_LINE_NOT_FOUND,
ORDER_QUANTITY_EXCEEDED, INVALID_ARGUMENT.';
