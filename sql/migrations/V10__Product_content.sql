-- Product content: the tree of categories, options, images, specifications, versions, drafts.
--
-- Locks the categories, products and variants while it writes what is new into each row and checks
-- it: seconds for a million products. First the roles of editors, who see what customers do not.
-- As in V1: another database of the cluster may be making the same ones at this moment, and a role
-- that exists is never altered. They are made by whoever migrates, because the owner may not.

set local role shop_owner;
reset role;

do $roles$
declare
    v_statements text[] := '{}';
    v_refused text[] := '{}';
    v_statement text;
    v_role record;
begin
    for v_role in
        select r.editor, r.service
        from (
            values ('product_editor', 'product_service'), ('inventory_editor', 'inventory_service')
        ) as r (editor, service)
    loop
        if pg_catalog.to_regrole(v_role.editor) is null then
            v_statements := v_statements
                || pg_catalog.format('create role %I nologin', v_role.editor);
        end if;
        if not exists (
            select
            from pg_catalog.pg_auth_members as m
            where m.roleid = pg_catalog.to_regrole(v_role.service)
            and m.member = pg_catalog.to_regrole(v_role.editor)
        ) then
            v_statements := v_statements
                || pg_catalog.format('grant %I to %I', v_role.service, v_role.editor);
        end if;
    end loop;

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

-- A category carries the keys of all above it, and the foreign key compares them with the path of
-- its parent. So the tree has no cycle whatever two sessions do at once, a move changes one row,
-- and the cascade of the key changes the subtree.
-- lint: allow squawk/adding-field-with-default: the path cannot be null; there are few categories
alter table product.categories
    add column parent_path bigint[] not null default '{}',
    add column path bigint[] generated always as (parent_path || category_id) stored,
    add column description text not null default '',
    add column position integer not null default 0,
    add column status text not null default 'active';

with recursive tree as (
    select c.category_id, '{}'::bigint[] as parent_path
    from product.categories as c
    where c.parent_id is null
    union all
    select c.category_id, t.parent_path || t.category_id
    from tree as t
    inner join product.categories as c on c.parent_id = t.category_id
)
update product.categories as c
set parent_path = t.parent_path
from tree as t
where t.category_id = c.category_id and t.parent_path <> '{}';

-- lint: allow squawk/ban-drop-constraint: the key with the path, made here, says the same and more
-- lint: allow squawk/constraint-missing-not-valid: the columns are new, and the header says what it costs
-- lint: allow squawk/disallowed-unique-constraint: there are few categories
-- lint: allow squawk/adding-foreign-key-constraint: there are few categories
alter table product.categories
    drop constraint categories_parent_id_fkey,
    add constraint categories_category_id_path_key unique (category_id, path),
    add constraint categories_parent_id_parent_path_fkey
    foreign key (parent_id, parent_path) references product.categories (category_id, path)
    on update cascade on delete restrict,
    add constraint categories_parent_path_ends_with_parent_check check (
        parent_path[pg_catalog.cardinality(parent_path)] is not distinct from parent_id
    ),
    add constraint categories_is_not_above_itself_check check (category_id <> all (parent_path)),
    add constraint categories_depth_check check (pg_catalog.cardinality(parent_path) < 100),
    add constraint categories_description_length_check check (
        pg_catalog.length(description) <= 10000
    ),
    add constraint categories_status_check check (status in ('active', 'archived'));
comment on column product.categories.parent_path is
'The keys of all above it, from the top; empty at the top. Changed by product.move_category alone.';
comment on column product.categories.path is 'The same with its own key at the end.';
comment on column product.categories.description is 'Plain text.';
comment on column product.categories.position is 'Order among its siblings, then by name.';
comment on column product.categories.status is
'active or archived; an archived one hides its subtree from customers.';
comment on index product.categories_category_id_path_key is
'For the foreign key that carries the path of a category to those below it.';

