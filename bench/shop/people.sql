-- A user for every ten variants, u<n>@example.com; half of them have an active cart, and there are
-- as many carts of guests.
insert into account.users (user_id, email, full_name, updated_by)
overriding system value
select n, 'u' || n || '@example.com', 'User ' || n, 'bench'
from generate_series(1, %(variants)s / 10) as n;
insert into account.addresses (
    user_id, kind, is_default, recipient, line1, postal_code, city, country, updated_by
)
select n, k.kind, true, 'User ' || n, n || ' High Street', 'AB1 2CD', 'London', 'GB', 'bench'
from generate_series(1, %(variants)s / 10) as n
cross join unnest(array['shipping', 'billing']) as k (kind);
insert into account.credentials (user_id, kind, secret_hash, updated_by)
select n, 'password', '$argon2id$v=19$' || repeat('h', 60), 'bench'
from generate_series(1, %(variants)s / 10) as n;

insert into product.product_reviews (
    product_id, user_id, rating, title, body, author_name, status, moderated_at, moderated_by,
    updated_by
)
select
    n, mod(n + u, %(variants)s / 10) + 1, 4, 'Review ' || n, 'It does what it should.', 'User', r.status,
    case when r.status <> 'pending' then now() end,
    case when r.status <> 'pending' then 'bench' end,
    'bench'
from generate_series(1, %(variants)s / 5) as n
cross join generate_series(1, 3) as u
cross join lateral (select case u when 3 then 'pending' else 'approved' end as status) as r;

insert into cart.carts (
    cart_id, user_id, session_token, currency, updated_by, expires_at, updated_at
)
overriding system value
select
    n,
    case when n <= %(variants)s / 20 then n end,
    case when n > %(variants)s / 20 then 'guest-' || n end,
    'GBP', 'bench', now() + interval '20 days', now() - mod(n, 10000) * interval '1 minute'
from generate_series(1, %(variants)s / 10) as n;
insert into cart.cart_items (
    cart_id, variant_id, quantity, name_seen, price_seen, updated_by
)
select n, v.variant_id, 1, 'Size', mod((v.variant_id - 1) / 5, 40) + 5.99, 'bench'
from generate_series(1, %(variants)s / 10) as n
cross join generate_series(0, 2) as l
cross join lateral (
    select mod(n * 7919 + l * 101, %(variants)s / 50) * 50 + l + 1 as variant_id
) as v;
insert into cart.cart_activities (owner, currency, kind, value, created_at)
select 'user:' || n, 'GBP', 'add', 9.99, now() - interval '2 days'
from generate_series(1, %(variants)s / 10) as n;
insert into cart.cart_metrics (
    day, owner, currency, adds, removals, quantity_changes, merged, abandoned, converted,
    added_value, abandoned_value, converted_value
)
select current_date - d, 'user:' || n, 'GBP', 3, 0, 0, 0, 0, 1, 30, 0, 30
from generate_series(1, %(variants)s / 10) as n
cross join generate_series(3, 5) as d;
insert into cart.variant_limits (variant_id, max_units, updated_by)
select n, 100000, 'bench' from generate_series(1, %(variants)s, 20) as n;
