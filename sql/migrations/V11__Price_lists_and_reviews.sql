-- Price lists, prices by quantity and time, reviews.
--
-- Locks and rewrites product.prices, for its new key: seconds for a million prices, during which
-- nobody reads one.

set local role shop_owner;

create table product.price_lists (
    price_list_id bigint generated always as identity,
    code text not null,
    name text not null,
    kind text not null,
    customer_group text,
    priority integer not null,
    validity tstzrange not null default '(,)',
    is_active boolean not null default true,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint price_lists_pkey primary key (price_list_id),
    constraint price_lists_code_key unique (code),
    constraint price_lists_code_is_a_code_check check (
        code ~ '^[a-z0-9]+([_-][a-z0-9]+)*$' and pg_catalog.length(code) <= 64
    ),
    constraint price_lists_name_length_check check (pg_catalog.length(name) between 1 and 200),
    constraint price_lists_kind_check check (kind in ('base', 'sale', 'group')),
    constraint price_lists_group_has_customers_check check (
        (kind = 'group') = (customer_group is not null)
    ),
    constraint price_lists_customer_group_is_a_code_check check (
        customer_group ~ '^[a-z0-9]+([_-][a-z0-9]+)*$' and pg_catalog.length(customer_group) <= 64
    ),
    -- Every other list goes before the base one, which is always there.
    constraint price_lists_priority_check check (
        case kind when 'base' then priority = 0 else priority between 1 and 1000000 end
    ),
    constraint price_lists_base_is_always_in_force_check check (
        kind <> 'base' or is_active and validity = '(,)'::tstzrange
    ),
    constraint price_lists_validity_begins_and_ends_check check (
        not pg_catalog.isempty(validity)
        and (pg_catalog.lower_inf(validity) or pg_catalog.lower_inc(validity))
        and not pg_catalog.upper_inc(validity)
    )
);
comment on table product.price_lists is
'Sets of prices: the base one, sales for everybody, and those of customer groups.';
comment on column product.price_lists.price_list_id is 'Key inside the database.';
comment on column product.price_lists.code is 'Name in calls, such as summer-2025.';
comment on column product.price_lists.name is 'Name for people.';
comment on column product.price_lists.kind is
'base (one, there from the start), sale (for everybody) or group (for one customer group).';
comment on column product.price_lists.customer_group is
'Whom the prices are for, a code as account.users has it; null for everybody.';
comment on column product.price_lists.priority is
'Of two lists with a price in force the higher goes first, then the younger list; 0 is the base.';
comment on column product.price_lists.validity is 'When the list applies; the end is exclusive.';
comment on column product.price_lists.is_active is 'Whether it applies at all.';
comment on column product.price_lists.version is 'Counts edits of the list, not of its prices.';
comment on column product.price_lists.created_at is 'When it was made.';
comment on column product.price_lists.updated_at is 'When it was last edited.';
comment on column product.price_lists.updated_by is 'The actor of the last edit.';
comment on index product.price_lists_pkey is
'For product.prices_in_force, and the foreign key of prices.';
comment on index product.price_lists_code_key is
'For product.find_price_list: every function that takes a list.';

create unique index price_lists_kind_key on product.price_lists (kind) where kind = 'base';
comment on index product.price_lists_kind_key is
'For product.set_price and product.import_products: there is one base list.';

insert into product.price_lists (code, name, kind, priority, updated_by)
values ('base', 'Base prices', 'base', 0, session_user);

-- What was the price of a variant in a currency is its base price of one unit, without an end.
-- lint: allow squawk/adding-field-with-default: the header says so; each price gets a key of its own
-- lint: allow unbatched_write: the rewrite has locked the table anyway
-- lint: allow squawk/adding-not-nullable-field: the header says what it costs
-- lint: allow squawk/ban-drop-constraint: a variant may have several prices from here on
-- lint: allow squawk/adding-serial-primary-key-field: the header says what it costs
-- lint: allow squawk/constraint-missing-not-valid: the table is locked, and the rewrite reads it all
-- lint: allow squawk/adding-foreign-key-constraint: every row names the one base list
alter table product.prices
    add column price_id bigint generated always as identity,
    add column price_list_id bigint,
    add column min_quantity integer not null default 1,
    add column validity tstzrange not null default '(,)',
    add column created_at timestamptz not null default pg_catalog.clock_timestamp();
update product.prices
set
    price_list_id = (select l.price_list_id from product.price_lists as l where l.kind = 'base'),
    created_at = updated_at;
