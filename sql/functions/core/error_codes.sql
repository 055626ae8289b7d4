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
        'SHA05', 'ADDRESS_NOT_FOUND', 'no such address',
        'Read the user''s addresses in account.address_list.', false, 404
    ),
    (
        'SHA06', 'ADDRESS_LIMIT_REACHED', 'the user has too many addresses',
        'Remove one that is no longer needed, or update it.', false, 409
    ),
    (
        'SHA07', 'CREDENTIAL_NOT_FOUND', 'the user has no password',
        'Set one with account.set_password.', false, 404
    ),
    (
        'SHA08', 'USER_HAS_OPEN_ORDERS', 'the user has orders that are not sent yet',
        'Send or cancel the orders in the detail first.', false, 409
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
        'SHI20', 'SUPPLIER_NOT_FOUND', 'no such supplier',
        'Read the codes in inventory.supplier_list.', false, 404
    ),
    (
        'SHI21', 'RECEIPT_BACKDATED', 'stock has moved since the receipt is said to have come',
        'Leave the time out: the receipt then counts from now on.', false, 422
    ),
    (
        'SHI22', 'INVENTORY_CATEGORY_NOT_FOUND', 'no such category of stock',
        'Read the codes in inventory.inventory_category_list.', false, 404
    ),
    (
        'SHI23', 'STOCK_COUNT_NOT_FOUND', 'no such stocktake',
        'Read the numbers in inventory.stock_count_list.', false, 404
    ),
    (
        'SHI24', 'STOCK_COUNT_CLOSED', 'the stocktake was posted or cancelled',
        'Begin another one with inventory.start_stock_count.', false, 409
    ),
    (
        'SHI25', 'STOCK_COUNT_OUTDATED', 'the books were corrected since it was counted',
        'Count the SKUs that the detail names again, record them, and post again.', false, 409
    ),
    (
        'SHI26', 'COUNTED_ELSEWHERE', 'another open stocktake has the SKU already',
        'Post or cancel that one first, or leave the SKU out.', false, 409
    ),
    (
        'SHI27', 'DAMAGED_STOCK_EXCEEDED', 'more units than are damaged',
        'Repair or write off at most what is damaged.', false, 409
    ),
    (
        'SHI28', 'RESERVATION_OF_ORDER', 'the stock is held by an order of this shop',
        'Ship, cancel or place the order with the functions of orders; its stock follows.', false,
        409
    ),
    (
        'SHK01', 'CART_NOT_FOUND', 'the owner has no cart',
        'Add something first with cart.add_item_to_cart.', false, 404
    ),
    (
        'SHK02', 'CART_BUSY', 'the cart is being changed by another call for too long',
        'Repeat the call with the same idempotency key.', true, 503
    ),
    (
        'SHK03', 'CART_LIMIT_EXCEEDED', 'more than a cart may have',
        'Take at most what the limit in the detail says.', false, 409
    ),
    (
        'SHK04', 'CART_CURRENCY_DIFFERS', 'the cart is in another currency',
        'Use the currency of the cart, or change it with cart.set_currency.', false, 409
    ),
    (
        'SHK05', 'CART_LINE_NOT_FOUND', 'the cart has no such line',
        'Read the cart again with cart.get_cart.', false, 404
    ),
    (
        'SHK06', 'CART_INVALID', 'the cart cannot be bought as it is',
        'Show the problems; cart.repair_cart applies what they mean.', false, 409
    ),
    (
        'SHK07', 'PRICE_UNAVAILABLE', 'it has no price in this currency',
        'Offer it in a currency that it has a price in.', false, 409
    ),
    (
        'SHM01', 'PAYMENT_NOT_FOUND', 'no such payment',
        'Read the payments of the order in payment.payment_list.', false, 404
    ),
    (
        'SHM02', 'PAYMENT_TRANSACTION_NOT_FOUND', 'no such step of a payment',
        'Send the transaction that the beginning of the step returned.', false, 404
    ),
    (
        'SHM03', 'PAYMENT_METHOD_NOT_FOUND', 'the user has no such payment method',
        'Read the methods in payment.payment_method_list.', false, 404
    ),
    (
        'SHM04', 'ORDER_NOT_PAYABLE', 'the order is in no state for this payment step',
        'A dead order is paid no more, one that is not confirmed is not captured.', false, 409
    ),
    (
        'SHM05', 'PAYMENT_IN_PROGRESS', 'the outcome of another step is not known yet',
        'Repeat that step as it was, or record its outcome first.', false, 409
    ),
    (
        'SHM06', 'PAYMENT_ATTEMPTS_USED_UP', 'the order was tried to be paid too often',
        'Place the order again.', false, 409
    ),
    (
        'SHM07', 'AMOUNT_EXCEEDS_DUE', 'more than is due',
        'Pay at most what is due, and nothing where nothing is.', false, 409
    ),
    (
        'SHM08', 'AMOUNT_EXCEEDS_AUTHORIZATION', 'more than there is to capture or to void',
        'Take at most what the detail says.', false, 409
    ),
    (
        'SHM09', 'PAYMENT_OUTCOME_IS_FINAL', 'the step has succeeded already',
        'Read it in payment.payment_transaction_list; to undo it, void or refund.', false, 409
    ),
    (
        'SHM10', 'PROVIDER_REFERENCE_TAKEN', 'the provider''s reference is booked elsewhere',
        'Check which payment the reference belongs to.', false, 409
    ),
    (
        'SHM11', 'SETTLEMENT_EXCEEDS_CAPTURE', 'more would be settled than is captured',
        'Record the capture first.', false, 409
    ),
    (
        'SHM12', 'PAYMENT_METHOD_TAKEN', 'another user has this payment method',
        'Let the provider make a token for this user.', false, 409
    ),
    (
        'SHM13', 'PAYMENT_METHOD_LIMIT_REACHED', 'the user has too many payment methods',
        'Remove one that is no longer needed.', false, 409
    ),
    (
        'SHM14', 'PAYMENT_FAILED', 'the provider has not done it',
        'It is returned, never raised: where can_retry says so, begin again.', false, 402
    ),
    (
        'SHM30', 'REFUND_EXCEEDS_PAYMENT', 'more than the payments have left to give back',
        'Refund at most what the detail says; what is pending or disputed counts as gone.', false,
        409
    ),
    (
        'SHM31', 'REFUND_NOT_FOUND', 'no such refund',
        'Check its key in payment.refund_list.', false, 404
    ),
    (
        'SHM32', 'DISPUTE_NOT_FOUND', 'no such dispute',
        'Check its key in payment.dispute_list.', false, 404
    ),
    (
        'SHM33', 'EVIDENCE_LATE', 'evidence was due before',
        'Tell the provider; the database no longer counts on it.', false, 409
    ),
    (
        'SHM34', 'EVIDENCE_MISSING', 'there is no evidence that was not submitted yet',
        'Add some with payment.add_evidence first.', false, 409
    ),
    (
        'SHO01', 'ORDER_NOT_FOUND', 'no such order',
        'Check the number, and whose order it is.', false, 404
    ),
    (
        'SHO02', 'ORDER_INVALID', 'the order breaks several rules',
        'Show the problems; orders.validate_order_business_rules tells them beforehand.', false, 409
    ),
    (
        'SHO03', 'PRICE_CHANGED', 'a price is not what the customer was shown',
        'Show both prices, and send the new ones if the customer goes on.', false, 409
    ),
    (
        'SHO04', 'ORDER_TOTAL_OUT_OF_RANGE', 'the order is worth too little or too much',
        'Keep within the limits in the detail.', false, 409
    ),
    (
        'SHO05', 'ORDER_TOO_LARGE', 'more lines or units than an order may have',
        'Split it into several orders.', false, 409
    ),
    (
        'SHO06', 'PENDING_ORDER_LIMIT_REACHED', 'the user has too many pending orders',
        'Pay for one of them or cancel it, or wait until one expires.', false, 409
    ),
    (
        'SHO07', 'UNITS_PER_USER_EXCEEDED', 'more units of a variant than a user may buy',
        'Order at most what the detail says is left.', false, 409
    ),
    (
        'SHO30', 'ILLEGAL_TRANSITION', 'it cannot go from its state to that one',
        'The detail lists the states that it can go to.', false, 409
    ),
    (
        'SHO31', 'ORDER_LINE_NOT_FOUND', 'the order has no such line',
        'Read its lines with orders.get_order.', false, 404
    ),
    (
        'SHO32', 'ORDER_QUANTITY_EXCEEDED', 'more units than the line has left for that',
        'Take at most what the detail says is open.', false, 409
    ),
    (
        'SHO33', 'ORDER_NOT_COVERED', 'what is due is not authorised',
        'Authorise or capture a payment of the order first.', false, 402
    ),
    (
        'SHO34', 'FULFILLMENT_NOT_FOUND', 'the order has no such parcel',
        'Read its parcels with orders.get_order_timeline.', false, 404
    ),
    (
        'SHO35', 'TRACKING_TAKEN', 'another parcel of the carrier has this number',
        'Check the number.', false, 409
    ),
    (
        'SHO36', 'RETURN_NOT_FOUND', 'the order has no such return',
        'Read its returns with orders.get_order_timeline.', false, 404
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
        'SHP10', 'PRODUCT_SLUG_TAKEN', 'a product has this slug already',
        'Use another slug.', false, 409
    ),
    (
        'SHP11', 'PRODUCT_CODE_TAKEN', 'a product has this code already',
        'Use another code, or edit that product.', false, 409
    ),
    (
        'SHP12', 'SKU_TAKEN', 'a variant has this SKU already',
        'Use another SKU, or edit that variant.', false, 409
    ),
    (
        'SHP13', 'CATEGORY_IN_USE', 'something refers to the category',
        'Archive it with product.set_category_status, or move what refers to it first.', false, 409
    ),
    (
        'SHP14', 'CATEGORY_TOO_DEEP', 'the tree of categories would be too deep',
        'Put it higher up, or raise the rule category_depth_max.', false, 422
    ),
    (
        'SHP15', 'CATEGORY_CYCLE', 'the category would stand below itself',
        'Choose a place outside its own subtree.', false, 409
    ),
    (
        'SHP16', 'PRODUCT_IN_USE', 'something refers to the product',
        'Archive it with product.set_product_status; a variant is made inactive by '
        || 'product.update_variant.', false, 409
    ),
    (
        'SHP17', 'OPTION_IN_USE', 'a variant has an option or value that would go',
        'Change those variants first with product.update_variant.', false, 409
    ),
    (
        'SHP18', 'OPTION_NOT_FOUND', 'the product has no such option or value',
        'Read them in product.option_admin_list; product.update_product adds them.', false, 422
    ),
    (
        'SHP19', 'VARIANT_OPTIONS_TAKEN', 'another variant of the product has the same options',
        'Choose other values, or edit that variant.', false, 409
    ),
    (
        'SHP20', 'BARCODE_TAKEN', 'another variant has this barcode',
        'Check the barcode.', false, 409
    ),
    (
        'SHP21', 'IMAGE_NOT_FOUND', 'the product has no such image',
        'Read its addresses in product.image_admin_list.', false, 404
    ),
    (
        'SHP22', 'IMAGE_TAKEN', 'the product has this image already',
        'Use the image that is there.', false, 409
    ),
    (
        'SHP23', 'CONTENT_LIMIT_REACHED', 'the product would have too many of them',
        'Leave some out, or raise the rule.', false, 422
    ),
    (
        'SHP24', 'VERSION_NOT_FOUND', 'the product has no such version',
        'Read its versions in product.content_version_list.', false, 404
    ),
    (
        'SHP25', 'DRAFT_NOT_FOUND', 'the product has no draft',
        'Save one with product.save_draft.', false, 404
    ),
    (
        'SHP26', 'PRODUCT_INCOMPLETE', 'the product has nothing that could be sold',
        'Give it an active variant, and each active variant a price.', false, 409
    ),
    (
        'SHP30', 'PRICE_LIST_NOT_FOUND', 'no such price list',
        'Check the code; product.create_price_list makes new ones.', false, 404
    ),
    (
        'SHP31', 'PRICE_LIST_CODE_TAKEN', 'a price list has this code already',
        'Use another code.', false, 409
    ),
    (
        'SHP32', 'PRICE_LIST_IS_BASE', 'the base list is for everybody and always in force',
        'Change its name only; make a list of its own for other prices.', false, 409
    ),
    (
        'SHP33', 'PRICE_OVERLAPS', 'another price of the same kind is set for some of that time',
        'Choose another time, or replace what is there.', false, 409
    ),
    (
        'SHP34', 'PRICE_NOT_FOUND', 'the product has no such price',
        'Read the prices in product.price_schedule.', false, 404
    ),
    (
        'SHP35', 'PRICE_IS_OVER', 'the price is no longer in force',
        'What was paid stays as it was; set a new price.', false, 409
    ),
    (
        'SHP36', 'REVIEW_EXISTS', 'the user has reviewed this product already',
        'Edit the review that is there.', false, 409
    ),
    (
        'SHP37', 'REVIEW_NOT_FOUND', 'no such review',
        'Check the key, and whose review it is.', false, 404
    ),
    (
        'SHP38', 'REVIEW_STATUS_CONFLICT', 'the review cannot go from its state to that one',
        'Read its state in product.review_moderation_list.', false, 409
    ),
    (
        'SHP50', 'CURSOR_INVALID', 'the cursor does not belong to this search',
        'Ask for the first page again; words, filters and sort stay the same between pages.',
        false, 400
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
