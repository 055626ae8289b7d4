-- case: more goes back than came in
alter table payment.payments drop constraint payments_amounts_nest_check;
update payment.payments set surplus = -1 where status = 'failed';
