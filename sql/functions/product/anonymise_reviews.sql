-- Take the author's name off a user's reviews; what they say of the product stays.
create or replace function product.anonymise_reviews(p_user_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_review product.product_reviews;
begin
    -- The order of product.lock_review: products first.
    perform
    from product.products as p
    where p.product_id in (
        select r.product_id
        from product.product_reviews as r
        where r.user_id = p_user_id and r.author_name is not null
    )
    order by p.product_id
    for no key update;
    for v_review in
        update product.product_reviews as r
        set
            author_name = null,
            version = r.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where r.user_id = p_user_id and r.author_name is not null
        returning r.*
    loop
        perform product.emit_review('review.anonymised', v_review);
    end loop;
end;
$function$;

comment on function product.anonymise_reviews(bigint) is
'Takes the author''s name off a user''s reviews. For account.anonymise_user, which holds the lock of
the user.';
