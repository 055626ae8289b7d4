-- Payments, their transactions, refunds, disputes, the inbox of provider events, analytics.
--
-- Everything of a payment leads with the order, so that an order and its money stay together. Every
-- amount of a payment is a column of its row, and one check compares them: two refunds, a refund
-- and a dispute, or two captures of the same money meet at that row.

set local role shop_owner;

-- The owner of everything may make no schemas; whoever migrates may. A role is made as in V10:
-- another database of the cluster may be making it at this moment.
set local role none;
create schema payment authorization shop_owner;

do $roles$
declare
    v_statements text[] := '{}';
    v_refused text[] := '{}';
    v_statement text;
begin
    if pg_catalog.to_regrole('payment_editor') is null then
        v_statements := v_statements || 'create role payment_editor nologin'::text;
    end if;
    if not exists (
        select
        from pg_catalog.pg_auth_members as m
        where m.roleid = pg_catalog.to_regrole('payment_service')
        and m.member = pg_catalog.to_regrole('payment_editor')
    ) then
        v_statements := v_statements || 'grant payment_service to payment_editor'::text;
    end if;

    foreach v_statement in array v_statements loop
        for v_attempt in 1..20 loop
            begin
                execute v_statement;
                exit;
            exception
                when duplicate_object or unique_violation then
                    exit;
                when insufficient_privilege or undefined_object then
                    v_refused := v_refused || v_statement;
                    exit;
                when internal_error then
                    -- "tuple concurrently updated": another database's runner was a moment earlier.
                    if v_attempt = 20 then
                        raise;
                    end if;
                    perform pg_catalog.pg_sleep(0.05 * v_attempt);
            end;
        end loop;
    end loop;
    if pg_catalog.cardinality(v_refused) > 0 then
        raise exception 'roles or memberships are missing, and % may not make them', current_user
            using errcode = 'insufficient_privilege',
                  hint = 'Let an administrator run this once, then migrate again: '
                      || pg_catalog.array_to_string(v_refused, '; ') || ';';
    end if;
end;
$roles$;

set local role shop_owner;

comment on schema payment is 'Payments of orders, refunds, disputes, and what providers report.';
grant usage on schema payment to payment_service;

insert into core.business_rules (name, value, is_enabled, unit, description) values
    (
        'payment_attempts_max', 5, true, 'attempts',
        'After so many attempts at authorising payments of an order the order is cancelled.'
    ),
    (
        'payment_claim_minutes', 15, true, 'minutes',
        'A provider has this long to answer; until then the order does not expire.'
    ),
    (
        'authorization_days', 7, true, 'days',
        'An authorisation is good for this long where the provider does not say.'
    ),
    ('payment_methods_max', 20, true, 'methods', 'Payment methods of one user.'),
    (
        'provider_event_retry_minutes', 5, true, 'minutes',
        'What a provider said too early is tried again after this long, then after ever longer.'
    ),
    (
        'provider_event_tries_max', 20, true, 'tries',
        'After so many tries an event that cannot be applied is left to people.'
    ),
    (
        'provider_event_days', 30, true, 'days',
        'What providers reported is kept this long after it was applied, to tell repetitions.'
    ),
    (
        'dispute_evidence_days', 7, true, 'days',
        'Evidence is due after this long where the provider does not say.'
    ),
    (
        'dispute_alert_days', 3, true, 'days',
        'So long before evidence is due the dispute is listed as urgent.'
    );

-- Checks call it, so it is here and not with the functions that can be replaced.
create function payment.holds_card_data(p_text text)
returns boolean
language plpgsql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_text text := p_text;
begin
    if p_text is null then
        return false;
    end if;
    -- Digits and dashes of other alphabets, and spaces that do not break, are read as ours.
    if octet_length(p_text) <> length(p_text) then
        v_text := translate(
            normalize(p_text, nfkc),
            -- Not as U&'...', which a session without standard_conforming_strings cannot read.
            E'\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669'
            || E'\u06F0\u06F1\u06F2\u06F3\u06F4\u06F5\u06F6\u06F7\u06F8\u06F9'
            || E'\u2010\u2012\u2013\u2014\u2212',
            '01234567890123456789-----'
        );
    end if;
    -- The keys of jsonb under which a security code, a number or a magnetic stripe would come.
    if v_text ~ '":' and v_text ~* (
        '"((card|cc)[_ -]?)?(cvv2?|cvc2?|cvn2?|csc|security[_ -]?code'
        || '|verification[_ -]?(code|value|number))": *[^n ]'
        || '|"(pan|primary[_ -]?account[_ -]?number|(card|cc)[_ -]?(number|num|no)'
        || '|(full[_ -]?)?track[_ -]?[12]?([_ -]?data)?)": *[^n ]'
    ) then
        return true;
    end if;
    -- 13 to 19 digits that begin as cards do, alone or in groups, whose check digit is right. What
    -- begins with 20 is a date, and what an @ follows is the address of somebody.
    return v_text ~ '[2-6]([ -]?[0-9]){12}' and exists (
        select
        from regexp_matches(
            v_text,
            '(?<![0-9A-Za-z]|[0-9A-Za-z][.]|[0-9][ -])'
            || '[2-6](?:[ -]?[0-9]){12,18}'
            || '(?![0-9A-Za-z]|[.][0-9]|[ -][0-9]|-[0-9A-Za-z]|@[0-9A-Za-z])',
            'g'
        ) as m (found)
        cross join lateral (
            select regexp_replace(m.found[1], '[ -]', '', 'g') as digits
        ) as d
        where d.digits ~ '^(2[2-7][0-9]{14}|3[04-9]|[456])'
        and (
            select sum(
                case
                    when i % 2 = 0 then x.digit
                    when x.digit > 4 then 2 * x.digit - 9
                    else 2 * x.digit
                end
            )
            from generate_series(0, length(d.digits) - 1) as i
            cross join lateral (
                select substr(d.digits, length(d.digits) - i, 1)::integer as digit
            ) as x
        ) % 10 = 0
    );