alter table product.prices
    alter column price_list_id set not null,
    drop constraint prices_pkey,
    add constraint prices_pkey primary key (variant_id, price_id),
    add constraint prices_price_list_id_fkey foreign key (price_list_id)
    references product.price_lists (price_list_id) on delete restrict,
    add constraint prices_min_quantity_check check (min_quantity between 1 and 999999999),
    add constraint prices_validity_begins_and_ends_check check (
        pg_catalog.isempty(validity)
        or (pg_catalog.lower_inf(validity) or pg_catalog.lower_inc(validity))
        and not pg_catalog.upper_inc(validity)
    ),
    -- A tier is named by the quantity that it begins at and ends where the next one begins, so that
    -- two of them cannot overlap and none leaves a gap; in time they may, unless this refuses.
    -- Expressions alone, so that no query is ever answered from this index: one of the plain
    -- columns, which queries used as well, was seen to miss live entries under eight writing
    -- sessions, and then it let overlaps in (15.18 and 18.6; why is not known). With expressions
    -- it was never seen. ops.invariant_price_overlaps watches.
    add constraint prices_one_at_a_time_excl exclude using gist (
        (variant_id + 0) with =, (price_list_id + 0) with =, (min_quantity + 0) with =,
        (currency || '') with =, (validity * '(,)'::tstzrange) with &&
    );
comment on table product.prices is
'What a variant costs: by price list, currency, quantity and time. A row is never deleted.';
comment on column product.prices.price_id is
'Key inside the database, with the variant before it.';
comment on column product.prices.price_list_id is 'The list that it stands in.';
comment on column product.prices.min_quantity is
'The tier: the price of each unit from this quantity on, up to the next tier of the list.';
comment on column product.prices.validity is
'When it is in force; the end is exclusive. Empty for one that was withdrawn before it began.';
comment on column product.prices.created_at is 'When it was first set.';
comment on index product.prices_pkey is
'For product.prices_in_force, product.write_prices, and the foreign key of the history.';
comment on index product.prices_one_at_a_time_excl is
'For product.schedule_price: one price at a time for a list, currency and quantity.';

-- lint: allow squawk/require-concurrent-index-creation: the table is locked and rewritten just above
create index prices_price_list_id_idx on product.prices (price_list_id);
comment on index product.prices_price_list_id_idx is
'For product.price_schedule by list, and the foreign key to the list.';

-- What a variant costs in a currency is the commonest question: the variant joins the key that the
-- foreign key to the currency needs. The other way round, a plan made while the table was empty
-- would put the currency's index to use, which finds half of all prices.
-- lint: allow squawk/require-concurrent-index-deletion: the table is locked and rewritten just above
-- lint: allow squawk/require-concurrent-index-creation: the table is locked and rewritten just above
drop index product.prices_currency_idx;
create index prices_currency_variant_id_idx on product.prices (currency, variant_id);
comment on index product.prices_currency_variant_id_idx is
'For product.prices_in_force, and the foreign key to core.currencies.';

create table product.price_history (
    variant_id bigint not null,
    price_id bigint not null,
    version bigint not null,
    amount numeric(19, 4) not null,
    validity tstzrange not null,
    changed_at timestamptz not null default pg_catalog.clock_timestamp(),
    changed_by text not null,
    constraint price_history_pkey primary key (variant_id, price_id, version),
    constraint price_history_variant_id_price_id_fkey foreign key (variant_id, price_id)
    references product.prices (variant_id, price_id) on delete cascade,
    constraint price_history_amount_is_positive_check check (amount > 0)
);
comment on table product.price_history is
'What each price was after each change. Rows are only ever inserted.';
comment on column product.price_history.variant_id is 'What is priced.';
comment on column product.price_history.price_id is 'The price.';
comment on column product.price_history.version is 'The version of the price that it shows.';
comment on column product.price_history.amount is 'Price of one unit, from the change on.';
comment on column product.price_history.validity is 'When it is in force, from the change on.';
comment on column product.price_history.changed_at is 'When the change was made.';
comment on column product.price_history.changed_by is 'The actor of the change.';
comment on index product.price_history_pkey is
'For product.price_change_list, and the foreign key to the price.';

-- What happened before is not known; the history begins with what is.
insert into product.price_history (
    variant_id, price_id, version, amount, validity, changed_at, changed_by
)
select x.variant_id, x.price_id, x.version, x.amount, x.validity, x.updated_at, x.updated_by
from product.prices as x;

