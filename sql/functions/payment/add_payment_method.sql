-- Keep a provider's token for what a user pays with. The first one becomes the default.
create or replace function payment.add_payment_method(
    p_user_id bigint,
    p_provider text,
    p_kind text,
    p_token text,
    p_brand text default null,
    p_last4 text default null,
    p_exp_month integer default null,
    p_exp_year integer default null,
    p_is_default boolean default false,
    p_idempotency_key text default null
)
returns table (method uuid, is_default boolean, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('payment.add_payment_method/user:', p_user_id);
    v_response jsonb;
    v_method payment.payment_methods;
    v_max numeric;
begin
    perform
        payment.check_provider(p_provider),
        core.check_text('p_token', p_token, 500);
    perform core.check_text('p_brand', p_brand, 50) where p_brand is not null;
    if p_kind is null or p_kind not in ('card', 'bank_account', 'wallet', 'other')
    or p_last4 !~ '^[0-9]{4}$' or p_is_default is null
    or not (
        p_exp_month is null and p_exp_year is null
        or coalesce(p_exp_month between 1 and 12 and p_exp_year between 2000 and 2199, false)
    )
    or payment.holds_card_data(p_token) or payment.holds_card_data(p_brand) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_kind, p_token, p_last4, p_exp_month, p_exp_year or p_is_default',
            'expected', 'card, bank_account, wallet or other; a token, never a card number; four '
            || 'digits; a month from 1 to 12 with a year; not null'
        ));
    end if;

    -- Of the token only a digest: what identifies a request is kept.
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'user_id', p_user_id, 'provider', p_provider, 'kind', p_kind,
        'token', encode(sha256(convert_to(p_token, 'UTF8')), 'hex'), 'brand', p_brand,
        'last4', p_last4, 'exp_month', p_exp_month, 'exp_year', p_exp_year,
        'is_default', p_is_default
    ));
    if v_response is null then
        perform account.lock_user(p_user_id);
        -- A provider gives the same token for the same card again.
        select m.* into v_method
        from payment.payment_methods as m
        where m.provider = p_provider and m.token = p_token
        for no key update;
        if v_method.user_id <> p_user_id then
            perform core.refuse('SHM12', jsonb_build_object('provider', p_provider));
        elsif found then
            update payment.payment_methods as m
            set
                kind = p_kind,
                brand = p_brand,
                last4 = p_last4,
                exp_month = p_exp_month,
                exp_year = p_exp_year,
                version = m.version + 1,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            where m.method_id = v_method.method_id
            returning m.* into v_method;
            perform payment.emit_method('payment_method.updated', v_method);
        else
            v_max := core.rule('payment_methods_max');
            if (
                select count(*)
                from payment.payment_methods as m
                where m.user_id = p_user_id and m.status = 'active'
            ) >= v_max then
                perform core.refuse('SHM13', jsonb_build_object(
                    'user_id', p_user_id, 'limit', trunc(v_max)
                ));
            end if;
            insert into payment.payment_methods (
                user_id, provider, kind, token, brand, last4, exp_month, exp_year, is_default,
                updated_by
            )
            values (
                p_user_id, p_provider, p_kind, p_token, p_brand, p_last4, p_exp_month,
                p_exp_year, not exists (
                    select
                    from payment.payment_methods as m
                    where m.user_id = p_user_id and m.is_default
                ),
                core.actor()
            )
            on conflict (provider, token) where token is not null do nothing
            returning * into v_method;
            if not found then
                -- Somebody else added it at this moment.
                perform core.refuse('SHM12', jsonb_build_object('provider', p_provider));
            end if;
            perform payment.emit_method('payment_method.added', v_method);
        end if;
        if p_is_default and not v_method.is_default then
            perform payment.change_default(p_user_id, v_method.method_id);
        end if;
        select jsonb_build_object(
            'method', m.public_id, 'is_default', m.is_default, 'version', m.version
        )
        into strict v_response
        from payment.payment_methods as m
        where m.method_id = v_method.method_id;
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (method uuid, is_default boolean, version bigint);
end;
$function$;

comment on function payment.add_payment_method(
    bigint, text, text, text, text, text, integer, integer, boolean, text
) is
'Keeps a provider''s token for what a user pays with: its kind (card, bank_account, wallet or
other), and for people its brand, last four digits and expiry. Never a card number. The first method
is the default, as is one added with p_is_default; a token that the user has already is brought up
to date. Errors: USER_NOT_FOUND, USER_NOT_ACTIVE (it is anonymized), PAYMENT_METHOD_TAKEN,
PAYMENT_METHOD_LIMIT_REACHED, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function payment.add_payment_method(
    bigint, text, text, text, text, text, integer, integer, boolean, text
) to payment_service;
