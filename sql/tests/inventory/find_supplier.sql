-- case: a supplier is found by the code, and an unknown one refused
select inventory.set_supplier('ACME', 'Acme', 3, 0);
select is((inventory.find_supplier('ACME')).name, 'Acme', 'found');
select throws_ok(
    format('select inventory.find_supplier(%L)', b.code), 'SHI20', null, coalesce(b.code, 'null')
)
from (values ('acme'), (''), ('NONE'), (null)) as b (code);
