create or replace function product.compare_content_versions(
    p_code text,
    p_version bigint,
    p_other_version bigint default null
)
returns table (field text, content jsonb, other_content jsonb)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
select coalesce(a.key, b.key) as field, a.value as content, b.value as other_content
from jsonb_each((product.find_content_version(p_code, p_version)).snapshot) as a
full join jsonb_each((product.find_content_version(p_code, p_other_version)).snapshot) as b
    on b.key = a.key
where a.value is distinct from b.value
order by 1;
$function$;

comment on function product.compare_content_versions(text, bigint, bigint) is
'The fields in which two versions of a product''s content differ, with what each has; the newest
where one is null. Errors: PRODUCT_NOT_FOUND, VERSION_NOT_FOUND. Replica: yes.';
grant execute on function product.compare_content_versions(text, bigint, bigint)
to product_editor;
