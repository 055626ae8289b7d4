-- Show a product to customers, or take it from them.
create or replace function product.set_product_status(
    p_code text,
    p_status text,
    p_expected_version bigint,
    p_summary text default null,
    p_idempotency_key text default null
)
returns table (code text, version bigint, status text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.set_product_status';
    v_response jsonb;
    v_product_id bigint;
    v_is_changed boolean;
    v_skus jsonb;
begin
    if p_status is null or p_status not in ('draft', 'active', 'archived') then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_status', 'expected', 'draft, active or archived'
        ));
    end if;
    perform core.check_text('p_summary', p_summary, 500) where p_summary is not null;

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'status', p_status, 'expected_version', p_expected_version,
        'summary', p_summary
    ));
    if v_response is null then
        v_product_id := product.lock_product(p_code, p_expected_version);
        if p_status = 'active' then
            -- Null without active variants; else those that nobody could pay for.
            select coalesce(jsonb_agg(v.sku order by v.sku) filter (where not v.is_priced), '[]')
            into v_skus
            from (
                select
                    s.sku,
                    exists (
                        select
                        from product.prices as x
                        where x.variant_id = s.variant_id and not isempty(x.validity)
                        and (upper_inf(x.validity) or upper(x.validity) > clock_timestamp())
                    ) as is_priced
                from product.variants as s
                where s.product_id = v_product_id and s.is_active
            ) as v
            having count(*) > 0;
            if v_skus is distinct from '[]' then
                perform core.refuse('SHP26', jsonb_build_object(
                    'code', p_code, 'skus_without_price', v_skus
                ));
            end if;
        end if;
        update product.products as p
        set
            status = p_status,
            published_at = case
                when p_status = 'active' then coalesce(p.published_at, clock_timestamp())
                else p.published_at
            end
        where p.product_id = v_product_id and p.status <> p_status;
        v_is_changed := found;
        v_response := product.finish_edit(
            v_product_id, case when v_is_changed then '["status"]' else '[]' end::jsonb,
            coalesce(p_summary, 'Made ' || p_status)
        ) || jsonb_build_object('status', p_status);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (code text, version bigint, status text);
end;
$function$;

comment on function product.set_product_status(text, text, bigint, text, text) is
'Makes a product draft, active or archived, against the version that the editor saw. Only active
ones are shown and sold, and one becomes active only with an active variant and a price for each;
SHP26 lists the SKUs without one (null: no active variant). The status that it has already is no
change. Errors: PRODUCT_NOT_FOUND, CONCURRENT_MODIFICATION, PRODUCT_INCOMPLETE, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.set_product_status(text, text, bigint, text, text)
to product_editor;
