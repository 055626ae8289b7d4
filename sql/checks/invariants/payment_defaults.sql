-- Of the payment methods that a user has, exactly one is the default.
select
    'user ' || m.user_id as object,
    jsonb_build_object(
        'methods', count(*), 'defaults', count(*) filter (where m.is_default)
    ) as detail
from payment.payment_methods as m
where m.status = 'active'
group by m.user_id
having count(*) filter (where m.is_default) <> 1
