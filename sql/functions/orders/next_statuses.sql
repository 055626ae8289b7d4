-- Where an order may go. order_status_history_move_is_legal_check says the same, for good; this is
-- for telling people.
create or replace function orders.next_statuses(p_status text)
returns text[]
language sql
immutable
security invoker
return case p_status
    when 'pending' then array['confirmed', 'cancelled', 'expired']
    when 'expired' then array['confirmed']
    when 'confirmed' then array['processing', 'shipped', 'cancelled']
    when 'processing' then array['shipped', 'cancelled']
    when 'shipped' then array['delivered', 'cancelled']
    when 'delivered' then array['completed']
    else '{}'::text[]
end;

comment on function orders.next_statuses(text) is
'The states that an order may go to from one: none from cancelled and completed; from expired only
back to life, when money arrives late and the stock can be had; from shipped to cancelled only when
every parcel has failed and come back.';
