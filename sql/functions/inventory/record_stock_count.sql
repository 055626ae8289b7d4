-- Write down what was found, beside what the books say at this moment.
--
-- Stock goes on being sold meanwhile: it is the difference that is posted later, not what was
-- counted. Two open stocktakes with one SKU would post one difference twice, so a SKU is in one at
-- a time. Holds the stocktake, so that it is not posted half; waits for no stock.
create or replace function inventory.record_stock_count(
    p_count_id bigint,
    p_items jsonb,
    p_idempotency_key text default null
)
returns table (
    sku text, expected integer, counted integer, difference integer, version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- Plans that a session made while the tables were empty are kept until they are analyzed.
set enable_seqscan = off
as $function$
declare
    c_scope constant text := 'inventory.record_stock_count';
    v_response jsonb;
    v_count inventory.stock_counts;
    v_variant_ids bigint[];
    v_counted integer[];
    v_bad jsonb;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'count_id', p_count_id, 'items', p_items
    ));
    if v_response is null then
        perform core.check_items(
            p_items, '{"sku": "text", "counted": "count"}', core.rule('bulk_items_max')
        );
        v_count := inventory.lock_stock_count(p_count_id, null);
        select
            array_agg(v.variant_id order by v.variant_id),
            array_agg((p_items -> v.item - 1 ->> 'counted')::integer order by v.variant_id)
        into v_variant_ids, v_counted
        from inventory.find_variants(p_items) as v;
        if cardinality(v_variant_ids) > (
            select count(distinct v.id) from unnest(v_variant_ids) as v (id)
        ) then
            perform core.refuse('22023', jsonb_build_object(
                'argument', 'p_items', 'field', 'sku', 'expected', 'each SKU once in a call'
            ));
        end if;

        begin
            insert into inventory.stock_count_lines as n (
                variant_id, count_id, location_id, expected, expected_seq, counted, counted_by
            )
            select
                u.variant_id, p_count_id, v_count.location_id, coalesce(i.on_hand, 0),
                coalesce(i.last_seq, 0), u.counted, core.actor()
            from unnest(v_variant_ids, v_counted) as u (variant_id, counted)
            left join inventory.inventory as i
                on i.variant_id = u.variant_id and i.location_id = v_count.location_id
            order by u.variant_id
            on conflict on constraint stock_count_lines_pkey do update
                set
                    expected = excluded.expected,
                    expected_seq = excluded.expected_seq,
                    counted = excluded.counted,
                    counted_at = clock_timestamp(),
                    counted_by = excluded.counted_by;
        exception
            when unique_violation then
                select jsonb_agg(jsonb_build_object('sku', v.sku, 'count_id', n.count_id))
                into v_bad
                from inventory.stock_count_lines as n
                inner join product.variants as v on v.variant_id = n.variant_id
                where n.variant_id = any (v_variant_ids) and n.location_id = v_count.location_id
                and n.status = 'open' and n.count_id <> p_count_id;
                -- A transaction with an old snapshot does not see who was first.
                if v_bad is null then
                    perform core.refuse('40001', jsonb_build_object('count_id', p_count_id));
                end if;
                perform core.refuse('SHI26', jsonb_build_object('counts', v_bad));
        end;
        update inventory.stock_counts as c
        set version = c.version + 1, updated_by = core.actor()
        where c.count_id = p_count_id
        returning c.* into v_count;
        perform events.emit(
            'stock_count.recorded', 'stock_count', array[p_count_id], array[v_count.version],
            array[jsonb_build_object(
                'count_id', p_count_id, 'location_id', v_count.location_id,
                'lines', cardinality(v_variant_ids)
            )]
        );

        select jsonb_agg(jsonb_build_object(
            'sku', v.sku, 'expected', n.expected, 'counted', n.counted,
            'difference', n.difference, 'version', v_count.version
        ) order by n.variant_id)
        into v_response
        from inventory.stock_count_lines as n
        inner join product.variants as v on v.variant_id = n.variant_id
        where n.variant_id = any (v_variant_ids) and n.count_id = p_count_id;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        sku text, expected integer, counted integer, difference integer, version bigint
    );
end;
$function$;

comment on function inventory.record_stock_count(bigint, jsonb, text) is
'Adds what was counted to a stocktake, all of the items or none: 1 to 10,000 objects {"sku",
"counted"}, damaged units included. A SKU that is recorded again replaces its line. Returns each
line with what the books said and the difference, and the version of the stocktake. Errors:
STOCK_COUNT_NOT_FOUND, STOCK_COUNT_CLOSED, COUNTED_ELSEWHERE, PRODUCT_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.record_stock_count(bigint, jsonb, text) to inventory_editor;
