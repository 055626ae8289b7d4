-- Lock a review for an edit, against the version that was read: the product first, because its
-- rating may change and because that is the order in which a product and its reviews go.
create or replace function product.lock_review(
    p_review uuid,
    p_expected_version bigint,
    p_user_id bigint default null
)
returns product.product_reviews
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_review product.product_reviews;
begin
    perform
    from product.products as p
    where p.product_id = (
        select r.product_id
        from product.product_reviews as r
        where r.public_id = p_review and (p_user_id is null or r.user_id = p_user_id)
    )
    for no key update;
    if found then
        select r.* into v_review
        from product.product_reviews as r
        where r.public_id = p_review
        for update;
    end if;
    if v_review.review_id is null then
        perform core.refuse('SHP37', jsonb_build_object('review', p_review));
    end if;
    if v_review.version is distinct from p_expected_version then
        perform core.refuse('SHC02', jsonb_build_object(
            'review', p_review, 'expected_version', p_expected_version, 'version', v_review.version
        ));
    end if;
    return v_review;
end;
$function$;

comment on function product.lock_review(uuid, bigint, bigint) is
'Locks a product and one of its reviews, which has to be of the user where one is given; returns
the review. Errors: REVIEW_NOT_FOUND, CONCURRENT_MODIFICATION.';