-- lint: allow squawk/require-concurrent-index-deletion: there are few categories
-- lint: allow squawk/require-concurrent-index-creation: there are few categories
drop index product.categories_parent_id_idx;
create index categories_parent_id_parent_path_idx
on product.categories (parent_id, parent_path);
comment on index product.categories_parent_id_parent_path_idx is
'For product.delete_category, and the foreign key to the category above.';
create index categories_path_idx on product.categories using gin (path);
comment on index product.categories_path_idx is
'For product.move_category and product.search_products: all below a category.';

alter table product.products
    add column slug text,
    add column brand text,
    add column language text not null default 'en',
    add column tags text[] not null default '{}',
    add column metadata jsonb not null default '{}',
    add column published_at timestamptz;

-- lint: allow unbatched_write: the rule that comes next has to hold for every row
update product.products
set published_at = created_at
where status <> 'draft';

-- lint: allow squawk/constraint-missing-not-valid: the columns are new, and the header says what it costs
-- lint: allow squawk/disallowed-unique-constraint: the column is new and empty
alter table product.products
    alter column published_at set default pg_catalog.clock_timestamp(),
    add constraint products_slug_key unique (slug),
    add constraint products_slug_is_url_safe_check check (
        slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and pg_catalog.length(slug) <= 100
    ),
    add constraint products_brand_length_check check (pg_catalog.length(brand) between 1 and 200),
    add constraint products_language_is_iso_639_check check (language ~ '^[a-z]{2,3}$'),
    -- Joined by line feeds, which no tag may contain, so that one expression sees all of them.
    add constraint products_tags_are_words_check check (
        pg_catalog.cardinality(tags) <= 100
        and pg_catalog.array_position(tags, null) is null
        and pg_catalog.cardinality(tags) = pg_catalog.cardinality(
            pg_catalog.string_to_array(pg_catalog.array_to_string(tags, E'\n'), E'\n')
        )
        and (
            tags = '{}'
            or pg_catalog.array_to_string(tags, E'\n')
            ~ '^[^[:cntrl:]]{1,50}(\n[^[:cntrl:]]{1,50})*$'
        )
    ),
    add constraint products_metadata_is_an_object_check check (
        pg_catalog.jsonb_typeof(metadata) = 'object'
        and pg_catalog.length(metadata::text) <= 100000
    ),
    add constraint products_is_published_when_active_check check (
        status <> 'active' or published_at is not null
    );
comment on column product.products.slug is
'Name in addresses: lower-case words and hyphens; null where the page has none.';
comment on column product.products.brand is 'Who makes it; null where that does not matter.';
comment on column product.products.language is
'The language of its texts in ISO 639, such as en; search folds words by it.';
comment on column product.products.tags is 'Lower-case words to find it by, sorted, each once.';
comment on column product.products.metadata is
'What the merchant''s own programs keep about it; not shown to customers.';
comment on column product.products.published_at is 'When it first became active; null before.';
comment on index product.products_slug_key is 'For product.update_product, which refuses a second.';

-- lint: allow squawk/require-concurrent-index-creation: nothing has a tag or metadata yet
create index products_tags_idx on product.products using gin (tags);
comment on index product.products_tags_idx is
'For product.product_admin_list: the products with a tag.';
create index products_metadata_idx on product.products using gin (metadata jsonb_path_ops);
comment on index product.products_metadata_idx is
'For product.product_admin_list: the products whose metadata contain something.';

-- lint: allow squawk/constraint-missing-not-valid: the columns are new, and the header says what it costs
alter table product.variants
    add column options jsonb not null default '{}',
    add column barcode text,
    add column weight_grams integer,
    add column position integer not null default 0,
    add constraint variants_options_is_an_object_check check (
        pg_catalog.jsonb_typeof(options) = 'object'
        and not pg_catalog.jsonb_path_exists(options, 'strict $.* ? (@.type() != "string")')
    ),
    add constraint variants_barcode_is_gtin_check check (barcode ~ '^[0-9]{8,14}$'),
    add constraint variants_weight_grams_is_positive_check check (weight_grams > 0);
comment on column product.variants.options is
'The value of each option of the product, such as {"Size": "L"}; empty where it has none.';
comment on column product.variants.barcode is
'GTIN: 8 to 14 digits, unique; null where there is none.';
comment on column product.variants.weight_grams is 'What one unit weighs; null where unknown.';
comment on column product.variants.position is 'Order on the product''s page, then by key.';