end;
$function$;
comment on function payment.holds_card_data(text) is
'Whether a text, or a jsonb value as text, has what looks like a card number or a security code.
For checks: neither is ever stored.';

-- Customers and colleagues write into notes and reasons what they should not.
-- lint: allow squawk/constraint-missing-not-valid: the tables are new and empty
alter table orders.orders
add constraint orders_no_card_data_check check (
    cancel_reason is null or not payment.holds_card_data(cancel_reason)
);
alter table orders.order_items
add constraint order_items_no_card_data_check check (
    price_reason is null or not payment.holds_card_data(price_reason)
);
alter table orders.order_status_history
add constraint order_status_history_no_card_data_check check (
    reason is null or not payment.holds_card_data(reason)
);
alter table orders.order_credits
add constraint order_credits_no_card_data_check check (
    not payment.holds_card_data(reason)
);
alter table orders.order_notes
add constraint order_notes_no_card_data_check check (
    not payment.holds_card_data(body)
);
alter table orders.order_returns
add constraint order_returns_no_card_data_check check (
    not payment.holds_card_data(reason)
    and not payment.holds_card_data(comment)
    and not payment.holds_card_data(decision_reason)
);

create table payment.payment_methods (
    method_id bigint generated always as identity,
    public_id uuid not null default pg_catalog.gen_random_uuid(),
    user_id bigint not null,
    provider text not null,
    kind text not null,
    token text,
    brand text,
    last4 text,
    exp_month smallint,
    exp_year smallint,
    is_default boolean not null,
    status text not null default 'active',
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    removed_at timestamptz,
    constraint payment_methods_pkey primary key (method_id),
    constraint payment_methods_public_id_key unique (public_id),
    constraint payment_methods_user_id_fkey foreign key (user_id)
    references account.users (user_id) on delete restrict,
    constraint payment_methods_provider_is_a_code_check check (
        provider ~ '^[a-z0-9]+([_-][a-z0-9]+)*$' and pg_catalog.length(provider) <= 50
        and provider !~ '([_-]?[0-9]){12}'
    ),
    constraint payment_methods_kind_check check (
        kind in ('card', 'bank_account', 'wallet', 'other')
    ),
    constraint payment_methods_status_check check (status in ('active', 'removed')),
    -- The token of a removed method is forgotten; the row stays for the payments made with it.
    constraint payment_methods_removed_when_it_says_so_check check (
        (status = 'removed') = (removed_at is not null) and (status = 'removed') = (token is null)
    ),
    constraint payment_methods_default_is_active_check check (
        not is_default or status = 'active'
    ),
    constraint payment_methods_token_length_check check (
        pg_catalog.length(token) between 1 and 500
    ),
    constraint payment_methods_last4_check check (last4 ~ '^[0-9]{4}$'),
    constraint payment_methods_brand_length_check check (
        pg_catalog.length(brand) between 1 and 50
    ),
    constraint payment_methods_expiry_check check (
        (exp_month is null) = (exp_year is null)
        and exp_month between 1 and 12
        and exp_year between 2000 and 2199
    ),
    constraint payment_methods_no_card_data_check check (
        not payment.holds_card_data(token) and not payment.holds_card_data(brand)
    )
);
comment on table payment.payment_methods is
'What a user pays with: a provider''s token for it, never a card number. One is the default.';
comment on column payment.payment_methods.method_id is 'Key inside the database.';
comment on column payment.payment_methods.public_id is 'Key shown to customers.';
comment on column payment.payment_methods.user_id is 'Whose it is.';
comment on column payment.payment_methods.provider is 'Who keeps what the token stands for.';
comment on column payment.payment_methods.kind is 'card, bank_account, wallet or other.';
comment on column payment.payment_methods.token is
'What the provider calls it; a secret, shown only to who begins a payment with it.';
comment on column payment.payment_methods.brand is 'Such as visa, for people to recognise it.';
comment on column payment.payment_methods.last4 is 'Last four digits, for people to recognise it.';
comment on column payment.payment_methods.exp_month is 'Month in which the card ends.';
comment on column payment.payment_methods.exp_year is 'Year in which the card ends.';
comment on column payment.payment_methods.is_default is 'Whether it is proposed first.';
comment on column payment.payment_methods.status is 'active or removed.';
comment on column payment.payment_methods.version is 'Counts edits.';
comment on column payment.payment_methods.created_at is 'When it was added.';
comment on column payment.payment_methods.updated_at is 'When it was last edited.';
comment on column payment.payment_methods.updated_by is 'The actor of the last edit.';
comment on column payment.payment_methods.removed_at is 'When it was removed.';
comment on index payment.payment_methods_pkey is 'For the foreign key of payments.';
comment on index payment.payment_methods_public_id_key is 'For payment.begin_payment.';

