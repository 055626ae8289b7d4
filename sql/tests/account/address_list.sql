-- setup: Ann, who lives at home and works in town
select core.set_context('staff:anna', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann', '+442071838750') as r;
create temporary table home as
select r.address_id
from account.add_address(pg_temp.ann(), 'shipping', pg_temp.address()) as r;
create temporary table work as
select r.address_id
from account.add_address(
    pg_temp.ann(), 'shipping',
    '{"recipient": "Ann", "line1": "2 Low Street", "city": "Bath", "country": "GB"}'
) as r;
delete from events.outbox_events;

-- case: addresses are shown with their kind and default
select bag_eq(
    $$
    select a.user_id, a.address_id, a.kind, a.is_default, a.city
    from account.address_list as a
    $$,
    $$
    values
    (pg_temp.ann(), pg_temp.home(), 'shipping', true, 'London'),
    (pg_temp.ann(), pg_temp.work(), 'shipping', false, 'Bath')
    $$
);

-- case: whatever a function forgets, the table refuses
select throws_ok('update account.addresses set is_default = true', '23505', null, 'two defaults');
select throws_ok($$update account.addresses set kind = 'home'$$, '23514', null, 'kind');
select throws_ok($$update account.addresses set country = 'gb'$$, '23514', null, 'country');
select throws_ok($$update account.addresses set phone = '020'$$, '23514', null, 'phone');
select throws_ok($$update account.addresses set city = ''$$, '23514', null, 'city');
