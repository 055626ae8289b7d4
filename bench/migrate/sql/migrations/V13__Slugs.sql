create function desk.is_slug(p_value text)
returns boolean
language sql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
    select p_value ~ '^[a-z0-9]+(-[a-z0-9]+)*$';
$function$;

alter table desk.queues
add column slug text;

update desk.queues
set slug = lower(name);

alter table desk.queues
add constraint queues_slug_check check (desk.is_slug(slug)),
add constraint queues_slug_key unique (slug);
