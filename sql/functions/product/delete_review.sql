-- Let an author take a review away, whoever the author is by now: nobody has to keep an opinion.
create or replace function product.delete_review(
    p_user_id bigint,
    p_review uuid,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (review uuid)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_scope constant text := 'product.delete_review user:' || p_user_id;
    v_response jsonb;
    v_review product.product_reviews;
begin
    if p_user_id is null then
        perform core.refuse('SHA03', jsonb_build_object('user_id', p_user_id));
    end if;
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'user_id', p_user_id, 'review', p_review, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_review := product.lock_review(p_review, p_expected_version, p_user_id);
        delete from product.product_reviews as r
        where r.product_id = v_review.product_id and r.review_id = v_review.review_id;
        perform product.count_rating(
            v_review.product_id, case when v_review.status = 'approved' then v_review.rating end,
            null
        );
        v_review.version := v_review.version + 1;
        v_review.status := 'deleted';
        perform product.emit_review('review.deleted', v_review);
        v_response := to_jsonb(p_review);
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query select (v_response #>> '{}')::uuid;
end;
$function$;

comment on function product.delete_review(bigint, uuid, bigint, text) is
'Deletes a user''s own review, against the version that was read. Errors: USER_NOT_FOUND (none was
given), REVIEW_NOT_FOUND (also for somebody else''s), CONCURRENT_MODIFICATION, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.delete_review(bigint, uuid, bigint, text) to product_service;
