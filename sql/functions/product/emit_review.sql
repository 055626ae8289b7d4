create or replace function product.emit_review(
    p_event_type text,
    p_review product.product_reviews
)
returns void
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select events.emit(
    p_event_type, 'review', array[p_review.review_id], array[p_review.version],
    array[jsonb_build_object(
        'review', p_review.public_id, 'product_id', p_review.product_id,
        'user_id', p_review.user_id, 'rating', p_review.rating, 'status', p_review.status,
        'is_verified', p_review.is_verified, 'version', p_review.version
    )]
);
$function$;

comment on function product.emit_review(text, product.product_reviews) is
'Tells the outbox what a review is now, without its words.';
