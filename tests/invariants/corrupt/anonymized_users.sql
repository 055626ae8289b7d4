-- case: an address is left
insert into account.addresses (
    user_id, kind, is_default, recipient, line1, city, country, updated_by
)
select u.user_id, 'shipping', true, 'Ben', '1', 'London', 'GB', 'nobody'
from account.users as u
where u.status = 'anonymized';

-- case: a name on a review is left
insert into product.product_reviews (product_id, user_id, rating, author_name, updated_by)
select p.product_id, u.user_id, 3, 'Ben', 'nobody'
from account.users as u
inner join product.products as p on p.code = 'POT'
where u.status = 'anonymized';
