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
    ('{"n": "4111111111111111"}'), ('["x", ["4111 1111 1111 1111"]]')
) as t (words);

-- case: security codes and what is on the stripe, by their keys
select ok(payment.holds_card_data(t.words::jsonb::text), t.words)
from (
    values
    ('{"cvv": "123"}'), ('{"CVC": 123}'), ('{"a": {"cvv2": "1234"}}'), ('{"cvn": "1"}'),
    ('{"security_code": "123"}'), ('{"cardSecurityCode": "123"}'), ('{"card-number": "x"}'),
    ('{"cardNumber": "x"}'), ('{"pan": "x"}'), ('{"track2": "x"}'), ('{"trackData": "x"}'),
    ('{"full_track_data": "x"}'), ('{"card_verification_value": "123"}')
) as t (words);

-- case: what is none
select ok(not payment.holds_card_data(t.words), coalesce(t.words, 'null'))
from (
    values
    (null), (''), ('4111111111111112'), ('41111111111111111111111'), ('411111111111'),
    ('8515131751004933'), ('1111111111111117'), ('4111.1111.1111.1111'), ('tok_4111'),
    ('{"cvc": null}'), ('{"cvc_check": "pass"}'), ('{"panel": "x"}'), ('{"company": "x"}'),
    ('the cvv: 123'), ('2026-11-21 15:47:46.123456+00'), ('{"amount": 30.0000}'),
    ('{"at": "2026-11-21T15:47:46.123456+00:00"}'), ('+44 20 7183 8750')
) as t (words);
select is(
    (
        select count(*)
        from generate_series(1, 3000) as i
        where payment.holds_card_data(gen_random_uuid()::text)
    ),
    0::bigint, 'no key of ours'
);
