-- Roles, schemas and default privileges.
--
-- Roles belong to the cluster, so another database may be making the same ones at this moment:
-- each step is repeated until it is done or somebody else has done it. A role that exists is
-- never altered.

do $roles$
declare
    c_services constant text[] := array[
        'core_service', 'account_service', 'product_service', 'cart_service', 'orders_service',
        'payment_service', 'inventory_service', 'events_service', 'audit_service', 'ops_service'
    ];
    v_role text;
    v_statements text[] := '{}';
    v_refused text[] := '{}';
    v_statement text;
begin
    foreach v_role in array array['shop_owner'] || c_services loop
        if not exists (select from pg_catalog.pg_roles as r where r.rolname = v_role) then
            v_statements := v_statements || pg_catalog.format('create role %I nologin', v_role);
        end if;
    end loop;
    foreach v_role in array c_services loop
        -- What every service needs of core is granted once, to core_service.
        if v_role <> 'core_service' and not exists (
            select
            from pg_catalog.pg_auth_members as m
            where m.roleid = pg_catalog.to_regrole('core_service')
            and m.member = pg_catalog.to_regrole(v_role)
        ) then
            v_statements := v_statements || pg_catalog.format('grant core_service to %I', v_role);
        end if;
    end loop;
    -- Membership is needed before anything can be made for the owner. From 16 on the creator of a
    -- role is a member who may neither inherit nor set it, which is not enough.
    if pg_catalog.to_regrole('shop_owner') is null
    or not pg_catalog.pg_has_role(
        current_user, 'shop_owner',
        case when pg_catalog.current_setting('server_version_num')::integer >= 160000
        then 'SET' else 'MEMBER' end
    ) or not pg_catalog.pg_has_role(current_user, 'shop_owner', 'USAGE') then
        v_statements := v_statements || pg_catalog.format('grant shop_owner to %I', current_user);
    end if;

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

    -- Health checks that look at other sessions need this, and say so where it could not be given.
    if pg_catalog.pg_has_role(current_user, 'pg_monitor', 'MEMBER WITH ADMIN OPTION')
    and not pg_catalog.pg_has_role('shop_owner', 'pg_monitor', 'USAGE') then
        begin
            grant pg_monitor to shop_owner;
        exception
            when unique_violation or internal_error then
                -- Another database's runner gives the same grant.
                null;
        end;
    end if;
end;
$roles$;

create schema core authorization shop_owner;
create schema account authorization shop_owner;
create schema product authorization shop_owner;
create schema inventory authorization shop_owner;
create schema events authorization shop_owner;
create schema ops authorization shop_owner;

set local role shop_owner;

comment on schema core is
'Shared by all services: error codes, currencies, business rules, idempotency keys, context.';
comment on schema account is 'Users and what belongs to a person.';
comment on schema product is 'The catalogue: categories, products, variants and prices.';
comment on schema inventory is 'Stock per variant and location, reservations and movements.';
comment on schema events is 'The transactional outbox.';
comment on schema ops is 'Health, statistics and invariants, for those who run the database.';

grant usage on schema core to core_service;
grant usage on schema account to account_service;
grant usage on schema product to product_service;
grant usage on schema inventory to inventory_service;
grant usage on schema events to events_service;
grant usage on schema ops to ops_service;

-- Only the global form takes the built-in right of PUBLIC away; "in schema" would change nothing.
alter default privileges for role shop_owner revoke execute on functions from public;
