-- Take a customer's review of a product. It is shown and counted once a moderator has approved it.
create or replace function product.submit_review(
    p_user_id bigint,
    p_code text,
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
    v_scope constant text := 'product.submit_review user:' || p_user_id;
    v_response jsonb;
    v_product_id bigint;
    v_review product.product_reviews;
begin
    if p_user_id is null then
        perform core.refuse('SHA03', jsonb_build_object('user_id', p_user_id));
    end if;
    perform product.check_review(p_rating, p_title, p_body, p_author_name);

    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'user_id', p_user_id, 'code', p_code, 'rating', p_rating, 'title', p_title, 'body', p_body,
        'author_name', p_author_name
    ));
    if v_response is null then
        perform product.check_reviewer(p_user_id);
        select p.product_id into v_product_id
        from product.products as p
        where p.code = p_code and p.status = 'active'
        for key share;
        if not found then
            perform core.refuse('SHP01', jsonb_build_object('code', p_code));
        end if;
        insert into product.product_reviews as r (
            product_id, user_id, rating, title, body, author_name, order_id, line_no, updated_by
        )
        select
            v_product_id, p_user_id, p_rating, p_title, p_body, p_author_name, b.order_id,
            b.line_no, core.actor()
        from orders.find_purchase(p_user_id, v_product_id) as b
        on conflict on constraint product_reviews_user_id_product_id_key do nothing
        returning r.* into v_review;
        if not found then
            perform core.refuse('SHP36', jsonb_build_object('code', p_code, 'user_id', p_user_id));
        end if;
        perform product.emit_review('review.submitted', v_review);
        v_response := jsonb_build_object(
            'review', v_review.public_id, 'status', v_review.status, 'version', v_review.version
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.* from jsonb_to_record(v_response) as r (review uuid, status text, version bigint);
end;
$function$;

comment on function product.submit_review(bigint, text, integer, text, text, text, text) is
'Takes a user''s review of the product with a code: 1 to 5 stars, a headline and a text (both may be
empty), and what the author wants to be called (null for nothing). It is verified where a unit of
the product was sent to the author. It waits for a moderator. Returns its public key.
Errors: USER_NOT_FOUND, USER_NOT_ACTIVE, PRODUCT_NOT_FOUND, REVIEW_EXISTS,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.submit_review(bigint, text, integer, text, text, text, text)
to product_service;
