-- Addresses, credentials, carts and their metrics.

set local role shop_owner;

-- The owner of everything may make no schemas; whoever migrates may.
set local role none;
create schema cart authorization shop_owner;
set local role shop_owner;

comment on schema cart is 'Carts of users and of guests, and what is measured of them.';
grant usage on schema cart to cart_service;

insert into core.business_rules (name, value, is_enabled, unit, description) values
    ('user_addresses_max', 50, true, 'addresses', 'Addresses of one user.'),
    (
        'login_failures_max', 10, true, 'attempts',
        'After so many wrong passwords in a row an account is locked for a while.'
    ),
    ('login_lock_minutes', 15, true, 'minutes', 'An account is locked this long.'),
    ('cart_line_units_max', 50, true, 'units', 'Units of one line of a cart.'),
    (
        'cart_user_units_max', 50, false, 'units',
        'Units of one variant a user; cart.set_variant_limit sets it for a variant.'
    ),
    ('cart_lines_max', 50, true, 'lines', 'Lines of one cart.'),
    ('cart_lock_seconds', 30, true, 'seconds', 'A call waits this long for a busy cart.'),
    ('cart_metric_days', 90, true, 'days', 'Metrics of carts are kept this long.');

-- lint: allow squawk/constraint-missing-not-valid: the columns are new, and one read proves all
alter table account.users
add column customer_group text,
add column anonymized_at timestamptz,
add constraint users_customer_group_is_a_code_check check (
    customer_group ~ '^[a-z0-9]+([_-][a-z0-9]+)*$' and pg_catalog.length(customer_group) <= 64
),
add constraint users_anonymized_when_it_says_so_check check (
    (status = 'anonymized') = (anonymized_at is not null)
),
add constraint users_anonymized_is_nobody_check check (
    status <> 'anonymized'
    or phone is null and customer_group is null and email like 'anonymized.%@invalid'
);
comment on column account.users.customer_group is
'Code of the group whose prices the user gets; null for those of everybody.';
comment on column account.users.anonymized_at is 'When the person was taken out of the row.';

create table account.addresses (
    user_id bigint not null,
    address_id bigint generated always as identity,
    kind text not null,
    is_default boolean not null,
    recipient text not null,
    company text,
    line1 text not null,
    line2 text,
    postal_code text,
    city text not null,
    region text,
    country text not null,
    phone text,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint addresses_pkey primary key (user_id, address_id),
    constraint addresses_user_id_fkey foreign key (user_id)
    references account.users (user_id) on delete cascade,
    constraint addresses_kind_check check (kind in ('shipping', 'billing')),
    constraint addresses_country_is_iso_3166_check check (country ~ '^[A-Z]{2}$'),
    constraint addresses_phone_is_e164_check check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    constraint addresses_lengths_check check (
        pg_catalog.length(recipient) between 1 and 200
        and pg_catalog.length(company) between 1 and 200
        and pg_catalog.length(line1) between 1 and 200
        and pg_catalog.length(line2) between 1 and 200
        and pg_catalog.length(postal_code) between 1 and 20
        and pg_catalog.length(city) between 1 and 200
        and pg_catalog.length(region) between 1 and 200
    )
);
comment on table account.addresses is
'Where a user''s parcels and invoices go. Of each kind that a user has, one is the default.';
comment on column account.addresses.user_id is 'Whose it is.';
comment on column account.addresses.address_id is 'Number of the address.';
comment on column account.addresses.kind is 'shipping or billing.';
comment on column account.addresses.is_default is 'Whether it is proposed first among its kind.';
comment on column account.addresses.recipient is 'Name on the parcel or invoice.';
comment on column account.addresses.company is 'Company, where there is one.';
comment on column account.addresses.line1 is 'Street and number.';
comment on column account.addresses.line2 is 'Floor, door, care of.';
comment on column account.addresses.postal_code is 'Not every country has one.';
comment on column account.addresses.city is 'Town or city.';
comment on column account.addresses.region is 'State, province or county, where it is written.';
comment on column account.addresses.country is 'Two letters of ISO 3166, such as GB.';
comment on column account.addresses.phone is 'For the carrier, in E.164.';
comment on column account.addresses.version is 'Counts edits.';
comment on column account.addresses.created_at is 'When it was added.';
comment on column account.addresses.updated_at is 'When it was last edited.';
comment on column account.addresses.updated_by is 'The actor of the last edit.';
comment on index account.addresses_pkey is
'For the addresses of a user, and the foreign key to users.';

