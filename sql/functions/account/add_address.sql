-- Add an address. The first of its kind becomes the default.
create or replace function account.add_address(
    p_user_id bigint,
    p_kind text,
    p_address jsonb,
    p_is_default boolean default false,
    p_idempotency_key text default null
)
returns table (address_id bigint, is_default boolean, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('account.add_address/user:', p_user_id);
    v_response jsonb;
    v_address account.addresses;
    v_max numeric;
    v_is_default boolean;
begin
    if p_kind is null or p_kind not in ('shipping', 'billing') or p_is_default is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_kind or p_is_default', 'expected', 'shipping or billing; not null'
        ));
    end if;
    perform account.check_address(p_address);

    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'user_id', p_user_id, 'kind', p_kind, 'address', p_address, 'is_default', p_is_default
    ));
    if v_response is null then
        perform account.lock_user(p_user_id);
        v_max := core.rule('user_addresses_max');
        if (select count(*) from account.addresses as a where a.user_id = p_user_id) >= v_max then
            perform core.refuse('SHA06', jsonb_build_object(
                'user_id', p_user_id, 'limit', trunc(v_max)
            ));
        end if;
        v_is_default := p_is_default or not exists (
            select
            from account.addresses as a
            where a.user_id = p_user_id and a.kind = p_kind
        );
        if v_is_default then
            perform account.change_default(p_user_id, p_kind, null);
        end if;
        insert into account.addresses (
            user_id, kind, is_default, recipient, company, line1, line2, postal_code, city, region,
            country, phone, updated_by
        )
        values (
            p_user_id, p_kind, v_is_default, p_address ->> 'recipient', p_address ->> 'company',
            p_address ->> 'line1', p_address ->> 'line2', p_address ->> 'postal_code',
            p_address ->> 'city', p_address ->> 'region', p_address ->> 'country',
            p_address ->> 'phone', core.actor()
        )
        returning * into v_address;
        perform account.emit_addresses('address.added', array[v_address]);
        v_response := jsonb_build_object(
            'address_id', v_address.address_id, 'is_default', v_is_default,
            'version', v_address.version
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (address_id bigint, is_default boolean, version bigint);
end;
$function$;

comment on function account.add_address(bigint, text, jsonb, boolean, text) is
'Adds an address of a kind (shipping or billing) to a user: an object with recipient, line1, city,
country (two letters) and, where there is one, company, line2, postal_code, region, phone (E.164).
The first of its kind is the default, as is one added with p_is_default; the one before no longer
is. Errors: USER_NOT_FOUND, USER_NOT_ACTIVE (it is anonymized), ADDRESS_LIMIT_REACHED,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function account.add_address(bigint, text, jsonb, boolean, text)
to account_service;