-- lint: allow squawk/require-concurrent-index-creation: no row has options or a barcode yet
create unique index variants_product_id_options_key
on product.variants (product_id, options) where options <> '{}';
comment on index product.variants_product_id_options_key is
'For product.create_variant: two variants of a product differ in an option.';
create unique index variants_barcode_key on product.variants (barcode) where barcode is not null;
comment on index product.variants_barcode_key is
'For product.variant_list: what a scanner has read.';

create table product.product_options (
    product_id bigint not null,
    name text not null,
    position integer not null,
    constraint product_options_pkey primary key (product_id, name),
    constraint product_options_product_id_position_key unique (product_id, position)
    deferrable initially immediate,
    constraint product_options_product_id_fkey foreign key (product_id)
    references product.products (product_id) on delete cascade,
    constraint product_options_name_length_check check (pg_catalog.length(name) between 1 and 100),
    constraint product_options_position_check check (position >= 1)
);
comment on table product.product_options is 'What the variants of a product differ in.';
comment on column product.product_options.product_id is 'The product.';
comment on column product.product_options.name is 'Such as Size.';
comment on column product.product_options.position is 'Order on the page, from 1.';
comment on index product.product_options_pkey is
'For product.snapshot, and the foreign key to the product.';
comment on index product.product_options_product_id_position_key is
'For product.update_product: each place is taken once.';

create table product.option_values (
    product_id bigint not null,
    option_name text not null,
    value text not null,
    position integer not null,
    constraint option_values_pkey primary key (product_id, option_name, value),
    constraint option_values_product_id_option_name_position_key
    unique (product_id, option_name, position) deferrable initially immediate,
    constraint option_values_product_id_option_name_fkey foreign key (product_id, option_name)
    references product.product_options (product_id, name) on update cascade on delete cascade,
    constraint option_values_value_length_check check (pg_catalog.length(value) between 1 and 100),
    constraint option_values_position_check check (position >= 1)
);
comment on table product.option_values is 'What can be chosen of an option.';
comment on column product.option_values.product_id is 'The product.';
comment on column product.option_values.option_name is 'The option.';
comment on column product.option_values.value is 'Such as L.';
comment on column product.option_values.position is 'Order on the page, from 1.';
comment on index product.option_values_pkey is
'For product.snapshot, and the foreign key to the option.';
comment on index product.option_values_product_id_option_name_position_key is
'For product.update_product: each place is taken once.';

create table product.specifications (
    product_id bigint not null,
    position integer not null,
    group_name text not null default '',
    name text not null,
    value text not null,
    unit text,
    constraint specifications_pkey primary key (product_id, position),
    constraint specifications_product_id_group_name_name_key
    unique (product_id, group_name, name),
    constraint specifications_product_id_fkey foreign key (product_id)
    references product.products (product_id) on delete cascade,
    constraint specifications_position_check check (position >= 1),
    constraint specifications_group_name_length_check check (pg_catalog.length(group_name) <= 500),
    constraint specifications_name_length_check check (pg_catalog.length(name) between 1 and 500),
    constraint specifications_value_length_check check (pg_catalog.length(value) between 1 and 500),
    constraint specifications_unit_length_check check (pg_catalog.length(unit) between 1 and 500)
);
comment on table product.specifications is 'Facts about a product, as its page lists them.';
comment on column product.specifications.product_id is 'The product.';
comment on column product.specifications.position is 'Order on the page, from 1.';
comment on column product.specifications.group_name is 'Heading above it; empty for none.';
comment on column product.specifications.name is 'Such as Diameter.';
comment on column product.specifications.value is 'Such as 8.5.';
comment on column product.specifications.unit is 'Such as cm; null where there is none.';
comment on index product.specifications_pkey is
'For product.snapshot, and the foreign key to the product.';
comment on index product.specifications_product_id_group_name_name_key is
'For product.update_product: a fact is there once.';