create unique index addresses_default_key
on account.addresses (user_id, kind) where is_default;
comment on index account.addresses_default_key is
'For account.set_default_address: one default a user and kind.';

create table account.credentials (
    user_id bigint not null,
    kind text not null,
    secret_hash text not null,
    failures integer not null default 0,
    locked_until timestamptz,
    last_used_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint credentials_pkey primary key (user_id, kind),
    constraint credentials_user_id_fkey foreign key (user_id)
    references account.users (user_id) on delete cascade,
    constraint credentials_kind_check check (kind in ('password')),
    -- What has no such shape may be the secret itself.
    constraint credentials_secret_is_hashed_check check (
        secret_hash ~ '^[$][a-z0-9-]+[$][!-~]+$'
        and pg_catalog.length(secret_hash) between 40 and 1000
    ),
    constraint credentials_failures_is_not_negative_check check (failures >= 0)
);
comment on table account.credentials is
'What proves that somebody is a user. No view shows it; only its functions read it.';
comment on column account.credentials.user_id is 'Who is proved.';
comment on column account.credentials.kind is 'password.';
comment on column account.credentials.secret_hash is
'The hash as the application made it, in the form $algorithm$parameters$salt$hash.';
comment on column account.credentials.failures is 'Wrong attempts since the last right one.';
comment on column account.credentials.locked_until is 'Until then no attempt is to be accepted.';
comment on column account.credentials.last_used_at is 'When it was last used with success.';
comment on column account.credentials.version is 'Counts how often the secret was set.';
comment on column account.credentials.created_at is 'When the first secret was set.';
comment on column account.credentials.updated_at is 'When the row was last changed.';
comment on column account.credentials.updated_by is 'The actor of the last change.';
comment on index account.credentials_pkey is
'For account.get_password, and the foreign key to users.';

create table cart.variant_limits (
    variant_id bigint not null,
    max_units integer,
    version bigint not null default 1,
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint variant_limits_pkey primary key (variant_id),
    constraint variant_limits_variant_id_fkey foreign key (variant_id)
    references product.variants (variant_id) on delete cascade,
    constraint variant_limits_max_units_is_positive_check check (max_units > 0)
);
comment on table cart.variant_limits is
'Variants of which a user may have another number of units than the rule cart_user_units_max says.';
comment on column cart.variant_limits.variant_id is 'What is limited.';
comment on column cart.variant_limits.max_units is 'Units a user; null where there is no limit.';
comment on column cart.variant_limits.version is 'Counts edits.';
comment on column cart.variant_limits.updated_at is 'When it was last set.';
comment on column cart.variant_limits.updated_by is 'The actor who set it.';
comment on index cart.variant_limits_pkey is 'For cart.appraise, and the foreign key to variants.';

