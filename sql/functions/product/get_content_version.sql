create or replace function product.get_content_version(
    p_code text,
    p_version bigint default null
)
returns table (
    version bigint, content jsonb, fields jsonb, summary text, author text,
    published_at timestamptz
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
select v.version, v.snapshot, v.fields, v.summary, v.author, v.published_at
from product.find_content_version(p_code, p_version) as v;
$function$;

comment on function product.get_content_version(text, bigint) is
'One version of a product''s content, the newest where none is named, with what it changed and who
did. Errors: PRODUCT_NOT_FOUND, VERSION_NOT_FOUND. Replica: yes.';
grant execute on function product.get_content_version(text, bigint) to product_editor;
