-- What has to follow every change of a product's content: the next version with its snapshot, the
-- event, and the search document. The caller holds the lock of the products' rows.
create or replace function product.record_change(
    p_product_ids bigint[],
    p_fields jsonb[],
    p_summary text
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_ids bigint[];
    v_versions bigint[];
    v_payloads jsonb[];
begin
    if coalesce(cardinality(p_product_ids), 0) = 0 then
        return;
    end if;
    with updated as (
        update product.products as p
        set
            version = p.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        from unnest(p_product_ids, p_fields) as c (product_id, fields)
        where p.product_id = c.product_id
        returning p.product_id, p.version, p.code, c.fields
    )
    select
        array_agg(u.product_id order by u.product_id),
        array_agg(u.version order by u.product_id),
        array_agg(
            jsonb_build_object(
                'product_id', u.product_id, 'code', u.code, 'version', u.version,
                'fields', u.fields
            )
            order by u.product_id
        )
    into v_ids, v_versions, v_payloads
    from updated as u;

    -- In a statement of its own, which sees the rows as they are now.
    insert into product.content_versions (
        product_id, version, snapshot, fields, summary, author
    )
    select
        c.product_id, c.version, product.snapshot(c.product_id), c.payload -> 'fields', p_summary,
        core.actor()
    from unnest(v_ids, v_versions, v_payloads) as c (product_id, version, payload);

    perform events.emit('content.updated', 'product', v_ids, v_versions, v_payloads);
    perform product.refresh_search_documents(v_ids);
end;
$function$;

comment on function product.record_change(bigint[], jsonb[], text) is
'Counts up the versions of products whose content has changed, keeps a snapshot of each with a
summary of 1 to 500 characters, tells the outbox which fields changed (an array of names an element)
and refreshes what search reads.';