create table cart.carts (
    cart_id bigint generated always as identity,
    public_id uuid not null default pg_catalog.gen_random_uuid(),
    user_id bigint,
    session_token text,
    currency text not null,
    status text not null default 'active',
    merged_into bigint,
    version bigint not null default 0,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    expires_at timestamptz not null,
    closed_at timestamptz,
    constraint carts_pkey primary key (cart_id),
    constraint carts_public_id_key unique (public_id),
    constraint carts_user_id_fkey foreign key (user_id)
    references account.users (user_id) on delete restrict,
    constraint carts_currency_fkey foreign key (currency)
    references core.currencies (code) on delete restrict,
    constraint carts_merged_into_fkey foreign key (merged_into)
    references cart.carts (cart_id) on delete restrict,
    -- The session goes when the cart is closed: a token is a secret.
    constraint carts_owner_check check (
        pg_catalog.num_nonnulls(user_id, session_token) = 1
        or status <> 'active' and user_id is null and session_token is null
    ),
    constraint carts_session_token_length_check check (
        pg_catalog.length(session_token) between 1 and 200
    ),
    constraint carts_status_check check (status in ('active', 'converted', 'merged', 'expired')),
    constraint carts_closed_when_not_active_check check (
        (status = 'active') = (closed_at is null)
    ),
    constraint carts_merged_into_another_check check (
        (status = 'merged') = (merged_into is not null) and merged_into <> cart_id
    ),
    constraint carts_version_is_not_negative_check check (version >= 0)
) with (fillfactor = 80);
comment on table cart.carts is
'Carts of users and of sessions. Of each owner, one is active.';
comment on column cart.carts.cart_id is 'Key inside the database.';
comment on column cart.carts.public_id is 'Key shown to customers.';
comment on column cart.carts.user_id is 'The user whose it is.';
comment on column cart.carts.session_token is
'The guest''s session whose it is: a secret, kept only while the cart is active.';
comment on column cart.carts.currency is 'What its prices are in.';
comment on column cart.carts.status is 'active, converted (ordered), merged or expired.';
comment on column cart.carts.merged_into is 'The cart that took its lines.';
comment on column cart.carts.version is
'Counts changes, each with an event of that number; 0 before the first.';
comment on column cart.carts.created_at is 'When it was opened.';
comment on column cart.carts.updated_at is 'When it was last changed.';
comment on column cart.carts.updated_by is 'The actor of the last change.';
comment on column cart.carts.expires_at is
'The rule cart_days after the last change; from then on it is nobody''s active cart.';
comment on column cart.carts.closed_at is 'When it ceased to be active.';
comment on index cart.carts_pkey is 'For the foreign keys of lines and of merged carts.';
comment on index cart.carts_public_id_key is 'For cart.cart_list by the public key.';

create unique index carts_active_user_key on cart.carts (user_id) where status = 'active';
comment on index cart.carts_active_user_key is
'For cart.find_cart: one active cart a user, however many clients open one at once.';
create unique index carts_active_session_key
on cart.carts (session_token) where status = 'active';
comment on index cart.carts_active_session_key is
'For cart.find_cart: one active cart a session.';
create index carts_user_id_idx on cart.carts (user_id);
comment on index cart.carts_user_id_idx is
'For account.export_user, and the foreign key to users on delete.';
create index carts_currency_idx on cart.carts (currency);
comment on index cart.carts_currency_idx is
'For the foreign key to core.currencies when a currency is deleted.';
create index carts_merged_into_idx on cart.carts (merged_into);
comment on index cart.carts_merged_into_idx is
'For what was merged into a cart, and its foreign key on delete.';
create index carts_expires_at_idx on cart.carts (expires_at) where status = 'active';
comment on index cart.carts_expires_at_idx is 'For cart.cleanup_expired_carts.';

create table cart.cart_items (
    cart_id bigint not null,
    variant_id bigint not null,
    quantity integer not null,
    name_seen text not null,
    price_seen numeric(19, 4),
    price_seen_at timestamptz not null default pg_catalog.clock_timestamp(),
    added_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint cart_items_pkey primary key (cart_id, variant_id),
    constraint cart_items_cart_id_fkey foreign key (cart_id)
    references cart.carts (cart_id) on delete cascade,
    constraint cart_items_variant_id_fkey foreign key (variant_id)
    references product.variants (variant_id) on delete restrict,
    constraint cart_items_quantity_check check (quantity between 1 and 999999999),
    constraint cart_items_price_seen_is_positive_check check (price_seen > 0)
) with (fillfactor = 80);
comment on table cart.cart_items is 'The lines of carts: a row a variant.';
comment on column cart.cart_items.cart_id is 'The cart.';
comment on column cart.cart_items.variant_id is 'What is in it.';
comment on column cart.cart_items.quantity is 'Units.';
comment on column cart.cart_items.name_seen is
'The variant''s name when it was put in, for the day when it is no longer shown.';
comment on column cart.cart_items.price_seen is
'Price of one unit, in the currency of the cart, that the customer was last shown and went on with;
null where there was none in that currency.';
comment on column cart.cart_items.price_seen_at is 'When that was.';
comment on column cart.cart_items.added_at is 'When it was put in; lines are shown in this order.';
comment on column cart.cart_items.updated_at is 'When the line was last changed.';
comment on column cart.cart_items.updated_by is 'The actor of the last change.';
comment on index cart.cart_items_pkey is 'For cart.cart_lines, and the foreign key to carts.';

