-- Refuse what cannot be a provider's name of a step. Null is for the caller to allow.
create or replace function payment.check_reference(
    p_argument text, p_provider_ref text, p_is_required boolean
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_provider_ref is null and p_is_required
    or length(p_provider_ref) not between 1 and 255 or p_provider_ref ~ '[[:cntrl:]]'
    or payment.holds_card_data(p_provider_ref) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', p_argument,
            'expected', 'the provider''s reference: 1 to 255 characters, no card number'
        ));
    end if;
end;
$function$;

comment on function payment.check_reference(text, text, boolean) is
'Refuses a malformed reference, and a missing one where it is required. Errors: INVALID_ARGUMENT.';