create unique index payment_methods_token_key
on payment.payment_methods (provider, token) where token is not null;
comment on index payment.payment_methods_token_key is
'For payment.add_payment_method: a token is somebody''s once.';
create unique index payment_methods_default_key
on payment.payment_methods (user_id) where is_default;
comment on index payment.payment_methods_default_key is
'For payment.set_default_payment_method: one default a user.';
create index payment_methods_user_id_idx on payment.payment_methods (user_id);
comment on index payment.payment_methods_user_id_idx is
'For payment.payment_method_list, and the foreign key to users on delete.';

create table payment.payments (
    order_id bigint not null,
    payment_id bigint generated always as identity,
    public_id uuid not null default pg_catalog.gen_random_uuid(),
    method_id bigint,
    provider text not null,
    currency text not null,
    amount numeric(19, 4) not null,
    surplus numeric(19, 4) not null default 0,
    authorized numeric(19, 4) not null default 0,
    captured numeric(19, 4) not null default 0,
    refunded numeric(19, 4) not null default 0,
    refund_pending numeric(19, 4) not null default 0,
    charged_back numeric(19, 4) not null default 0,
    settled numeric(19, 4) not null default 0,
    fees numeric(19, 4) not null default 0,
    phase text not null default 'created',
    status text not null generated always as (
        case
            when authorized = 0 then phase
            when captured = 0 then 'authorized'
            when captured < authorized then 'partially_captured'
            when settled < captured then 'captured'
            else 'settled'
        end
    ) stored,
    auth_expires_at timestamptz,
    attempts integer not null default 0,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint payments_pkey primary key (order_id, payment_id),
    constraint payments_public_id_key unique (public_id),
    -- One currency throughout an order and its money.
    -- lint: allow foreign_key_index on payment.payments.payments_order_fkey: the key of the table leads with the order
    constraint payments_order_fkey foreign key (order_id, currency)
    references orders.orders (order_id, currency) on delete restrict
    deferrable initially immediate,
    constraint payments_method_id_fkey foreign key (method_id)
    references payment.payment_methods (method_id) on delete restrict,
    constraint payments_provider_is_a_code_check check (
        provider ~ '^[a-z0-9]+([_-][a-z0-9]+)*$' and pg_catalog.length(provider) <= 50
        and provider !~ '([_-]?[0-9]){12}'
    ),
    constraint payments_amount_is_positive_check check (amount > 0),
    -- The last word about money, whatever a function above forgets: nothing is given back twice,
    -- not by two refunds, nor by a refund and a dispute, also while they are pending.
    constraint payments_amounts_nest_check check (
        captured <= authorized
        and authorized <= amount + surplus
        and refunded + refund_pending + charged_back <= captured
        and settled <= captured
        and least(
            surplus, authorized, captured, refunded, refund_pending, charged_back, settled, fees
        ) >= 0
    ),
    constraint payments_phase_check check (
        phase in (
            'created', 'requires_action', 'processing', 'failed', 'authorized', 'voided', 'expired'
        )
    ),
    constraint payments_phase_fits_amounts_check check (
        case phase
            when 'authorized' then authorized > 0
            when 'voided' then authorized = captured
            when 'expired' then authorized = captured
            else authorized = 0
        end
    ),
    constraint payments_authorization_ends_check check (
        authorized = captured or auth_expires_at is not null
    ),
    constraint payments_attempts_is_not_negative_check check (attempts >= 0)
) with (fillfactor = 80);
comment on table payment.payments is
'Attempts to pay for orders, and what became of the money. The amounts are the truth; the status
follows from them.';
comment on column payment.payments.order_id is 'The order that is paid for.';
comment on column payment.payments.payment_id is 'Number of the payment.';
comment on column payment.payments.public_id is 'Key shown outside.';
comment on column payment.payments.method_id is
'The stored method; null where the application sent the provider something else.';
comment on column payment.payments.provider is 'Who moves the money.';
comment on column payment.payments.currency is 'Currency of all amounts: that of the order.';
comment on column payment.payments.amount is 'What was asked for.';
comment on column payment.payments.surplus is
'What the provider authorised or captured beyond that: recorded because it is real, then given
back.';
comment on column payment.payments.authorized is
'What the provider promised. A void or an expiry lowers it, never below what was captured.';
comment on column payment.payments.captured is 'What was taken from the customer.';
comment on column payment.payments.refunded is 'What was given back.';
comment on column payment.payments.refund_pending is
'What is being given back: requested, approved and processing refunds.';
comment on column payment.payments.charged_back is 'What disputes have taken.';
comment on column payment.payments.settled is 'What the provider paid out, fees included.';
comment on column payment.payments.fees is 'What the provider kept.';
comment on column payment.payments.phase is
'How far the authorisation is: created, requires_action, processing, failed, authorized, voided or
expired (the last two: of what was left to capture).';
comment on column payment.payments.status is
'The phase while nothing is authorised, else authorized, partially_captured, captured or settled.';
comment on column payment.payments.auth_expires_at is
'Until when the provider keeps what is authorised and not captured.';
comment on column payment.payments.attempts is
'How often the provider was asked to authorise: repetitions after a time-out count.';
comment on column payment.payments.version is
'Counts changes, each with an event of that number.';
comment on column payment.payments.created_at is 'When it was begun.';
comment on column payment.payments.updated_at is 'When it was last changed.';
comment on column payment.payments.updated_by is 'The actor of the last change.';
comment on index payment.payments_pkey is
'For payment.lock_payment, and the foreign key to orders.';
comment on index payment.payments_public_id_key is
'For payment.begin_capture and its siblings, which are given the public key.';

