-- What the carts hold about a user.
create or replace function cart.user_data(p_user_id bigint)
returns jsonb
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select jsonb_build_object(
    'carts', (
        select coalesce(jsonb_agg(to_jsonb(c) - '{session_token,updated_by}'::text[]
        || jsonb_build_object(
            'items', (
                select coalesce(jsonb_agg(
                    to_jsonb(i) - 'cart_id' - 'updated_by' || jsonb_build_object('sku', v.sku)
                    order by i.added_at, i.variant_id
                ), '[]')
                from cart.cart_items as i
                inner join product.variants as v on v.variant_id = i.variant_id
                where i.cart_id = c.cart_id
            )
        ) order by c.cart_id), '[]')
        from cart.carts as c
        where c.user_id = p_user_id
    ),
    'cart_metrics', (
        select coalesce(jsonb_agg(to_jsonb(m) order by m.day, m.currency), '[]')
        from cart.cart_metrics as m
        where m.owner = 'user:' || p_user_id
    ),
    'cart_activities', (
        select coalesce(jsonb_agg(to_jsonb(a) order by a.activity_id), '[]')
        from cart.cart_activities as a
        where a.owner = 'user:' || p_user_id
    )
);
$function$;

comment on function cart.user_data(bigint) is
'Everything that the cart service holds about a user, for account.export_user.';
