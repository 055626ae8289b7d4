-- The registry of SQLSTATEs: functions raise them through core.refuse, clients look them up here.
create or replace view core.error_codes with (security_barrier = true) as
select
    c.sqlstate,
    c.name,
    c.meaning,
    c.remedy,
    c.retryable,
    c.http_status
from (
    values
    (
        'SHA01', 'EMAIL_TAKEN', 'the e-mail address has an account already',
        'Log in to that account, or use another address.', false, 409
    ),
    (
        'SHA02', 'PHONE_TAKEN', 'the phone number has an account already',
        'Use another number, or none.', false, 409
    ),
    (
        'SHA03', 'USER_NOT_FOUND', 'no such user',
        'Check the number in the owner, or register the user first.', false, 404
    ),
    (
        'SHA04', 'USER_NOT_ACTIVE', 'the user may not buy',
        'The user is suspended or anonymized.', false, 403
    ),
    (
        'SHC01', 'IDEMPOTENCY_KEY_REUSED', 'the idempotency key was used for another request',
        'Use a new key for a new request; repeat a request with the same arguments.', false, 422
    ),
    (
        'SHC02', 'CONCURRENT_MODIFICATION', 'somebody else has changed it since it was read',
        'Read it again, decide again, and send the version that was read.', true, 409
    ),
    (
        'SHC03', 'RULE_NOT_FOUND', 'no such business rule',
        'Read the names in core.rules.', false, 404
    ),
    (
        'SHC04', 'CURRENCY_NOT_FOUND', 'no such currency',
        'Use a code of ISO 4217 that is in core.currency_codes.', false, 422
    ),
    (
        'SHI01', 'INSUFFICIENT_STOCK', 'not enough stock',
        'Offer what is available, or try later.', false, 409
    ),
    (
        'SHI02', 'RESERVATION_LIMIT_REACHED', 'the owner holds this variant too many times',
        'Release or extend one of the holds, or wait until one expires.', false, 409
    ),
    (
        'SHI03', 'RESERVATION_NOT_FOUND', 'no such reservation',
        'Send the handles that inventory.reserve_inventory returned.', false, 404
    ),
    (
        'SHI04', 'RESERVATION_EXPIRED', 'the reservation has expired',
        'Reserve again.', false, 409
    ),
    (
        'SHI05', 'RESERVATION_CLOSED', 'the reservation is in another state',
        'Read its state in inventory.reservation_list.', false, 409
    ),
    (
        'SHI06', 'STOCK_IS_HELD', 'fewer units would be there than are promised',
        'Release reservations first, or state at least what is held.', false, 409
    ),
    (
        'SHI07', 'STOCK_CEILING_EXCEEDED', 'more units would be there than the ceiling allows',
        'Check the quantity, or raise the ceiling with inventory.configure_stock.', false, 409
    ),
    (
        'SHI08', 'LOCATION_NOT_FOUND', 'no such location',
        'Read the codes in inventory.location_list.', false, 404
    ),
    (
        'SHI09', 'STOCK_NOT_FOUND', 'no stock is kept of it there',
        'Receive stock first with inventory.receive_stock.', false, 404
    ),
    (
        'SHI10', 'SHIPMENT_EXCEEDS_RESERVATION', 'more units than are still open',
        'Ship at most the open quantity.', false, 409
    ),
    (
        'SHI11', 'LOCATION_CODE_TAKEN', 'a location has this code already',
        'Use another code.', false, 409
    ),
    (
        'SHP01', 'PRODUCT_NOT_FOUND', 'no such product',
        'Check the SKU; product.import_products makes new ones.', false, 404
    ),
    (
        'SHP02', 'PRODUCT_NOT_ACTIVE', 'the product is not for sale',
        'Take it out of the cart, or make it active.', false, 409
    ),
    (
        'SHP03', 'CATEGORY_NOT_FOUND', 'no such category',
        'Check the slug; product.create_category makes new ones.', false, 404
    ),
    (
        'SHP04', 'CATEGORY_SLUG_TAKEN', 'a category has this slug already',
        'Use another slug.', false, 409
    ),
    (
        'SHP05', 'PRICE_OUT_OF_RANGE', 'the price is not above zero and within the limit',
        'Check the amount and the rule price_max.', false, 422
    ),
    (
        '22023', 'INVALID_ARGUMENT', 'an argument is malformed',
        'The detail names the argument and what was expected.', false, 400
    ),
    (
        '23514', 'CHECK_VIOLATION', 'a constraint refused the row',
        'Report it: a function should have refused first.', false, 422
    ),
    (
        '25006', 'READ_ONLY_SERVER', 'this server is a read replica',
        'Send the call to the primary.', true, 503
    ),
    (
        '40001', 'SERIALIZATION_FAILURE', 'a concurrent transaction came first',
        'Repeat the transaction with the same idempotency key.', true, 503
    ),
    (
        '40P01', 'DEADLOCK_DETECTED', 'two transactions waited for each other',
        'Repeat the transaction with the same idempotency key.', true, 503
    ),
    (
        '55P03', 'LOCK_NOT_AVAILABLE', 'a lock was not to be had in time',
        'Repeat the transaction with the same idempotency key.', true, 503
    ),
    (
        '57014', 'QUERY_CANCELED', 'the call was cancelled or took too long',
        'Repeat the transaction with the same idempotency key.', true, 503
    )
) as c (sqlstate, name, meaning, remedy, retryable, http_status);

comment on view core.error_codes is
'Every SQLSTATE that a client may have to tell apart: the name to show, what it means, what to do,
whether the same call may succeed when repeated, and the HTTP status that fits. Replica: yes.';
grant select on core.error_codes to core_service;