create unique index payments_open_key on payment.payments (order_id)
where phase in ('created', 'requires_action', 'processing');
comment on index payment.payments_open_key is
'For payment.begin_payment: one payment an order waits for its outcome, so that nobody pays twice.';
create index payments_method_id_idx on payment.payments (method_id);
comment on index payment.payments_method_id_idx is
'For the foreign key to payment_methods on delete.';
create index payments_auth_expires_at_idx on payment.payments (auth_expires_at)
where authorized > captured;
comment on index payment.payments_auth_expires_at_idx is 'For payment.cleanup_expired_payments.';

create table payment.refunds (
    order_id bigint not null,
    refund_id bigint generated always as identity,
    public_id uuid not null default pg_catalog.gen_random_uuid(),
    payment_id bigint not null,
    amount numeric(19, 4) not null,
    reason_code text not null,
    note text,
    return_no integer,
    status text not null default 'requested',
    error_code text,
    error_reason text,
    version bigint not null default 1,
    requested_at timestamptz not null default pg_catalog.clock_timestamp(),
    requested_by text not null,
    request_id text,
    decided_at timestamptz,
    decided_by text,
    processing_at timestamptz,
    closed_at timestamptz,
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint refunds_pkey primary key (order_id, refund_id),
    constraint refunds_public_id_key unique (public_id),
    -- lint: allow foreign_key_index on payment.refunds.refunds_payment_fkey: the key of the table leads with the order
    constraint refunds_payment_fkey foreign key (order_id, payment_id)
    references payment.payments (order_id, payment_id) on delete restrict,
    constraint refunds_return_fkey foreign key (order_id, return_no)
    references orders.order_returns (order_id, return_no) on delete restrict
    deferrable initially immediate,
    constraint refunds_amount_is_positive_check check (amount > 0),
    constraint refunds_reason_code_check check (
        reason_code in (
            'requested_by_customer', 'returned', 'cancelled', 'duplicate', 'surplus', 'goodwill',
            'fraudulent', 'order_dead', 'other'
        )
    ),
    constraint refunds_status_check check (
        status in (
            'requested', 'approved', 'processing', 'succeeded', 'failed', 'cancelled', 'reversed'
        )
    ),
    constraint refunds_closed_when_over_check check (
        (closed_at is not null) = (status in ('succeeded', 'failed', 'cancelled', 'reversed'))
    ),
    constraint refunds_decided_when_approved_check check (
        status in ('requested', 'cancelled') or decided_at is not null
    ),
    constraint refunds_lengths_check check (
        pg_catalog.length(note) between 1 and 1000
        and pg_catalog.length(error_code) between 1 and 100
        and pg_catalog.length(error_reason) between 1 and 500
    ),
    constraint refunds_no_card_data_check check (
        not payment.holds_card_data(note)
        and not payment.holds_card_data(error_code)
        and not payment.holds_card_data(error_reason)
    )
) with (fillfactor = 80);
comment on table payment.refunds is
'Money on its way back. A pending one already uses up what can be refunded; none is ever deleted, so
that a repetition has the same key at the provider.';
comment on column payment.refunds.order_id is 'The order.';
comment on column payment.refunds.refund_id is 'Number of the refund.';
comment on column payment.refunds.public_id is 'Key shown outside.';
comment on column payment.refunds.payment_id is 'The payment that is given back.';
comment on column payment.refunds.amount is 'How much of it.';
comment on column payment.refunds.reason_code is
'requested_by_customer, returned, cancelled, duplicate, surplus, goodwill, fraudulent, order_dead or
other.';
comment on column payment.refunds.note is 'What is to be said about it.';
comment on column payment.refunds.return_no is 'The return of the order that it pays for.';
comment on column payment.refunds.status is
'requested, approved, processing, succeeded, failed, cancelled or reversed (by the bank, later).';
comment on column payment.refunds.error_code is 'The provider''s code of a failure.';
comment on column payment.refunds.error_reason is 'Its words, or why it was cancelled.';
comment on column payment.refunds.version is 'Counts changes, each with an event of that number.';
comment on column payment.refunds.requested_at is 'When it was asked for.';
comment on column payment.refunds.requested_by is 'The actor who did.';
comment on column payment.refunds.request_id is 'The request that it was done for.';
comment on column payment.refunds.decided_at is 'When it was approved or refused.';
comment on column payment.refunds.decided_by is 'The actor who did.';
comment on column payment.refunds.processing_at is 'When the provider was first asked.';
comment on column payment.refunds.closed_at is 'When its outcome was known.';
comment on column payment.refunds.updated_at is 'When it was last changed.';
comment on column payment.refunds.updated_by is 'The actor of the last change.';
comment on index payment.refunds_pkey is
'For payment.begin_refund and its siblings, and the foreign key of transactions.';
comment on index payment.refunds_public_id_key is
'For payment.decide_refund and its siblings, which are given the public key.';

