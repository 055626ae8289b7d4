-- Search and browse what is for sale.
--
-- Every statement below is built for the filters that are there, so that each shape has a plan
-- of its own. The settings keep the planner from reading a whole table where its guess about a
-- rare word is wrong, and from compiling what takes a millisecond.
create or replace function product.search_products(
    p_query text,
    p_currency text,
    p_filters jsonb default '{}',
    p_sort text default 'relevance',
    p_limit integer default 20,
    p_cursor text default null,
    p_has_facets boolean default false,
    p_language text default null,
    p_customer_group text default null
)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set jit = off
as $function$
declare
    v_max constant integer := core.rule('search_page_max');
    v_request jsonb;
    v_filters jsonb;
    v_cursor jsonb;
    v_text text := p_query;
    v_sort text := p_sort;
    v_query tsquery;
    v_conditions text;
    v_offer text;
    -- The offer as a filter; null where any variant will do.
    v_filter text;
    v_estimate record;
    v_ids bigint[];
    v_cursors jsonb[];
    v_suggestion text;
    v_facets jsonb := '{}';
begin
    if p_limit is null or p_limit not between 1 and coalesce(v_max, 1000) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number from 1 to ' || coalesce(v_max, 1000)
        ));
    end if;
    if p_sort is null or p_sort not in (
        'relevance', 'popularity', 'newest', 'rating', 'name', 'price', 'price_desc'
    ) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_sort',
            'expected', 'relevance, popularity, newest, rating, name, price or price_desc'
        ));
    end if;
    if length(p_query) > 1000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_query', 'expected', 'at most 1000 characters'
        ));
    end if;
    if p_language !~ '^[a-z]{2,3}$' then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_language', 'expected', 'null, or a language in ISO 639 such as en'
        ));
    end if;
    perform core.check_currency(p_currency);
    v_filters := product.search_filters(p_filters, p_currency);
    -- By price only what has one is listed, and counted.
    if p_sort like 'price%' then
        v_filters := '{"price_from": 0}' || v_filters;
    end if;
    v_request := jsonb_build_array(
        p_query, p_currency, p_filters, p_sort, p_language, p_customer_group
    );
    v_cursor := product.read_search_cursor(v_request, p_cursor);
    v_text := coalesce(v_cursor ->> 'text', p_query);

    v_offer := product.search_offer(v_filters, p_currency, p_customer_group);
    if v_filters ?| '{price_from,price_to,in_stock}' or v_filters -> 'attributes' <> '{}' then
        v_filter := v_offer;
    end if;
    for v_try in 1..2 loop
        v_query := product.search_query(v_text, p_language);
        -- Words of which none is one that anybody could search for.
        exit when v_query is null and btrim(v_text) <> '';
        v_sort := case
            when v_query is null and p_sort = 'relevance' then 'popularity' else p_sort
        end;
        v_conditions := product.search_conditions(v_filters, v_query is not null);
        if v_cursor is null then
            select e.documents, e.hits, e.level
            into v_estimate
            from product.search_estimate(v_conditions, v_query) as e;
        else
            select (v_cursor ->> 'documents')::double precision as documents,
                (v_cursor ->> 'hits')::double precision as hits,
                (v_cursor ->> 'level')::integer as level
            into v_estimate;
        end if;
        if v_sort = 'relevance' then
            select array_agg(f.product_id), array_agg(f.cursor)
            into v_ids, v_cursors
            from product.search_relevant(
                v_conditions, v_query, v_filter, product.find_by_code(v_text), p_limit + 1,
                v_cursor, v_estimate.documents, v_estimate.hits, v_estimate.level
            ) as f;
        else
            select
                array_agg(f.product_id),
                array_agg(jsonb_build_object(
                    'key', f.key, 'documents', v_estimate.documents, 'hits', v_estimate.hits
                ))
            into v_ids, v_cursors
            from product.search_page(
                v_conditions, v_query, v_filter, v_sort, p_currency, p_limit + 1,
                v_cursor -> 'key', v_estimate.documents, v_estimate.hits
            ) as f;
        end if;
        exit when v_try = 2 or p_cursor is not null or v_query is null
        or cardinality(v_ids) >= core.rule('search_suggest_below');
        v_suggestion := product.suggest_words(v_text);
        exit when v_suggestion is null;
        if v_ids is not null then
            -- There are hits: the other spelling is offered, if it has any.
            if not exists (
                select
                from product.search_page(
                    v_conditions, product.search_query(v_suggestion, p_language), v_filter,
                    'popularity', null, 1, null, 0, 0
                )
            ) then
                v_suggestion := null;
            end if;
            exit;
        end if;
        v_text := v_suggestion;
    end loop;

    if p_has_facets and v_conditions is not null then
        v_facets := product.search_facets(
            v_conditions, v_query, v_offer, v_filter is not null, v_estimate.hits
        );
    elsif p_has_facets then
        v_facets := '{"total": 0, "total_is": "exact", "facets": {}}';
    end if;
    return jsonb_build_object(
        'hits', product.search_hits(v_ids[:p_limit], v_offer, p_currency),
        'next', case
            when cardinality(v_ids) > p_limit then product.write_search_cursor(
                v_request,
                v_cursors[p_limit] || jsonb_strip_nulls(jsonb_build_object(
                    'text', case when v_text <> p_query then v_text end
                ))
            )
        end,
        'searched_for', case when v_ids is not null then v_text else p_query end,
        'suggestion', case when v_ids is not null and v_text = p_query then v_suggestion end
    ) || v_facets;
exception
    when data_exception then
        -- The digest of a cursor is no secret: what cannot be read as the places of this search
        -- was made up by a client.
        if p_cursor is null or sqlstate = '22023' then
            raise;
        end if;
        perform core.refuse('SHP50', '{"argument": "p_cursor"}');
end;
$function$;

comment on function product.search_products(
    text, text, jsonb, text, integer, text, boolean, text, text
) is
'A page of products that customers may see. p_query is what they type: all words in any form, "a
phrase", or, -not; null or blank to browse. p_filters is an object with any of category (a slug,
with all below it), price_from and price_to (in the currency, both included), tags (all of them),
attributes ({"Color": ["red", "blue"]}: of each name one value, options and specifications alike),
in_stock (true) and rating (stars at least); one variant has to pass them all. p_sort is relevance,
popularity, newest, rating, name, price or price_desc; without words relevance is popularity, and
by price only what has one is listed. Pages have 20 products, at most 100; p_cursor is next of the
page before with everything else alike, and past the end the page is empty. Texts of one language
are searched, or of all (null); prices are for everybody, or for a customer group as well.
Returns an object: hits (the cheapest variant that passes, its price now, the stock of all variants
now), next (null at the end), searched_for (another spelling where p_query has no hit), suggestion
(another spelling where it has few); with p_has_facets also total, total_is (exact, at least or
about) and facets (categories, tags, attributes, ratings, prices, with counts_are exact or about).
Errors: CATEGORY_NOT_FOUND, CURRENCY_NOT_FOUND, CURSOR_INVALID, INVALID_ARGUMENT. Replica: yes.';
grant execute on function product.search_products(
    text, text, jsonb, text, integer, text, boolean, text, text
) to product_service;
