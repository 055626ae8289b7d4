-- Of an anonymized user no address, credential, name on a review or active cart is left.
select
    'user ' || u.user_id as object,
    jsonb_build_object('left', l.what) as detail
from account.users as u
cross join lateral (
    select 'address' as what from account.addresses as a where a.user_id = u.user_id
    union
    select 'credential' from account.credentials as c where c.user_id = u.user_id
    union
    select 'cart' from cart.carts as c where c.user_id = u.user_id and c.status = 'active'
    union
    select 'author' from product.product_reviews as r
    where r.user_id = u.user_id and r.author_name is not null
) as l
where u.status = 'anonymized'
