create or replace function product.get_user_reviews(p_user_id bigint)
returns table (
    product_code text, product_name text, review uuid, rating integer, title text, body text,
    author_name text, status text, moderation_reason text, is_verified boolean, version bigint,
    created_at timestamptz, updated_at timestamptz
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
select
    p.code, p.name, r.public_id, r.rating::integer, r.title, r.body, r.author_name, r.status,
    r.moderation_reason, r.is_verified, r.version, r.created_at, r.updated_at
from product.product_reviews as r
left join product.products as p on p.product_id = r.product_id and p.status = 'active'
where r.user_id = p_user_id
order by r.created_at desc, r.review_id desc;
$function$;

comment on function product.get_user_reviews(bigint) is
'A user''s own reviews in whatever state, the newest first, with the version that
product.edit_review wants and the product (null where it is no longer shown); none for an unknown
user. Replica: yes.';
grant execute on function product.get_user_reviews(bigint) to product_service;