create index cart_items_variant_id_idx on cart.cart_items (variant_id);
comment on index cart.cart_items_variant_id_idx is
'For the carts that a variant is in, and its foreign key on delete.';

create table cart.cart_activities (
    activity_id bigint generated always as identity,
    owner text not null,
    currency text not null,
    kind text not null,
    value numeric(19, 4) not null default 0,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    constraint cart_activities_pkey primary key (activity_id),
    constraint cart_activities_kind_check check (
        kind in ('add', 'removal', 'quantity_change', 'merge', 'abandoned', 'converted')
    ),
    constraint cart_activities_value_is_not_negative_check check (value >= 0)
);
comment on table cart.cart_activities is
'What happened to carts since the last roll-up. Rows are inserted, so that nobody waits for a
counter, and deleted when cart.roll_up_metrics has counted them.';
comment on column cart.cart_activities.activity_id is 'Number of the row.';
comment on column cart.cart_activities.owner is
'user:42; of a session the digest of its token, since that is a secret.';
comment on column cart.cart_activities.currency is 'The currency of the value.';
comment on column cart.cart_activities.kind is
'add, removal, quantity_change, merge, abandoned or converted.';
comment on column cart.cart_activities.value is
'What the units put in, or the cart that was abandoned or converted, were worth.';
comment on column cart.cart_activities.created_at is 'When it happened.';
comment on index cart.cart_activities_pkey is
'For cart.roll_up_metrics, which reads in this order.';

create table cart.cart_metrics (
    day date not null,
    owner text not null,
    currency text not null,
    adds bigint not null,
    removals bigint not null,
    quantity_changes bigint not null,
    merged bigint not null,
    abandoned bigint not null,
    converted bigint not null,
    added_value numeric(19, 4) not null,
    abandoned_value numeric(19, 4) not null,
    converted_value numeric(19, 4) not null,
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    constraint cart_metrics_pkey primary key (day, owner, currency),
    constraint cart_metrics_currency_fkey foreign key (currency)
    references core.currencies (code) on delete restrict,
    constraint cart_metrics_counts_are_not_negative_check check (
        adds >= 0 and removals >= 0 and quantity_changes >= 0 and merged >= 0 and abandoned >= 0
        and converted >= 0 and added_value >= 0 and abandoned_value >= 0 and converted_value >= 0
    )
);
comment on table cart.cart_metrics is
'What owners did with their carts, a row an owner, day and currency; written by
cart.roll_up_metrics.';
comment on column cart.cart_metrics.day is 'The day in UTC.';
comment on column cart.cart_metrics.owner is
'user:42; of a session the digest of its token, since that is a secret.';
comment on column cart.cart_metrics.currency is 'The currency of the values.';
comment on column cart.cart_metrics.adds is 'Times that something was put in.';
comment on column cart.cart_metrics.removals is 'Lines that were taken out.';
comment on column cart.cart_metrics.quantity_changes is 'Times that a quantity was set.';
comment on column cart.cart_metrics.merged is 'Carts that were merged into the owner''s.';
comment on column cart.cart_metrics.abandoned is 'Carts with lines that expired.';
comment on column cart.cart_metrics.converted is 'Carts that were ordered.';
comment on column cart.cart_metrics.added_value is 'Worth of the units put in.';
comment on column cart.cart_metrics.abandoned_value is 'Worth of the carts that expired.';
comment on column cart.cart_metrics.converted_value is 'Worth of the carts that were ordered.';
comment on column cart.cart_metrics.updated_at is 'When it was last added to.';
comment on index cart.cart_metrics_pkey is
'For cart.roll_up_metrics, which adds to a row and deletes old days.';

create index cart_metrics_currency_idx on cart.cart_metrics (currency);
comment on index cart.cart_metrics_currency_idx is
'For the foreign key to core.currencies when a currency is deleted.';
create index cart_metrics_owner_idx on cart.cart_metrics (owner);
comment on index cart.cart_metrics_owner_idx is 'For account.export_user.';