create index refunds_return_idx on payment.refunds (order_id, return_no)
where return_no is not null;
comment on index payment.refunds_return_idx is 'For the foreign key to order_returns.';
create index refunds_status_idx on payment.refunds (status, requested_at)
where status in ('requested', 'approved', 'processing');
comment on index payment.refunds_status_idx is
'For payment.refund_list: the queue of what is to be done.';

create table payment.payment_disputes (
    order_id bigint not null,
    dispute_id bigint generated always as identity,
    public_id uuid not null default pg_catalog.gen_random_uuid(),
    payment_id bigint not null,
    provider text not null,
    provider_dispute_id text not null,
    amount numeric(19, 4) not null,
    counted numeric(19, 4) not null default 0,
    reason_code text not null,
    network_code text,
    status text not null,
    evidence_due_at timestamptz,
    submitted_at timestamptz,
    submission_count integer not null default 0,
    outcome_reason text,
    opened_at timestamptz not null default pg_catalog.clock_timestamp(),
    closed_at timestamptz,
    version bigint not null default 1,
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint payment_disputes_pkey primary key (order_id, dispute_id),
    constraint payment_disputes_public_id_key unique (public_id),
    constraint payment_disputes_provider_dispute_id_key unique (provider, provider_dispute_id),
    -- lint: allow foreign_key_index on payment.payment_disputes.payment_disputes_payment_fkey: the key of the table leads with the order
    constraint payment_disputes_payment_fkey foreign key (order_id, payment_id)
    references payment.payments (order_id, payment_id) on delete restrict,
    constraint payment_disputes_amount_is_positive_check check (amount > 0),
    constraint payment_disputes_counted_while_it_takes_check check (
        counted between 0 and amount
        and (counted = 0 or status in ('needs_response', 'under_review', 'lost'))
    ),
    constraint payment_disputes_status_check check (
        status in (
            'warning', 'closed', 'needs_response', 'under_review', 'won', 'lost', 'prevented'
        )
    ),
    constraint payment_disputes_closed_when_over_check check (
        (closed_at is not null) = (status in ('closed', 'won', 'lost', 'prevented'))
    ),
    constraint payment_disputes_evidence_has_a_deadline_check check (
        status <> 'needs_response' or evidence_due_at is not null
    ),
    constraint payment_disputes_submitted_when_counted_check check (
        (submission_count > 0) = (submitted_at is not null) and submission_count >= 0
    ),
    constraint payment_disputes_lengths_check check (
        pg_catalog.length(provider) between 1 and 50
        and pg_catalog.length(provider_dispute_id) between 1 and 255
        and pg_catalog.length(reason_code) between 1 and 100
        and pg_catalog.length(network_code) between 1 and 50
        and pg_catalog.length(outcome_reason) between 1 and 500
    ),
    constraint payment_disputes_no_card_data_check check (
        not payment.holds_card_data(provider_dispute_id)
        and not payment.holds_card_data(reason_code)
        and not payment.holds_card_data(network_code)
        and not payment.holds_card_data(outcome_reason)
    )
) with (fillfactor = 80);
comment on table payment.payment_disputes is
'What a customer''s bank contests. Beyond a warning, the amount is taken until the dispute is won.';
comment on column payment.payment_disputes.order_id is 'The order.';
comment on column payment.payment_disputes.dispute_id is 'Number of the dispute.';
comment on column payment.payment_disputes.public_id is 'Key shown outside.';
comment on column payment.payment_disputes.payment_id is 'The contested payment.';
comment on column payment.payment_disputes.provider is 'Who reported it.';
comment on column payment.payment_disputes.provider_dispute_id is 'What the provider calls it.';
comment on column payment.payment_disputes.amount is 'How much is contested.';
comment on column payment.payment_disputes.counted is
'How much of it is taken from the payment: less than the amount where a refund was on its way.';
comment on column payment.payment_disputes.reason_code is 'Such as fraudulent.';
comment on column payment.payment_disputes.network_code is 'The card network''s code, if any.';
comment on column payment.payment_disputes.status is
'warning, closed, needs_response, under_review, won, lost or prevented.';
comment on column payment.payment_disputes.evidence_due_at is 'Until when evidence is accepted.';
comment on column payment.payment_disputes.submitted_at is 'When evidence was last submitted.';
comment on column payment.payment_disputes.submission_count is 'How often evidence was submitted.';
comment on column payment.payment_disputes.outcome_reason is
'Why it ended so: accepted, past_due, or the provider''s words.';
comment on column payment.payment_disputes.opened_at is 'When it was recorded.';
comment on column payment.payment_disputes.closed_at is 'When its outcome was recorded.';
comment on column payment.payment_disputes.version is
'Counts changes, each with an event of that number.';
comment on column payment.payment_disputes.updated_at is 'When it was last changed.';
comment on column payment.payment_disputes.updated_by is 'The actor of the last change.';
comment on index payment.payment_disputes_pkey is
'For payment.submit_evidence, and the foreign keys of evidence and transactions.';
comment on index payment.payment_disputes_public_id_key is
'For payment.resolve_dispute and its siblings, which are given the public key.';
comment on index payment.payment_disputes_provider_dispute_id_key is
'For payment.open_dispute: a provider''s dispute is recorded once.';

create index payment_disputes_evidence_due_at_idx on payment.payment_disputes (evidence_due_at)
where status = 'needs_response';
comment on index payment.payment_disputes_evidence_due_at_idx is
'For payment.cleanup_overdue_disputes, and payment.dispute_list: what is due next.';

