-- Let an author change a review: it waits for a moderator again, and no longer counts until then.
create or replace function product.edit_review(
    p_user_id bigint,
    p_review uuid,
    p_expected_version bigint,
    p_rating integer,
    p_title text default '',
    p_body text default '',
    p_author_name text default null,
    p_idempotency_key text default null
)
returns table (review uuid, status text, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_scope constant text := 'product.edit_review user:' || p_user_id;
    v_response jsonb;
    v_review product.product_reviews;
    v_bought record;
    v_rating_before integer;
begin
    if p_user_id is null then
        perform core.refuse('SHA03', jsonb_build_object('user_id', p_user_id));
    end if;
    perform product.check_review(p_rating, p_title, p_body, p_author_name);

    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'user_id', p_user_id, 'review', p_review, 'expected_version', p_expected_version,
        'rating', p_rating, 'title', p_title, 'body', p_body, 'author_name', p_author_name
    ));
    if v_response is null then
        perform product.check_reviewer(p_user_id);
        v_review := product.lock_review(p_review, p_expected_version, p_user_id);
        v_rating_before := case when v_review.status = 'approved' then v_review.rating end;
        select b.order_id, b.line_no
        into v_bought
        from orders.find_purchase(p_user_id, v_review.product_id) as b;
        update product.product_reviews as r
        set
            rating = p_rating,
            title = p_title,
            body = p_body,
            author_name = p_author_name,
            status = 'pending',
            moderation_reason = null,
            moderated_at = null,
            moderated_by = null,
            order_id = coalesce(r.order_id, v_bought.order_id),
            line_no = coalesce(r.line_no, v_bought.line_no),
            version = r.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where r.product_id = v_review.product_id and r.review_id = v_review.review_id
        returning r.* into v_review;
        perform product.count_rating(v_review.product_id, v_rating_before, null);
        perform product.emit_review('review.edited', v_review);
        v_response := jsonb_build_object(
            'review', v_review.public_id, 'status', v_review.status, 'version', v_review.version
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.* from jsonb_to_record(v_response) as r (review uuid, status text, version bigint);
end;
$function$;

comment on function
product.edit_review(bigint, uuid, bigint, integer, text, text, text, text) is
'Replaces a user''s own review, against the version that was read; it waits for a moderator again,
and is verified where a unit of the product was sent to the author by now. Errors:
USER_NOT_FOUND, USER_NOT_ACTIVE, REVIEW_NOT_FOUND (also for somebody else''s),
CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function
product.edit_review(bigint, uuid, bigint, integer, text, text, text, text) to product_service;
