-- What product.search_products reads: a document a product, a configuration a language, words.
--
-- Price and stock are in no document: they change by themselves and far more often than words do. A
-- document only has the bands of price that the product may be in, and whoever reads it checks.

set local role shop_owner;

-- unaccent() is not immutable, and a dictionary of it may live in any schema; this one is ours.
do $dictionary$
begin
    execute pg_catalog.format(
        'create text search dictionary product.unaccent (template = %I.unaccent, rules = unaccent)',
        (
            select n.nspname
            from pg_catalog.pg_extension as e
            inner join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
            where e.extname = 'unaccent'
        )
    );
end;
$dictionary$;
comment on text search dictionary product.unaccent is
'Takes the accents from a word and hands it to the next dictionary.';

create table product.search_languages (
    language text not null,
    configuration text not null,
    constraint search_languages_pkey primary key (language),
    constraint search_languages_language_is_iso_639_check check (language ~ '^[a-z]{2,3}$')
);
comment on table product.search_languages is
'How texts of a language are folded to words; those of another one are only unaccented.';
comment on column product.search_languages.language is 'ISO 639, as in product.products.';
comment on column product.search_languages.configuration is
'A text search configuration of the schema product.';
comment on index product.search_languages_pkey is 'For product.search_configuration.';

do $configurations$
declare
    v_language record;
begin
    for v_language in
        select l.languages, l.name
        from (
            values
            ('{}', 'simple'), ('{ar}', 'arabic'), ('{hy}', 'armenian'), ('{eu}', 'basque'),
            ('{ca}', 'catalan'), ('{da}', 'danish'), ('{nl}', 'dutch'), ('{en}', 'english'),
            ('{fi}', 'finnish'), ('{fr}', 'french'), ('{de}', 'german'), ('{el}', 'greek'),
            ('{hi}', 'hindi'), ('{hu}', 'hungarian'), ('{id}', 'indonesian'), ('{ga}', 'irish'),
            ('{it}', 'italian'), ('{lt}', 'lithuanian'), ('{ne}', 'nepali'),
            ('{no,nb,nn}', 'norwegian'), ('{pt}', 'portuguese'), ('{ro}', 'romanian'),
            ('{ru}', 'russian'), ('{sr}', 'serbian'), ('{es}', 'spanish'), ('{sv}', 'swedish'),
            ('{ta}', 'tamil'), ('{tr}', 'turkish'), ('{yi}', 'yiddish')
        ) as l (languages, name)
    loop
        execute pg_catalog.format(
            'create text search configuration product.%I (copy = pg_catalog.%1$I)', v_language.name
        );
        execute pg_catalog.format(
            'alter text search configuration product.%I
            alter mapping for hword, hword_part, word, numhword, numword
            with product.unaccent, pg_catalog.%I',
            v_language.name,
            case v_language.name when 'simple' then 'simple' else v_language.name || '_stem' end
        );
        execute pg_catalog.format(
            'comment on text search configuration product.%I is %L', v_language.name,
            'As that of pg_catalog, without accents; for product.search_products.'
        );
        insert into product.search_languages (language, configuration)
        select l.language, v_language.name
        from pg_catalog.unnest(v_language.languages::text[]) as l (language);
    end loop;
end;
$configurations$;

create table product.product_popularity (
    product_id bigint not null,
    popularity integer not null,
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint product_popularity_pkey primary key (product_id),
    constraint product_popularity_product_id_fkey foreign key (product_id)
    references product.products (product_id) on delete cascade,
    constraint product_popularity_popularity_check check (popularity >= 0)
);
comment on table product.product_popularity is
'How sought after products are, as the merchant''s own figures say.';
comment on column product.product_popularity.product_id is 'The product.';
comment on column product.product_popularity.popularity is
'Such as the units sold in the last 90 days: twice as much is twice as popular.';
comment on column product.product_popularity.updated_at is 'When it was last set.';
comment on column product.product_popularity.updated_by is 'The actor who set it.';
comment on index product.product_popularity_pkey is
'For product.refresh_search_documents, and the foreign key to the product.';