create table payment.dispute_evidence (
    order_id bigint not null,
    dispute_id bigint not null,
    kind text not null,
    version integer not null,
    body text,
    file_uri text,
    submission integer,
    submitted_at timestamptz,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    created_by text not null,
    erased_at timestamptz,
    constraint dispute_evidence_pkey primary key (order_id, dispute_id, kind, version),
    constraint dispute_evidence_dispute_fkey foreign key (order_id, dispute_id)
    references payment.payment_disputes (order_id, dispute_id) on delete restrict,
    constraint dispute_evidence_version_is_positive_check check (version > 0),
    constraint dispute_evidence_text_or_file_check check (
        pg_catalog.num_nonnulls(body, file_uri, erased_at) = 1
    ),
    constraint dispute_evidence_submitted_when_it_says_so_check check (
        (submitted_at is not null) = (submission is not null) and submission > 0
    ),
    constraint dispute_evidence_lengths_check check (
        kind ~ '^[a-z0-9]+(_[a-z0-9]+)*$'
        and pg_catalog.length(kind) <= 50
        and pg_catalog.length(body) between 1 and 20000
        and pg_catalog.length(file_uri) between 1 and 2000
    ),
    constraint dispute_evidence_no_card_data_check check (
        not payment.holds_card_data(body)
        and not payment.holds_card_data(file_uri)
        and not payment.holds_card_data(kind)
    )
);
comment on table payment.dispute_evidence is
'What is said against a dispute, of each kind in versions. Rows are never changed but by the stamp
of their submission, and when the person is taken out of the order.';
comment on column payment.dispute_evidence.order_id is 'The order.';
comment on column payment.dispute_evidence.dispute_id is 'The dispute.';
comment on column payment.dispute_evidence.kind is 'Such as shipping_documentation or receipt.';
comment on column payment.dispute_evidence.version is 'Number among those of its kind, from 1.';
comment on column payment.dispute_evidence.body is 'The text, if it is one.';
comment on column payment.dispute_evidence.file_uri is 'Where the file is, if it is one.';
comment on column payment.dispute_evidence.submission is
'Number of the submission that it was part of; null before.';
comment on column payment.dispute_evidence.submitted_at is 'When that was.';
comment on column payment.dispute_evidence.created_at is 'When it was added.';
comment on column payment.dispute_evidence.created_by is 'The actor who added it.';
comment on column payment.dispute_evidence.erased_at is
'When it was taken out, with the person that the order is for.';
comment on index payment.dispute_evidence_pkey is
'For payment.add_evidence, and the foreign key to disputes.';

create table payment.payment_transactions (
    order_id bigint not null,
    transaction_id bigint generated always as identity,
    public_id uuid not null default pg_catalog.gen_random_uuid(),
    payment_id bigint not null,
    kind text not null,
    status text not null,
    amount numeric(19, 4) not null,
    provider text not null,
    provider_ref text,
    is_final boolean not null default false,
    refund_id bigint,
    dispute_id bigint,
    attempts integer not null default 0,
    claimed_until timestamptz,
    error_code text,
    error_reason text,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    completed_at timestamptz,
    actor text not null,
    request_id text,
    constraint payment_transactions_pkey primary key (order_id, transaction_id),
    constraint payment_transactions_public_id_key unique (public_id),
    -- lint: allow foreign_key_index on payment.payment_transactions.payment_transactions_payment_fkey: the key of the table leads with the order
    constraint payment_transactions_payment_fkey foreign key (order_id, payment_id)
    references payment.payments (order_id, payment_id) on delete restrict,
    constraint payment_transactions_refund_fkey foreign key (order_id, refund_id)
    references payment.refunds (order_id, refund_id) on delete restrict,
    constraint payment_transactions_dispute_fkey foreign key (order_id, dispute_id)
    references payment.payment_disputes (order_id, dispute_id) on delete restrict,
    constraint payment_transactions_kind_check check (
        kind in (
            'authorize', 'capture', 'void', 'expiry', 'refund', 'refund_reversal', 'chargeback',
            'chargeback_reversal', 'settlement', 'fee'
        )
    ),
    constraint payment_transactions_status_check check (
        status in ('pending', 'timed_out', 'succeeded', 'failed')
    ),
    constraint payment_transactions_amount_is_positive_check check (amount > 0),
    constraint payment_transactions_claimed_while_pending_check check (
        (claimed_until is not null) = (status in ('pending', 'timed_out'))
    ),
    constraint payment_transactions_completed_when_over_check check (
        (completed_at is not null) = (status in ('succeeded', 'failed'))
    ),
    constraint payment_transactions_of_a_refund_check check (
        (kind in ('refund', 'refund_reversal')) = (refund_id is not null)
    ),
    constraint payment_transactions_of_a_dispute_check check (
        (kind in ('chargeback', 'chargeback_reversal')) = (dispute_id is not null)
    ),
    constraint payment_transactions_lengths_check check (
        pg_catalog.length(provider_ref) between 1 and 255
        and pg_catalog.length(error_code) between 1 and 100
        and pg_catalog.length(error_reason) between 1 and 500
    ),
    constraint payment_transactions_no_card_data_check check (
        not payment.holds_card_data(provider_ref)
        and not payment.holds_card_data(error_code)
        and not payment.holds_card_data(error_reason)
    )
) with (fillfactor = 80);
comment on table payment.payment_transactions is
'Every step of every payment: what was asked of a provider, and what it answered. The amounts of a
payment are the sums of its succeeded rows, which are never changed.';
comment on column payment.payment_transactions.order_id is 'The order.';
comment on column payment.payment_transactions.transaction_id is 'Number of the step.';
comment on column payment.payment_transactions.public_id is
'Sent to the provider as the idempotency key: a repetition after a time-out sends the same.';
comment on column payment.payment_transactions.payment_id is 'The payment.';
comment on column payment.payment_transactions.kind is
'authorize, capture, void, expiry, refund, refund_reversal, chargeback, chargeback_reversal,
settlement or fee.';
comment on column payment.payment_transactions.status is
'pending (asked), timed_out (asked, and nobody knows), succeeded or failed.';
comment on column payment.payment_transactions.amount is
'How much: what was asked for, and once it succeeded what the provider said.';
comment on column payment.payment_transactions.provider is 'Who was asked.';
comment on column payment.payment_transactions.provider_ref is 'What the provider calls the step.';
comment on column payment.payment_transactions.is_final is
'Of a capture: nothing is to be captured after it.';
comment on column payment.payment_transactions.refund_id is 'The refund that it is a step of.';
comment on column payment.payment_transactions.dispute_id is 'The dispute that it is a step of.';
comment on column payment.payment_transactions.attempts is 'How often the provider was asked.';
comment on column payment.payment_transactions.claimed_until is
'Until when the answer is waited for; then the step may be taken again, with the same key.';
comment on column payment.payment_transactions.error_code is 'The provider''s code of a failure.';
comment on column payment.payment_transactions.error_reason is
'Its words; of a step that nobody asked for, where it comes from.';
comment on column payment.payment_transactions.created_at is 'When the step was claimed.';
comment on column payment.payment_transactions.completed_at is 'When its outcome was recorded.';
comment on column payment.payment_transactions.actor is 'Who claimed it, or reported it.';
comment on column payment.payment_transactions.request_id is 'The request that it was done for.';
comment on index payment.payment_transactions_pkey is
'For the steps of an order''s payments: orders.get_order_timeline.';
comment on index payment.payment_transactions_public_id_key is
'For payment.process_payment_authorization and its siblings, which are given the key.';

