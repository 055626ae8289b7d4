-- Post the differences of a stocktake, all of its lines or none, and close it.
--
-- Units that came or went since a line was counted did so in the books, too, so the difference
-- still holds; but not where the books were corrected since. Locks the stocktake, then stock in
-- ascending order of variant.
create or replace function inventory.post_stock_count(
    p_count_id bigint,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (
    sku text, expected integer, counted integer, difference integer, on_hand integer,
    version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- Plans that a session made while the tables were empty are kept until they are analyzed.
set enable_seqscan = off
as $function$
declare
    c_scope constant text := 'inventory.post_stock_count';
    v_response jsonb;
    v_count inventory.stock_counts;
    v_line record;
    v_change record;
    v_bad jsonb;
    v_rows jsonb[] := '{}';
    v_variant_ids bigint[] := '{}';
    v_available bigint[] := '{}';
    v_reserved bigint[] := '{}';
    v_on_hand bigint[] := '{}';
begin
    if p_expected_version is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_expected_version', 'expected', 'the version that was read'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'count_id', p_count_id, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_count := inventory.lock_stock_count(p_count_id, p_expected_version);
        perform inventory.lock_stock_rows(array(
            select n.variant_id from inventory.stock_count_lines as n where n.count_id = p_count_id
        ), v_count.location_id);
        select jsonb_agg(distinct v.sku) into v_bad
        from inventory.stock_count_lines as n
        inner join inventory.inventory_movements as m
            on m.variant_id = n.variant_id and m.location_id = n.location_id
            and m.seq > n.expected_seq
        inner join product.variants as v on v.variant_id = n.variant_id
        where n.count_id = p_count_id and m.kind in ('opening', 'adjustment', 'count');
        if v_bad is not null then
            perform core.refuse('SHI25', jsonb_build_object('skus', v_bad));
        end if;

        for v_line in
            select n.*, v.sku
            from inventory.stock_count_lines as n
            inner join product.variants as v on v.variant_id = n.variant_id
            where n.count_id = p_count_id
            order by n.variant_id
        loop
            v_change := inventory.change_on_hand(
                v_line.variant_id, v_line.location_id, 'count', null, v_line.difference, null,
                null, v_count.reference
            );
            if v_change.refusal is not null then
                perform core.refuse(
                    v_change.refusal, jsonb_build_object('sku', v_line.sku) || v_change.detail
                );
            end if;
            update inventory.stock_count_lines as n
            set status = 'posted', seq = (v_change.stock).last_seq
            where n.variant_id = v_line.variant_id and n.count_id = p_count_id;
            v_variant_ids := v_variant_ids || v_line.variant_id;
            v_available := v_available || v_change.reclaimed + v_change.delta;
            v_reserved := v_reserved || -v_change.reclaimed;
            v_on_hand := v_on_hand || v_change.delta::bigint;
            v_rows := v_rows || jsonb_build_object(
                'sku', v_line.sku, 'expected', v_line.expected, 'counted', v_line.counted,
                'difference', v_line.difference, 'on_hand', (v_change.stock).on_hand,
                'version', (v_change.stock).version
            );
        end loop;
        if v_rows = '{}' then
            perform core.refuse('22023', jsonb_build_object(
                'argument', 'p_count_id', 'expected', 'a stocktake in which something was counted'
            ));
        end if;

        update inventory.stock_counts as c
        set
            status = 'posted',
            version = c.version + 1,
            closed_at = clock_timestamp(),
            updated_by = core.actor()
        where c.count_id = p_count_id
        returning c.* into v_count;
        perform events.emit(
            'stock_count.posted', 'stock_count', array[p_count_id], array[v_count.version],
            array[jsonb_build_object(
                'count_id', p_count_id, 'location_id', v_count.location_id,
                'lines', cardinality(v_rows)
            )]
        );
        perform inventory.emit_stock_updated(
            'count', v_variant_ids, v_available, v_reserved, v_on_hand
        );
        v_response := to_jsonb(v_rows);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        sku text, expected integer, counted integer, difference integer, on_hand integer,
        version bigint
    );
end;
$function$;

comment on function inventory.post_stock_count(bigint, bigint, text) is
'Posts the differences of a stocktake against the version that the editor saw, all of its lines or
none, and closes it: a movement a line, also where nothing differs. Returns each line with what is
on hand now and the version of the stock. Errors: STOCK_COUNT_OUTDATED (the books were corrected
since: count those SKUs again), STOCK_IS_HELD, STOCK_CEILING_EXCEEDED, STOCK_COUNT_NOT_FOUND,
STOCK_COUNT_CLOSED, CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function inventory.post_stock_count(bigint, bigint, text) to inventory_editor;
