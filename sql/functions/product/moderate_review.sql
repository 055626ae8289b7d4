-- Approve, reject or hide a review. Only approved ones are shown and counted.
create or replace function product.moderate_review(
    p_review uuid,
    p_status text,
    p_expected_version bigint,
    p_reason text default null,
    p_idempotency_key text default null
)
returns table (
    review uuid, status text, version bigint, rating_sum bigint, rating_count bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.moderate_review';
    c_moves constant text[] := array[
        'pending > approved', 'pending > rejected', 'approved > hidden', 'hidden > approved'
    ];
    v_response jsonb;
    v_review product.product_reviews;
    v_bought record;
    v_rating_before integer;
begin
    if p_status is null or p_status not in ('approved', 'rejected', 'hidden') then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_status', 'expected', 'approved, rejected or hidden'
        ));
    end if;
    perform core.check_text('p_reason', p_reason, 500) where p_reason is not null;

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'review', p_review, 'status', p_status, 'expected_version', p_expected_version,
        'reason', p_reason
    ));
    if v_response is null then
        v_review := product.lock_review(p_review, p_expected_version);
        if v_review.status || ' > ' || p_status <> all (c_moves) then
            perform core.refuse('SHP38', jsonb_build_object(
                'review', p_review, 'status', v_review.status, 'requested', p_status
            ));
        end if;
        v_rating_before := case when v_review.status = 'approved' then v_review.rating end;
        -- Written before the parcel was sent, it may be verified by the time somebody reads it.
        select b.order_id, b.line_no
        into v_bought
        from orders.find_purchase(v_review.user_id, v_review.product_id) as b;
        update product.product_reviews as r
        set
            status = p_status,
            moderation_reason = p_reason,
            moderated_at = clock_timestamp(),
            moderated_by = core.actor(),
            order_id = coalesce(r.order_id, v_bought.order_id),
            line_no = coalesce(r.line_no, v_bought.line_no),
            version = r.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where r.product_id = v_review.product_id and r.review_id = v_review.review_id
        returning r.* into v_review;
        perform product.count_rating(
            v_review.product_id, v_rating_before,
            case when p_status = 'approved' then v_review.rating end
        );
        perform product.emit_review('review.' || p_status, v_review);
        select jsonb_build_object(
            'review', p_review, 'status', p_status, 'version', v_review.version,
            'rating_sum', p.rating_sum, 'rating_count', p.rating_count
        )
        into v_response
        from product.products as p
        where p.product_id = v_review.product_id;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        review uuid, status text, version bigint, rating_sum bigint, rating_count bigint
    );
end;
$function$;

comment on function product.moderate_review(uuid, text, bigint, text, text) is
'Gives a review another state, against the version that the moderator read, with a reason that only
editors and the author see: pending to approved or rejected, approved to hidden and back. Whether it
is verified is looked at again. Returns the rating of the product, too. Errors: REVIEW_NOT_FOUND,
REVIEW_STATUS_CONFLICT, CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED.
Replica: no (writes).';
grant execute on function product.moderate_review(uuid, text, bigint, text, text)
to product_editor;