-- Attempts that came to nothing may share a reference: some providers give one to all of a payment.
create unique index payment_transactions_provider_ref_key
on payment.payment_transactions (
    provider, kind, provider_ref, (case when status = 'succeeded' then 0 else transaction_id end)
) where provider_ref is not null;
comment on index payment.payment_transactions_provider_ref_key is
'For payment.find_reference: what a provider reports counts once.';
create unique index payment_transactions_pending_key
on payment.payment_transactions (order_id, payment_id, kind)
where status in ('pending', 'timed_out') and refund_id is null;
comment on index payment.payment_transactions_pending_key is
'For payment.begin_capture and its siblings: one step of a kind is under way a payment.';
create unique index payment_transactions_refund_pending_key
on payment.payment_transactions (order_id, refund_id)
where status in ('pending', 'timed_out') and refund_id is not null;
comment on index payment.payment_transactions_refund_pending_key is
'For payment.begin_refund: one step is under way a refund.';
create index payment_transactions_refund_idx
on payment.payment_transactions (order_id, refund_id) where refund_id is not null;
comment on index payment.payment_transactions_refund_idx is 'For the foreign key to refunds.';
create index payment_transactions_dispute_idx
on payment.payment_transactions (order_id, dispute_id) where dispute_id is not null;
comment on index payment.payment_transactions_dispute_idx is
'For the foreign key to payment_disputes.';
create index payment_transactions_claimed_until_idx
on payment.payment_transactions (claimed_until)
where status in ('pending', 'timed_out');
comment on index payment.payment_transactions_claimed_until_idx is
'For payment.cleanup_expired_payments and payment.claim_overdue_steps: what nobody answered.';
create index payment_transactions_completed_at_idx
on payment.payment_transactions (completed_at) where completed_at is not null;
comment on index payment.payment_transactions_completed_at_idx is
'For payment.roll_up_payment_analytics: what happened on a day.';