create table product.product_images (
    product_id bigint not null,
    image_no integer not null,
    url text not null,
    alt text not null default '',
    variant_id bigint,
    position integer not null,
    is_primary boolean not null,
    constraint product_images_pkey primary key (product_id, image_no),
    constraint product_images_product_id_url_key unique (product_id, url),
    constraint product_images_product_id_position_key unique (product_id, position)
    deferrable initially immediate,
    -- Deferrable, so that one statement may give the place from one image to another.
    constraint product_images_one_primary_excl exclude using btree (product_id with =)
    where (is_primary) deferrable initially immediate,
    constraint product_images_product_id_fkey foreign key (product_id)
    references product.products (product_id) on delete cascade,
    constraint product_images_variant_id_fkey foreign key (variant_id)
    references product.variants (variant_id) on delete set null,
    constraint product_images_image_no_check check (image_no >= 1),
    constraint product_images_url_is_an_address_check check (
        url ~ '^(https?://|/)[^[:space:][:cntrl:]]+$' and pg_catalog.octet_length(url) <= 2000
    ),
    constraint product_images_alt_length_check check (pg_catalog.length(alt) <= 500),
    constraint product_images_position_check check (position >= 1)
);
comment on table product.product_images is
'The images of a product in order; where there are any, exactly one is the primary.';
comment on column product.product_images.product_id is 'The product.';
comment on column product.product_images.image_no is 'Number within the product; never used again.';
comment on column product.product_images.url is
'Where it is: http, https or a path; at most 2,000 bytes.';
comment on column product.product_images.alt is 'What to read out instead of it.';
comment on column product.product_images.variant_id is
'The variant that it shows; null for the product as such.';
comment on column product.product_images.position is 'Order on the page, from 1.';
comment on column product.product_images.is_primary is 'The one that lists and carts show.';
comment on index product.product_images_pkey is
'For product.remove_image, and the foreign key to the product.';
comment on index product.product_images_product_id_url_key is
'For product.add_image: an address is there once.';
comment on index product.product_images_product_id_position_key is
'For product.snapshot, and product.arrange_images: each place is taken once.';
comment on index product.product_images_one_primary_excl is
'For product.image_list and whoever shows one image a product.';

create index product_images_variant_id_idx on product.product_images (variant_id)
where variant_id is not null;
comment on index product.product_images_variant_id_idx is
'For the foreign key to the variant when one is deleted.';

create table product.supplier_references (
    product_id bigint not null,
    supplier text not null,
    reference text not null,
    constraint supplier_references_pkey primary key (product_id, supplier, reference),
    constraint supplier_references_product_id_fkey foreign key (product_id)
    references product.products (product_id) on delete cascade,
    constraint supplier_references_supplier_length_check check (
        pg_catalog.length(supplier) between 1 and 64
    ),
    constraint supplier_references_reference_length_check check (
        pg_catalog.length(reference) between 1 and 200
    )
);
comment on table product.supplier_references is
'What suppliers call a product; for editors alone.';
comment on column product.supplier_references.product_id is 'The product.';
comment on column product.supplier_references.supplier is 'The code of the supplier.';
comment on column product.supplier_references.reference is 'The supplier''s own code of it.';
comment on index product.supplier_references_pkey is
'For product.snapshot, and the foreign key to the product.';
create index supplier_references_supplier_reference_idx
on product.supplier_references (supplier, reference);
comment on index product.supplier_references_supplier_reference_idx is
'For product.supplier_reference_list: which product a supplier''s code means.';

