-- Users.

set local role shop_owner;

create table account.users (
    user_id bigint generated always as identity,
    public_id uuid not null default pg_catalog.gen_random_uuid(),
    email text not null,
    phone text,
    full_name text not null,
    status text not null default 'active',
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint users_pkey primary key (user_id),
    constraint users_public_id_key unique (public_id),
    constraint users_email_has_one_at_check check (
        email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and pg_catalog.length(email) <= 254
    ),
    constraint users_phone_is_e164_check check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    constraint users_full_name_length_check check (pg_catalog.length(full_name) between 1 and 200),
    constraint users_status_check check (status in ('active', 'suspended', 'anonymized'))
);
comment on table account.users is 'People with an account.';
comment on column account.users.user_id is 'Key inside the database.';
comment on column account.users.public_id is 'Key shown to customers.';
comment on column account.users.email is 'Unique regardless of case; kept as it was typed.';
comment on column account.users.phone is 'In E.164, such as +442071838750; unique where given.';
comment on column account.users.full_name is 'Name for letters and parcels.';
comment on column account.users.status is 'active, suspended or anonymized.';
comment on column account.users.version is 'Counts edits.';
comment on column account.users.created_at is 'When the user was registered.';
comment on column account.users.updated_at is 'When the row was last edited.';
comment on column account.users.updated_by is 'The actor of the last edit.';
comment on index account.users_pkey is 'For owners such as user:42 in inventory.reserve_inventory.';
comment on index account.users_public_id_key is 'For account.user_profiles by the public key.';

create unique index users_email_key on account.users (pg_catalog.lower(email));
comment on index account.users_email_key is 'For account.register_user: one account an address.';
create unique index users_phone_key on account.users (phone) where phone is not null;
comment on index account.users_phone_key is 'For account.register_user: one account a number.';