create table payment.provider_events (
    provider text not null,
    event_id text not null,
    kind text not null,
    payload jsonb not null,
    status text not null default 'waiting',
    reason text,
    order_id bigint,
    tries integer not null default 0,
    deliveries integer not null default 1,
    received_at timestamptz not null default pg_catalog.clock_timestamp(),
    next_try_at timestamptz,
    processed_at timestamptz,
    constraint provider_events_pkey primary key (provider, event_id),
    constraint provider_events_provider_is_a_code_check check (
        provider ~ '^[a-z0-9]+([_-][a-z0-9]+)*$' and pg_catalog.length(provider) <= 50
        and provider !~ '([_-]?[0-9]){12}'
    ),
    constraint provider_events_lengths_check check (
        pg_catalog.length(event_id) between 1 and 255
        and pg_catalog.length(kind) between 1 and 100
        and pg_catalog.length(reason) between 1 and 500
        and pg_catalog.length(payload::text) <= 200000
    ),
    constraint provider_events_status_check check (
        status in ('waiting', 'applied', 'ignored', 'given_up')
    ),
    constraint provider_events_tried_again_while_waiting_check check (
        (next_try_at is not null) = (status = 'waiting')
    ),
    constraint provider_events_processed_when_over_check check (
        (processed_at is not null) = (status in ('applied', 'ignored'))
    ),
    constraint provider_events_reason_given_check check (
        status = 'applied' or reason is not null
    ),
    constraint provider_events_counts_check check (tries >= 0 and deliveries > 0),
    constraint provider_events_no_card_data_check check (
        not payment.holds_card_data(payload::text)
        and not payment.holds_card_data(event_id)
        and not payment.holds_card_data(kind)
        and not payment.holds_card_data(reason)
    )
) with (fillfactor = 80);
comment on table payment.provider_events is
'The inbox: what providers reported, each event once however often it is delivered, and what became
of it.';
comment on column payment.provider_events.provider is 'Who reported it.';
comment on column payment.provider_events.event_id is 'What the provider calls the event.';
comment on column payment.provider_events.kind is 'Such as capture.succeeded.';
comment on column payment.provider_events.payload is
'The event, as payment.receive_provider_event takes it.';
comment on column payment.provider_events.status is
'waiting (cannot be applied yet), applied, ignored (changes nothing) or given_up (for people).';
comment on column payment.provider_events.reason is 'Why it is not applied.';
comment on column payment.provider_events.order_id is 'The order that it is about, once known.';
comment on column payment.provider_events.tries is 'How often it was tried.';
comment on column payment.provider_events.deliveries is 'How often it came.';
comment on column payment.provider_events.received_at is 'When it first came.';
comment on column payment.provider_events.next_try_at is 'When it is tried again.';
comment on column payment.provider_events.processed_at is 'When it was applied or ignored.';
comment on index payment.provider_events_pkey is
'For payment.receive_provider_event: an event counts once.';

create index provider_events_order_id_idx on payment.provider_events (order_id)
where status = 'waiting';
comment on index payment.provider_events_order_id_idx is
'For payment.apply_waiting_events: what waits for another event of the order.';
create index provider_events_next_try_at_idx on payment.provider_events (next_try_at)
where status = 'waiting';
comment on index payment.provider_events_next_try_at_idx is
'For payment.process_provider_events: what to try again.';
create index provider_events_processed_at_idx on payment.provider_events (processed_at)
where processed_at is not null;
comment on index payment.provider_events_processed_at_idx is
'For payment.cleanup_provider_events: what is long done.';

create table payment.payment_analytics (
    day date not null,
    provider text not null,
    currency text not null,
    attempts bigint not null,
    approved bigint not null,
    declined bigint not null,
    timed_out bigint not null,
    approval_rate numeric(7, 4) generated always as (
        pg_catalog.round(approved::numeric / nullif(approved + declined + timed_out, 0), 4)
    ) stored,
    authorized_amount numeric(19, 4) not null,
    captures bigint not null,
    captured_amount numeric(19, 4) not null,
    refunds bigint not null,
    refunded_amount numeric(19, 4) not null,
    disputes bigint not null,
    disputed_amount numeric(19, 4) not null,
    settled_amount numeric(19, 4) not null,
    fee_amount numeric(19, 4) not null,
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    constraint payment_analytics_pkey primary key (day, provider, currency),
    constraint payment_analytics_currency_fkey foreign key (currency)
    references core.currencies (code) on delete restrict,
    constraint payment_analytics_counts_are_not_negative_check check (
        least(attempts, approved, declined, timed_out, captures, refunds, disputes) >= 0
    )
);
comment on table payment.payment_analytics is
'What was paid per day (UTC), provider and currency; rebuilt from the transactions.';
comment on column payment.payment_analytics.day is 'Day, in UTC.';
comment on column payment.payment_analytics.provider is 'Who moved the money.';
comment on column payment.payment_analytics.currency is 'Currency of the amounts.';
comment on column payment.payment_analytics.attempts is 'Authorisations that were asked for.';
comment on column payment.payment_analytics.approved is 'Those that succeeded.';
comment on column payment.payment_analytics.declined is 'Those that were declined or failed.';
comment on column payment.payment_analytics.timed_out is 'Those that ended without an answer.';
comment on column payment.payment_analytics.approval_rate is
'Succeeded ones among those with an outcome, from 0 to 1.';
comment on column payment.payment_analytics.authorized_amount is 'What was authorised.';
comment on column payment.payment_analytics.captures is 'Captures.';
comment on column payment.payment_analytics.captured_amount is 'What was captured.';
comment on column payment.payment_analytics.refunds is 'Refunds that succeeded.';
comment on column payment.payment_analytics.refunded_amount is
'What was refunded, less what banks sent back.';
comment on column payment.payment_analytics.disputes is 'Disputes that took money.';
comment on column payment.payment_analytics.disputed_amount is
'What disputes took, less what was won back.';
comment on column payment.payment_analytics.settled_amount is 'What was settled.';
comment on column payment.payment_analytics.fee_amount is 'What providers kept.';
comment on column payment.payment_analytics.updated_at is 'When the row was last rebuilt.';
comment on index payment.payment_analytics_pkey is 'For payment.payment_analytics_list.';

create index payment_analytics_currency_idx on payment.payment_analytics (currency);
comment on index payment.payment_analytics_currency_idx is
'For the foreign key to core.currencies when a currency is deleted.';
