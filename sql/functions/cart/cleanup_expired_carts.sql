-- Close carts that nobody has touched for long, beside live traffic.
--
-- Nothing depends on it: past its expiry a cart is nobody's. Carts that somebody is using at this
-- moment are skipped. Each cart is closed in a subtransaction, so that a broken one harms no other;
-- holds are released at the end, all at once, in lock order.
create or replace function cart.cleanup_expired_carts(p_limit integer default 1000)
returns table (cart_id bigint, lines integer, error text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_cart cart.carts;
    v_owners text[] := '{}';
    v_variant_ids bigint[] := '{}';
    v_variants bigint[];
begin
    if p_limit is null or p_limit not between 1 and 100000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of carts from 1 to 100000'
        ));
    end if;
    for v_cart in
        select c.*
        from cart.carts as c
        where c.status = 'active' and c.expires_at <= statement_timestamp()
        order by c.expires_at
        limit p_limit
        for no key update skip locked
    loop
        cart_id := v_cart.cart_id;
        lines := 0;
        error := null;
        begin
            v_variants := array(
                select i.variant_id from cart.cart_items as i where i.cart_id = v_cart.cart_id
            );
            perform cart.close_cart(v_cart, 'expired', null);
            perform inventory.check_buckets(array(
                select r
                from inventory.inventory_reservations as r
                where r.variant_id = any (v_variants) and r.owner = cart.owner_of(v_cart)
                and r.open_quantity > 0 and r.status = 'active'
            ));
            lines := cardinality(v_variants);
            v_variant_ids := v_variant_ids || v_variants;
            v_owners := v_owners
                || array_fill(cart.owner_of(v_cart), array[cardinality(v_variants)]);
        exception
            when integrity_constraint_violation or no_data_found then
                error := sqlstate || ': ' || sqlerrm;
        end;
        return next;
    end loop;
    perform inventory.release_holds(v_owners, v_variant_ids)
    where cardinality(v_owners) > 0;
end;
$function$;

comment on function cart.cleanup_expired_carts(integer) is
'Closes up to p_limit (1 to 100,000) carts that are past their expiry, the rule cart_days after the
last change, and releases what they hold. Returns a row a cart with its lines, or the error that
kept it open. A call is one transaction; repeat it until it returns no row without an error. Errors:
INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function cart.cleanup_expired_carts(integer) to cart_service;
