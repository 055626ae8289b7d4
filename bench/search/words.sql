-- A vocabulary of 200,000 made-up words. The frequencies of words in texts follow Zipf's law: the
-- word of rank r is there 1/r times as often as the first one.
drop schema if exists bench cascade;
create schema bench;
create table bench.words as
select
    n as rank,
    (array['b','k','d','f','g','l','m','n','p','r','s','t','v','st','br','tr'])[1 + n % 16]
    || (array['a','e','i','o','u'])[1 + n / 16 % 5]
    || (array['l','n','r','m','s','t','d','k','g','v'])[1 + n / 80 % 10]
    || (array['a','e','i','o','u'])[1 + n / 800 % 5]
    || (array['b','p','d','t','g','k','f','m','n','l'])[1 + n / 4000 % 10]
    || (array['o','a','u','i','e'])[1 + n / 40000 % 5]
    || (array['x','n','m','k'])[1 + (n * 7 + n / 16) % 4] as word
from generate_series(1, 200000) as n;
alter table bench.words add primary key (rank);
analyze bench.words;
