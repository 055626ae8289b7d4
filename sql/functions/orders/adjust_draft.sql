-- Put discounts and taxes on the lines of an order that is to be placed, in one statement.
--
-- First the discounts that are a line's own, then those of the whole order: a rate is of each line,
-- an amount is spread over what is left of the lines, in whole units of the currency, what is over
-- going to the lines that were cut most. No line goes below zero. Taxes are those of the line, or
-- those of the order where the line states none; each is of the line less its discounts, rounded
-- once; where prices include tax it is the share of it that they contain.
create or replace function orders.adjust_draft(
    p_draft orders.draft, p_items jsonb, p_details jsonb
)
returns orders.draft
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_draft orders.draft := p_draft;
    v_exponent constant integer := p_draft.exponent;
    v_unit constant numeric := 10::numeric ^ (-p_draft.exponent);
    v_is_whole boolean;
begin
    with entries as (
        select
            l.line_no, l.line_subtotal, a.kind, a.level, e.ordinality as position,
            coalesce(e.value ->> 'code', e.value ->> 'name') as code,
            coalesce(e.value ->> 'label', e.value ->> 'code', e.value ->> 'name') as label,
            (e.value ->> 'rate')::numeric as rate,
            (e.value ->> 'amount')::numeric as amount
        from unnest(p_draft.lines) as l
        cross join lateral (select p_items -> (l.line_no - 1) as item) as i
        cross join lateral (
            values
            ('discount', 1, i.item -> 'discounts'),
            ('discount', 2, p_details -> 'discounts'),
            ('tax', 3, coalesce(i.item -> 'taxes', p_details -> 'taxes'))
        ) as a (kind, level, list)
        cross join lateral jsonb_array_elements(a.list) with ordinality as e
        where l.line_subtotal is not null
    ),
    -- Whether an amount is spread over the lines.
    sorted as (
        select
            e.*,
            e.level = 2 and e.amount is not null as is_spread,
            round(coalesce(e.amount, e.line_subtotal * e.rate), v_exponent) as own
        from entries as e
    ),
    rests as (
        select
            l.line_no,
            greatest(l.line_subtotal - coalesce((
                select sum(s.own)
                from sorted as s
                where s.line_no = l.line_no and s.kind = 'discount' and not s.is_spread
            ), 0), 0) as rest
        from unnest(p_draft.lines) as l
    ),
    shares as (
        select
            s.line_no, s.position, w.exact, trunc(w.exact, v_exponent) as share,
            w.amount - sum(trunc(w.exact, v_exponent)) over (partition by s.position) as over,
            row_number() over (
                partition by s.position
                order by w.exact - trunc(w.exact, v_exponent) desc, s.line_no
            ) as turn
        from sorted as s
        inner join rests as r on r.line_no = s.line_no
        cross join lateral (select sum(t.rest) as total from rests as t) as t
        cross join lateral (select least(s.amount, t.total) as amount) as m
        cross join lateral (
            select m.amount, m.amount * r.rest / nullif(t.total, 0) as exact
        ) as w
        where s.is_spread
    ),
    discounts as (
        select
            d.*,
            least(d.line_subtotal, sum(d.amount_) over w) as after
        from (
            select
                s.*,
                case when s.is_spread
                    then coalesce(
                        h.share + case when h.turn <= h.over / v_unit then v_unit else 0 end, 0
                    )
                    else s.own
                end as amount_
            from sorted as s
            left join shares as h
                on s.is_spread and h.line_no = s.line_no and h.position = s.position
            where s.kind = 'discount'
        ) as d
        window w as (partition by d.line_no order by d.is_spread, d.level, d.position)
    ),
    -- What a discount takes off, after those before it.
    taken as (
        select
            d.*,
            d.after - lag(d.after, 1, 0::numeric) over (
                partition by d.line_no order by d.is_spread, d.level, d.position
            ) as taken
        from discounts as d
    ),
    lines as (
        select
            l.line_no, l.line_subtotal,
            coalesce((select max(t.after) from taken as t where t.line_no = l.line_no), 0)
                as discount,
            (
                select sum(s.rate) from sorted as s
                where s.kind = 'tax' and s.line_no = l.line_no
            ) as rate_total
        from unnest(p_draft.lines) as l
    ),
    numbered as (
        select
            u.*,
            row_number() over w as adjustment_no,
            count(*) over (partition by u.line_no) as adjustment_count,
            sum(case u.kind when 'discount' then u.amount else 0 end) over w as discount_after,
            sum(case u.kind when 'tax' then u.amount else 0 end) over w as tax_after
        from (
            select
                t.line_no, t.line_subtotal, t.kind, t.code, t.label, t.rate, 0 as rate_total,
                t.taken as amount, t.is_spread::integer as stage, t.level, t.position
            from taken as t
            where t.taken > 0
            union all
            select
                s.line_no, s.line_subtotal, s.kind, s.code, s.label, s.rate, l.rate_total,
                round(
                    (s.line_subtotal - l.discount) * s.rate
                    / case when p_draft.prices_include_tax then 1 + l.rate_total else 1 end,
                    v_exponent
                ), 2, s.level, s.position
            from sorted as s
            inner join lines as l on l.line_no = s.line_no
            where s.kind = 'tax'
        ) as u
        window w as (partition by u.line_no order by u.stage, u.level, u.position)
    ),
    sums as (
        select
            n.line_no, max(n.discount_after) as discount, max(n.tax_after) as tax,
            count(*) as adjustment_count
        from numbered as n
        group by n.line_no
    )
    select
        (
            select array_agg(row(
                n.line_no, n.adjustment_no, n.kind, n.code, n.label, n.rate, n.rate_total,
                n.amount, n.line_subtotal, n.discount_after, n.tax_after, n.adjustment_count
            )::orders.draft_adjustment order by n.line_no, n.adjustment_no)
            from numbered as n
        ),
        array_agg(row(
            l.line_no, l.variant_id, l.sku, l.name, l.options, l.is_active, l.quantity,
            l.expected_price, l.list_price, l.unit_price, l.price_list, l.price_reason,
            l.line_subtotal, coalesce(s.discount, 0), coalesce(s.tax, 0),
            coalesce(s.adjustment_count, 0), l.units_left
        )::orders.draft_line order by l.line_no),
        coalesce(sum(s.discount), 0),
        coalesce(sum(s.tax), 0),
        coalesce((
            select bool_and(e.amount = round(e.amount, v_exponent))
            from entries as e
            where e.amount is not null
        ), true)
    into
        v_draft.adjustments, v_draft.lines, v_draft.discount_total, v_draft.tax_total, v_is_whole
    from unnest(p_draft.lines) as l
    left join sums as s on s.line_no = l.line_no;
    if not v_is_whole then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'discounts', 'expected', 'amounts in whole units of the currency'
        ));
    end if;
    return v_draft;
end;
$function$;

comment on function orders.adjust_draft(orders.draft, jsonb, jsonb) is
'An order that is to be placed with its discounts and taxes, those of the items and those of the
details. Errors: INVALID_ARGUMENT (an amount has too many decimals).';