create table product.content_versions (
    product_id bigint not null,
    version bigint not null,
    snapshot jsonb not null,
    fields jsonb not null,
    summary text not null,
    author text not null,
    published_at timestamptz not null default pg_catalog.clock_timestamp(),
    constraint content_versions_pkey primary key (product_id, version),
    constraint content_versions_product_id_fkey foreign key (product_id)
    references product.products (product_id) on delete cascade,
    constraint content_versions_version_check check (version >= 1),
    constraint content_versions_snapshot_is_an_object_check check (
        pg_catalog.jsonb_typeof(snapshot) = 'object'
    ),
    constraint content_versions_fields_is_an_array_check check (
        pg_catalog.jsonb_typeof(fields) = 'array'
    ),
    constraint content_versions_summary_length_check check (
        pg_catalog.length(summary) between 1 and 500
    )
);
comment on table product.content_versions is
'What a product''s content was after each change. Rows are only ever inserted.';
comment on column product.content_versions.product_id is 'The product.';
comment on column product.content_versions.version is 'The version of the product that it shows.';
comment on column product.content_versions.snapshot is
'All of the content, as product.snapshot gave it; prices, stock and reviews are no content.';
comment on column product.content_versions.fields is 'Names of the fields that the change touched.';
comment on column product.content_versions.summary is 'What was changed, in words.';
comment on column product.content_versions.author is 'The actor of the change.';
comment on column product.content_versions.published_at is 'When it was made.';
comment on index product.content_versions_pkey is
'For product.compare_content_versions, and the foreign key to the product.';

create table product.content_drafts (
    product_id bigint not null,
    content jsonb not null,
    base_version bigint not null,
    summary text not null,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint content_drafts_pkey primary key (product_id),
    constraint content_drafts_product_id_fkey foreign key (product_id)
    references product.products (product_id) on delete cascade,
    constraint content_drafts_content_is_an_object_check check (
        pg_catalog.jsonb_typeof(content) = 'object'
    ),
    constraint content_drafts_summary_length_check check (
        pg_catalog.length(summary) between 1 and 500
    )
);
comment on table product.content_drafts is
'Changes that somebody prepares: at most one draft a product, which nobody but editors sees.';
comment on column product.content_drafts.product_id is 'The product.';
comment on column product.content_drafts.content is
'The fields to change, as product.update_product takes them.';
comment on column product.content_drafts.base_version is
'The version of the product that the draft was written against.';
comment on column product.content_drafts.summary is 'What it changes, in words.';
comment on column product.content_drafts.version is 'Counts edits of the draft.';
comment on column product.content_drafts.created_at is 'When it was begun.';
comment on column product.content_drafts.updated_at is 'When it was last saved.';
comment on column product.content_drafts.updated_by is 'The actor who saved it last.';
comment on index product.content_drafts_pkey is
'For product.publish_draft, and the foreign key to the product.';

-- The history of a product that was there before begins with what it is now.
insert into product.content_versions (
    product_id, version, snapshot, fields, summary, author, published_at
)
select
    p.product_id, p.version,
    pg_catalog.jsonb_build_object(
        'code', p.code, 'slug', null, 'name', p.name, 'description', p.description,
        'status', p.status, 'category', c.slug, 'brand', null, 'language', p.language,
        'tags', '[]'::jsonb, 'metadata', '{}'::jsonb, 'options', '[]'::jsonb,
        'specifications', '[]'::jsonb, 'images', '[]'::jsonb, 'suppliers', '[]'::jsonb,
        'variants', coalesce(v.variants, '[]')
    ),
    '[]', 'The content before its versions were kept', p.updated_by, p.updated_at
from product.products as p
left join product.categories as c on c.category_id = p.category_id
left join lateral (
    select
        pg_catalog.jsonb_agg(
            pg_catalog.jsonb_build_object(
                'sku', v.sku, 'name', v.name, 'is_active', v.is_active, 'options', v.options,
                'barcode', null, 'weight_grams', null, 'position', v.position
            )
            order by v.position, v.variant_id
        ) as variants
    from product.variants as v
    where v.product_id = p.product_id
) as v on true
where p.version >= 1;

insert into core.business_rules (name, value, unit, description) values
    ('category_depth_max', 20, 'levels', 'Levels of the tree of categories.'),
    ('product_images_max', 50, 'images', 'Images of one product.'),
    ('product_tags_max', 50, 'tags', 'Tags of one product.'),
    ('product_specifications_max', 200, 'specifications', 'Specifications of one product.'),
    ('product_options_max', 5, 'options', 'Options of one product, such as its size.'),
    ('product_option_values_max', 200, 'values', 'Values of one option.'),
    ('product_suppliers_max', 50, 'references', 'Suppliers'' references of one product.');