create table product.search_documents (
    product_id bigint not null,
    is_listed boolean not null default false,
    language text not null,
    words tsvector not null default '',
    marks text[] collate "C" not null default '{}',
    name_key text collate "C" not null default '',
    popularity bigint not null default 0,
    rating numeric(3, 2) not null default 0,
    rating_count bigint not null default 0,
    published_at timestamptz not null default '-infinity',
    is_stale boolean not null default false,
    constraint search_documents_pkey primary key (product_id),
    constraint search_documents_product_id_fkey foreign key (product_id)
    references product.products (product_id) on delete cascade,
    constraint search_documents_unlisted_is_empty_check check (
        is_listed or words = ''::tsvector and marks = '{}'
    )
);
comment on table product.search_documents is
'What is searched of a product: one row each, also for a draft, whose row is empty but there, for
product.refresh_search_documents to lock: of two that change a product the second sees the first.';
comment on column product.search_documents.product_id is 'The product.';
comment on column product.search_documents.is_listed is
'Whether customers may find it: it is active and has an active variant.';
comment on column product.search_documents.language is
'The language that the words were folded by.';
comment on column product.search_documents.words is
'Weight A its name, B codes, brand and tags, C options and specifications, D the description.';
comment on column product.search_documents.marks is
'What filters look for: c and the key of the category, t and a tag, a and an attribute with its
value, r and a number of stars that the rating reaches, m and a currency with a band of price that
it may be in, now or later; p0 to p15 where the popularity reaches that power of 4; l and the
language; s1 to s12 for every second, fourth, ... product, from which the numbers of hits are
estimated.';
comment on column product.search_documents.name_key is 'The name as lists are sorted by it.';
comment on column product.search_documents.popularity is
'That of product.product_popularity and the number of reviews.';
comment on column product.search_documents.rating is 'Average of the approved reviews; 0 for none.';
comment on column product.search_documents.rating_count is 'How many they are.';
comment on column product.search_documents.published_at is 'When the product first became active.';
comment on column product.search_documents.is_stale is
'Whether product.rebuild_search_documents has to write it anew.';
comment on index product.search_documents_pkey is
'For product.refresh_search_documents, and the foreign key to the product.';

-- Without the pending list, which every reader would have to go through.
create index search_documents_words_marks_idx on product.search_documents
using gin (words, marks) with (fastupdate = off);
comment on index product.search_documents_words_marks_idx is
'For product.search_products: words and filters together.';
create index search_documents_popularity_idx
on product.search_documents (popularity, product_id) where is_listed;
comment on index product.search_documents_popularity_idx is
'For product.search_products, the most popular first.';
create index search_documents_published_at_idx
on product.search_documents (published_at, product_id) where is_listed;
comment on index product.search_documents_published_at_idx is
'For product.search_products, the newest first.';
create index search_documents_rating_idx
on product.search_documents (rating, rating_count, product_id) where is_listed;
comment on index product.search_documents_rating_idx is
'For product.search_products, the best rated first.';
create index search_documents_name_key_idx
on product.search_documents (name_key, product_id) where is_listed;
comment on index product.search_documents_name_key_idx is 'For product.search_products by name.';
create index search_documents_language_idx on product.search_documents (language) where is_listed;
comment on index product.search_documents_language_idx is
'For product.search_query: the languages that there are.';
create index search_documents_is_stale_idx on product.search_documents (product_id) where is_stale;
comment on index product.search_documents_is_stale_idx is
'For product.rebuild_search_documents: what is left to do.';

insert into product.search_documents (product_id, language, is_stale)
select p.product_id, p.language, true
from product.products as p;

-- A plain price of one unit, in the order that a list sorted by price walks.
-- lint: allow squawk/require-concurrent-index-creation: a catalogue is read in moments
create index prices_currency_amount_idx on product.prices (currency, amount, variant_id)
where min_quantity = 1;
comment on index product.prices_currency_amount_idx is
'For product.search_products, the cheapest or dearest first.';

create table product.search_words (
    word text collate "C" not null,
    constraint search_words_pkey primary key (word),
    constraint search_words_word_length_check check (pg_catalog.length(word) between 3 and 40)
);
comment on table product.search_words is
'The words of names, brands and tags, as they are written but without accents. One that no product
has any more does no harm: a suggestion is searched for before it is made.';
comment on column product.search_words.word is 'In lower case.';
comment on index product.search_words_pkey is 'For product.suggest_words: whether a word is known.';

-- lint: allow hidden_ddl: the operator class may live in any schema, and the table is new
do $trigrams$
declare
    v_schema constant text := (
        select n.nspname
        from pg_catalog.pg_extension as e
        inner join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
        where e.extname = 'pg_trgm'
    );
begin
    execute pg_catalog.format(
        'create index search_words_word_idx on product.search_words
        using gin (word %I.gin_trgm_ops) with (fastupdate = off)', v_schema
    );
end;
$trigrams$;
comment on index product.search_words_word_idx is
'For product.suggest_words: words that are written nearly like another.';

insert into core.business_rules (name, value, unit, description) values
    ('search_page_max', 100, 'products', 'Products on one page of search results.'),
    ('search_total_max', 1000, 'products', 'Hits that are counted one by one; more are that many.'),
    ('search_suggest_below', 3, 'products', 'A search with fewer hits suggests another spelling.');
