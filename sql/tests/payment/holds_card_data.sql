-- setup: nothing

-- case: card numbers, however they are written
select ok(payment.holds_card_data(t.words), t.words)
from (
    values
    ('4111111111111111'), ('4111 1111 1111 1111'), ('4111-1111-1111-1111'), ('4222222222222'),
    ('5500000000000004'), ('2223003122003222'), ('340000000000009'), ('6011000000000004'),
    ('3528000700000000'), ('6304000000000000000'), ('30000000000004'),
    ('Paid with 4111 1111 1111 1111, he says'), ('card:4111111111111111'),
    ('card-4111111111111111'), ('pan_4111111111111111'), ('{"n": 4111111111111111}'),
    ('{"n": "4111111111111111"}'), ('["x", ["4111 1111 1111 1111"]]'),
    (U&'\FF14\FF11\FF11\FF11 \FF11\FF11\FF11\FF11 1111 11\FF11\FF11'),
    (U&'4111\00A01111\00A01111\00A01111'), (U&'4111\20131111\20111111\22121111'),
    (U&'\0664\0661\0661\0661111111111111'), ('4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'),
    ('Zoë: 4111111111111111'), ('2200000000000004'), ('4111111111111111, ann@example.com')
) as t (words);

-- case: security codes and what is on the stripe, by their keys
select ok(payment.holds_card_data(t.words::jsonb::text), t.words)
from (
    values
    ('{"cvv": "123"}'), ('{"CVC": 123}'), ('{"a": {"cvv2": "1234"}}'), ('{"cvn": "1"}'),
    ('{"security_code": "123"}'), ('{"cardSecurityCode": "123"}'), ('{"card-number": "x"}'),
    ('{"cardNumber": "x"}'), ('{"pan": "x"}'), ('{"track2": "x"}'), ('{"trackData": "x"}'),
    ('{"full_track_data": "x"}'), ('{"card_verification_value": "123"}'), ('{"card_cvc": "123"}'),
    ('{"cardCvv": 123}'), ('{"ccNumber": "x"}'), ('{"cc_cvv2": {"value": "1"}}'),
    ('{"primaryAccountNumber": "x"}')
) as t (words);

-- case: also where it is written without spaces, in a text
select ok(payment.holds_card_data('He sent {"cvv":"123"}'));

-- case: every column that takes what people or providers wrote has a check
select is_empty(
    $$
    select a.attrelid::regclass, a.attname
    from pg_attribute as a
    inner join pg_class as c on c.oid = a.attrelid and c.relkind = 'r'
    where c.relnamespace = 'payment'::regnamespace and a.attnum > 0 and not a.attisdropped
    and a.atttypid in ('text'::regtype, 'jsonb'::regtype)
    -- Codes that a check or key lists, and who acted in which request.
    and a.attname <> all ('{provider,currency,status,phase,last4,reason_code}'::text[])
    and a.attname <> all (
        '{actor,request_id,created_by,updated_by,requested_by,decided_by}'::text[]
    )
    and not exists (
        select
        from pg_constraint as k
        where k.conrelid = a.attrelid and k.contype = 'c'
        and (
            pg_get_constraintdef(k.oid) ~ ('holds_card_data[(][(]?' || a.attname || '\M')
            or a.attname = 'kind' and pg_get_constraintdef(k.oid) ~ 'kind = ANY'
        )
    )
    $$
);

-- case: what is none
select ok(not payment.holds_card_data(t.words), coalesce(t.words, 'null'))
from (
    values
    (null), (''), ('4111111111111112'), ('41111111111111111111111'), ('411111111111'),
    ('8515131751004933'), ('1111111111111117'), ('4111.1111.1111.1111'), ('tok_4111'),
    ('{"cvc": null}'), ('{"cvc_check": "pass"}'), ('{"panel": "x"}'), ('{"company": "x"}'),
    ('the cvv: 123'), ('2026-11-21 15:47:46.123456+00'), ('{"amount": 30.0000}'),
    ('{"at": "2026-11-21T15:47:46.123456+00:00"}'), ('+44 20 7183 8750'),
    ('20260101000004'), ('20260101000012 20260101000103'), ('{"id": "2026010100000000009"}'),
    ('4111111111111111@example.com'), ('ann.4111111111111111@example.com'),
    ('1Z999AA10123456784'), ('9400111899223197428490'), ('Zoë'), ('{"cc": "x"}')
) as t (words);
select is(
    (
        select count(*)
        from generate_series(1, 3000) as i
        where payment.holds_card_data(gen_random_uuid()::text)
    ),
    0::bigint, 'no key of ours'
);