-- lint: allow squawk/constraint-missing-not-valid: the columns are new, and one read proves all
alter table product.products
    add column rating_sum bigint not null default 0,
    add column rating_count bigint not null default 0,
    add constraint products_rating_sum_fits_count_check check (
        rating_count >= 0 and rating_sum between rating_count and 5 * rating_count
    );
comment on column product.products.rating_sum is 'The sum of the ratings of approved reviews.';
comment on column product.products.rating_count is 'The number of approved reviews.';

create table product.product_reviews (
    product_id bigint not null,
    review_id bigint generated always as identity,
    public_id uuid not null default pg_catalog.gen_random_uuid(),
    user_id bigint not null,
    rating smallint not null,
    title text not null default '',
    body text not null default '',
    author_name text,
    status text not null default 'pending',
    order_id bigint,
    line_no integer,
    is_verified boolean generated always as (order_id is not null) stored,
    moderation_reason text,
    moderated_at timestamptz,
    moderated_by text,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint product_reviews_pkey primary key (product_id, review_id),
    constraint product_reviews_public_id_key unique (public_id),
    constraint product_reviews_user_id_product_id_key unique (user_id, product_id),
    constraint product_reviews_product_id_fkey foreign key (product_id)
    references product.products (product_id) on delete restrict,
    constraint product_reviews_user_id_fkey foreign key (user_id)
    references account.users (user_id) on delete restrict,
    constraint product_reviews_rating_check check (rating between 1 and 5),
    constraint product_reviews_title_length_check check (pg_catalog.length(title) <= 200),
    constraint product_reviews_body_length_check check (pg_catalog.length(body) <= 10000),
    constraint product_reviews_author_name_length_check check (
        pg_catalog.length(author_name) between 1 and 100
    ),
    constraint product_reviews_status_check check (
        status in ('pending', 'approved', 'rejected', 'hidden')
    ),
    constraint product_reviews_order_line_is_whole_check check (
        (order_id is null) = (line_no is null)
    ),
    constraint product_reviews_status_is_somebodys_check check (
        (status = 'pending') = (moderated_at is null)
        and (moderated_at is null) = (moderated_by is null)
    ),
    constraint product_reviews_moderation_reason_length_check check (
        pg_catalog.length(moderation_reason) between 1 and 500
    )
);
comment on table product.product_reviews is
'What buyers think of a product: one review a user and product, shown once it is approved.';
comment on column product.product_reviews.product_id is 'The product.';
comment on column product.product_reviews.review_id is
'Key inside the database, with the product before it.';
comment on column product.product_reviews.public_id is 'Key shown to customers.';
comment on column product.product_reviews.user_id is 'The author; never shown to other customers.';
comment on column product.product_reviews.rating is '1 to 5 stars.';
comment on column product.product_reviews.title is 'Headline; empty for none.';
comment on column product.product_reviews.body is 'Plain text; empty for none.';
comment on column product.product_reviews.author_name is
'What the author wants to be called; null for nothing.';
comment on column product.product_reviews.status is
'pending, approved, rejected or hidden; only approved ones are shown and counted.';
comment on column product.product_reviews.order_id is
'The order that the author bought it with; null where none is known. No foreign key: orders live
in a family of their own.';
comment on column product.product_reviews.line_no is 'The line of the order.';
comment on column product.product_reviews.is_verified is 'Whether the author bought it.';
comment on column product.product_reviews.moderation_reason is
'Why it was rejected or hidden; null where nobody said.';
comment on column product.product_reviews.moderated_at is 'When it got its status.';
comment on column product.product_reviews.moderated_by is 'The actor who gave it.';
comment on column product.product_reviews.version is 'Counts edits and changes of status.';
comment on column product.product_reviews.created_at is 'When it was submitted.';
comment on column product.product_reviews.updated_at is 'When it was last changed.';
comment on column product.product_reviews.updated_by is 'The actor of the last change.';
comment on index product.product_reviews_pkey is
'For product.review_list of a product, and the foreign key to the product.';
comment on index product.product_reviews_public_id_key is 'For product.moderate_review.';
comment on index product.product_reviews_user_id_product_id_key is
'For product.submit_review: one review a user and product; and the foreign key to the user.';

create index product_reviews_created_at_idx on product.product_reviews (created_at)
where status = 'pending';
comment on index product.product_reviews_created_at_idx is
'For product.review_moderation_list: what waits, the oldest first.';
